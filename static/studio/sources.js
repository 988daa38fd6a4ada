// Sources: pages that stay true while something is read, a file that is too large, and a question that is tried.
import { watch } from "./rehearsals.js";
import { tries } from "./trying.js";

const shown = document.getElementById("sources") || document.getElementById("source");
if (shown) watch(shown);
const adding = document.querySelector("form[data-file-most]");
if (adding) adding.addEventListener("submit", check);
const form = document.querySelector("form[data-source-try]");
if (form) tries(form, form.dataset.sourceTry, document.querySelector("[data-problem]"), show);

/** What the server would refuse after minutes of sending is refused here. */
function check(event) {
  const file = adding.elements.file.files[0];
  const wrong = document.querySelector("[data-file-problem]");
  const chosen = adding.elements.kind.value === "file";
  wrong.hidden = !(chosen && file && file.size > Number(adding.dataset.fileMost));
  if (wrong.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  wrong.textContent = adding.dataset.tooLarge;
}

function show(told) {
  document.querySelector("[data-hint]").hidden = true;
  const box = document.querySelector("[data-tried]");
  const find = (name) => box.querySelector(`[data-${name}]`);
  const verdict = find("verdict");
  verdict.textContent = box.dataset[told.kind];
  verdict.className = `status ${{ source: "good", other: "warn" }[told.kind] ?? "bad"}`;
  find("answer").textContent = told.text;
  find("answered").textContent = told.kind === "other" ? told.answered : "";
  find("words").hidden = find("place").hidden = !told.cited;
  if (told.cited) {
    find("words").textContent = told.cited.words;
    find("place").textContent = told.cited.title;
  }
  box.hidden = false;
}
