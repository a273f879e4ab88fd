// The form shows what is set: what a visitor has changed in it does not change by itself.

watch("value", () => {
    for (const input of element.querySelectorAll("input")) {
        if (input.type === "checkbox") input.checked = input.hasAttribute("checked");
        else input.value = input.getAttribute("value") ?? "";
    }
});
