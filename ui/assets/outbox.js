// What Python hands over is saved as a file; nothing of it is drawn.

watch("value", () => {
    const file = props.value;
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.text], { type: file.type }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    props.value = null; // so that the same conversation can be saved again
});
