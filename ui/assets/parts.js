// What every part of the page does: tells Python which of its buttons and forms were used.

const EVENTS = ["again", "drop", "judge", "narrow", "only", "open", "save", "select", "shut"];

const tell = (event, values) => {
    if (EVENTS.includes(event)) trigger(event, values);
};

element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-event]");
    if (button) tell(button.dataset.event, { ...button.dataset });
});

element.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const values = {};
    for (const name of new Set(new FormData(form).keys())) {
        const given = new FormData(form).getAll(name);
        values[name] = given.length > 1 ? given : given[0];
    }
    tell(form.dataset.event, values);
    const folded = form.closest("details");
    folded.open = false;
    folded.querySelector("summary").focus();
});

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
