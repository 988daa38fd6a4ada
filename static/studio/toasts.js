// Short notes at the corner. They stay long enough to be read, and wait while somebody is on them.
const SHOWN_MS = 7000;

export function watchToasts() {
  document.querySelectorAll(".toast").forEach(leaveLater);
  document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".toast").remove());
}

export function toast(text, bad = false) {
  const note = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  note.querySelector("span").textContent = text;
  note.classList.toggle("bad", bad);
  document.getElementById("toasts").append(note);
  leaveLater(note);
}

function leaveLater(note) {
  if (note.classList.contains("bad") || note.querySelector("a")) return; // a problem or a way on stays until somebody closes it
  let timer = setTimeout(() => note.remove(), SHOWN_MS);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("focusin", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => { timer = setTimeout(() => note.remove(), SHOWN_MS); });
}
