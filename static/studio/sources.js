// Sources: pages that stay true while something is read, a file that is too large, and a question that is tried.
import { watch } from "./rehearsals.js";
import { problem, token } from "./sound.js";

const shown = document.getElementById("sources") || document.getElementById("source");
if (shown) watch(shown);
const adding = document.querySelector("form[data-file-most]");
if (adding) adding.addEventListener("submit", check);
const form = document.querySelector("form[data-source-try]");
if (form) form.addEventListener("submit", ask);

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

async function ask(event) {
  event.preventDefault();
  const wrong = document.querySelector("[data-problem]");
  const text = form.elements.text.value.trim();
  if (!text) { form.elements.text.focus(); return; }
  form.setAttribute("aria-busy", "true");
  wrong.hidden = true;
  try {
    const answer = await fetch(form.dataset.sourceTry, { method: "POST", body: new URLSearchParams({ text }), headers: { "X-CSRFToken": token() } });
    if (!answer.ok) throw new Error(await problem(answer));
    show(await answer.json());
  } catch (error) {
    wrong.textContent = error instanceof TypeError || !error.message ? form.dataset.failed : error.message;
    wrong.hidden = false;
  } finally {
    form.removeAttribute("aria-busy");
  }
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
