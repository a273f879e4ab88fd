// The conversation: brings a new answer into view, counts while one is sought, and copies quotes.

const COUNTED_FROM = 2; // seconds

const counting = () => {
    const elapsed = element.querySelector(".elapsed");
    const since = performance.now();
    const timer = setInterval(() => {
        if (!elapsed?.isConnected || !element.querySelector(".pending")) return clearInterval(timer);
        const seconds = Math.round((performance.now() - since) / 1000);
        if (seconds >= COUNTED_FROM) elapsed.textContent = `${seconds} ${elapsed.dataset.unit}`;
    }, 1000);
};

// A reply may be longer than the window is high. It is read from its question on, not from its end.
let shown = "";
watch("value", () => {
    const turns = element.querySelectorAll(".turn");
    const last = [...turns].at(-1);
    const now = `${turns.length} ${last?.classList.contains("pending")}`;
    if (now === shown) return; // nothing new was said: leave the reader where they are
    shown = now;
    if (!last) return;
    if (last.classList.contains("pending")) counting();
    const { top, bottom } = last.lastElementChild.getBoundingClientRect();
    const question = last.getBoundingClientRect().top;
    const bar = document.querySelector("#ask").getBoundingClientRect().top;
    if (question >= 0 && (bottom <= bar || top === bottom)) return; // it is all in view
    last.scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" });
});

// A page that came over plain HTTP from another machine has no clipboard of its own.
const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
};

element.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await copy(button.dataset.copy);
    const label = button.textContent;
    if (label === button.dataset.done) return;
    button.textContent = button.dataset.done;
    const live = document.querySelector("#announcer [role=status]");
    if (live) live.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = label), 2000);
});
