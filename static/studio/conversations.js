// The list: rows are chosen by their boxes, and j and k go down and up.
const boxes = [...document.querySelectorAll(".pick[name=call]")];
const all = document.querySelector("[data-pick-all]");
const told = document.querySelector("[data-picked]");

if (all) {
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  document.querySelector(".daily").addEventListener("change", show);
  addEventListener("pageshow", show); // a browser that goes back keeps what was ticked
  show();
}

function show() {
  const count = boxes.filter((box) => box.checked).length;
  told.textContent = String(count);
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input:not(.pick), textarea, select, dialog")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || document.querySelector("dialog[open]")) return;
  const links = [...document.querySelectorAll(".convs .row-link")];
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step]?.focus();
});
