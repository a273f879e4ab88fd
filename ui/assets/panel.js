// The source panel: opens the place that a link names, keeps it in the address, and closes again.

const PARAMETERS = ["article", "start", "end"];

let from = null; // the link that was followed to what is shown, if one was

const section = () => element.querySelector(".source");

const toQuote = () => {
    const body = element.querySelector(".body");
    const mark = body?.querySelector("mark.active") ?? body?.querySelector("mark");
    if (!body) return;
    const above = mark ? mark.getBoundingClientRect().top - body.getBoundingClientRect().top : 0;
    body.scrollTop = mark ? body.scrollTop + above - body.clientHeight / 3 : 0;
};

// Where the panel lies below the chat it may be out of sight; who came by the keyboard goes along.
const goThere = () => {
    element.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    element.querySelector("h2")?.focus({ preventScroll: true });
};

const remember = () => {
    const query = new URLSearchParams(location.search);
    PARAMETERS.forEach((name) => query.delete(name));
    const named = new URLSearchParams(section()?.dataset.address ?? "");
    named.forEach((value, name) => query.set(name, value));
    const address = location.pathname + (query.size ? `?${query}` : "");
    if (address === location.pathname + location.search) return;
    // "Back" leads to what was looked at before, not past what came with an answer by itself.
    const { turn } = section()?.dataset ?? {};
    const number = element.querySelector("mark.active")?.id.replace("quote-", "");
    history[from ? "pushState" : "replaceState"]({ turn, number }, "", address);
};

watch("value", () => {
    toQuote();
    remember();
    if (from && section()) goThere();
});

const follow = (link) => {
    from = link;
    const turn = link.closest("[data-turn]")?.dataset.turn;
    const named = Object.fromEntries(new URLSearchParams(link.getAttribute("href")));
    const isShown =
        section()?.dataset.address === link.getAttribute("href") && section().dataset.turn === turn;
    if (isShown) {
        toQuote();
        goThere();
    } else {
        trigger("open", { ...named, turn, number: link.dataset.number });
    }
};

const close = () => {
    // Steps inside the panel are gone with it: the way back is to the chat.
    const back = from?.isConnected && !element.contains(from) ? from : came;
    from = null;
    trigger("shut");
    const to = back?.isConnected ? back : document.querySelector("#question textarea");
    to?.focus({ preventScroll: true });
    to?.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
};

let came = null; // the link in the chat that was followed last

// Links to places stand in the chat, too. They are real ones, for another tab or for keeping.
document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.open");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!element.contains(link)) came = link;
    follow(link);
});

element.addEventListener("click", (event) => {
    if (event.target.closest(".close")) close();
});

element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && section()) close();
});

const fromAddress = () => {
    const query = new URLSearchParams(location.search);
    from = null;
    if (!query.has("article")) return section() && trigger("shut");
    const named = Object.fromEntries(PARAMETERS.map((name) => [name, query.get(name)]));
    trigger("open", { ...named, ...history.state });
};

window.addEventListener("popstate", fromAddress);
fromAddress();
