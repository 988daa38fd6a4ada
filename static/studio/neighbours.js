// The next one and the one before by a key: a link with data-key="j" is followed when that key is pressed.
// Not while somebody types, chooses or has a dialog open, and not with Ctrl, Alt or the command key.
export function goByKey() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
  });
}
