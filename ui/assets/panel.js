// Brings things into view: the quote in the panel of sources, the source behind a clicked citation,
// and the newest question in the chat.

const bringIntoView = () => {
    const open = element.querySelector("details[open]");
    const mark = open?.querySelector("mark.active") ?? open?.querySelector("mark");
    const body = open?.querySelector(".body");
    if (!mark || !body) return;
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight / 3;
};

// `toggle` does not bubble, hence the capture.
element.addEventListener("toggle", bringIntoView, true);
watch("value", bringIntoView);

// Citations stand in the chat, outside this element. The page has a <base>, which would turn
// "#quote-1" into another address and lose the conversation, so the link is never followed.
document.addEventListener("click", (event) => {
    const link = event.target.closest?.('#chat a[href^="#quote-"]');
    if (!link) return;
    event.preventDefault();
    const replies = [...document.querySelectorAll("#chat .reply")];
    trigger("select", {
        turn: replies.indexOf(link.closest(".reply")),
        number: Number(link.getAttribute("href").slice("#quote-".length)),
    });
    // Where the panel lies below the chat, it may be out of sight.
    element.scrollIntoView({ block: "nearest", behavior: "smooth" });
});

// A reply may be longer than the chat is high. It is read from its question on, not from its end.
const chat = document.querySelector("#chat");
new MutationObserver(() => {
    const question = [...chat.querySelectorAll(".question")].at(-1);
    let scroller = question?.parentElement;
    while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
        scroller = scroller === chat ? null : scroller.parentElement;
    }
    if (!scroller) return;
    const above = question.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += above;
}).observe(chat, { childList: true, subtree: true });
