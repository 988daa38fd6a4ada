// The everyday phrasings of a topic: fetched when their fold is opened; what is switched off is kept with the form.

export function watchPhrasings() {
  const fold = document.querySelector("[data-phrasings]");
  if (fold) fold.addEventListener("toggle", () => { if (fold.open && !fold.querySelector(".row")) fill(fold); });
}

async function fill(fold) {
  const told = fold.querySelector("[data-told]");
  let found;
  try {
    const answer = await fetch(fold.dataset.phrasings);
    if (!answer.ok) throw new Error(String(answer.status));
    found = (await answer.json()).phrasings;
  } catch {
    told.textContent = told.dataset.failed;
    return;
  }
  const refused = fold.closest("form").elements.namedItem("refused");
  const rows = found.map((phrase, place) => row(fold, refused, phrase, place));
  fold.querySelector("[data-rows]").replaceChildren(...rows);
  told.textContent = rows.length ? "" : told.dataset.none;
}

function row(fold, refused, phrase, place) {
  const made = fold.querySelector("template").content.firstElementChild.cloneNode(true);
  const [words, choice] = made.children;
  words.id = `phrasing-${place}`;
  words.textContent = phrase;
  choice.setAttribute("aria-labelledby", words.id);
  const show = () => { choice.checked = !lines(refused).includes(phrase); };
  show();
  refused.form.addEventListener("restored", show);
  choice.addEventListener("change", () => {
    const others = lines(refused).filter((line) => line !== phrase);
    refused.value = (choice.checked ? others : [...others, phrase]).join("\n");
  });
  return made;
}

function lines(field) {
  return field.value.split("\n").map((line) => line.trim()).filter(Boolean);
}
