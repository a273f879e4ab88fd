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

// A question that was understood in the light of earlier ones is asked again as it was typed.
document.addEventListener("click", (event) => {
    const link = event.target.closest?.('#chat a[href="#literally"]');
    if (!link) return;
    event.preventDefault();
    const replies = [...document.querySelectorAll("#chat .reply")];
    trigger("submit", { turn: replies.indexOf(link.closest(".reply")) });
});

// A reply may be longer than the chat is high. It is read from its question on, not from its end.
// The whole page is watched, for the chat may be made after this panel.
let shown = "";
new MutationObserver(() => {
    const questions = document.querySelectorAll("#chat .question");
    const reply = [...document.querySelectorAll("#chat .reply")].at(-1);
    const now = `${questions.length} ${reply?.textContent.length}`;
    if (now === shown) return; // nothing new was said: leave the reader where they are
    shown = now;
    const question = [...questions].at(-1);
    const scroller = question?.closest('[role="log"]');
    if (!scroller) return;
    const above = question.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += above;
}).observe(document.body, { childList: true, subtree: true });
