// What a visitor hears first, as it is being written, with the words of a variant in their places; and its sound.
import { watchPlaying } from "./sound.js";

const variants = JSON.parse(document.getElementById("variants").textContent);
const shown = document.querySelector("[data-first-words]");
const picker = document.getElementById("preview-variant");
const spoken = document.getElementById("first-words");
const gap = document.querySelector("[data-missing]");
const fields = { name: "id_name", disclaimer: "id_disclaimer", greeting: "id_greeting" };
const form = document.getElementById("id_name").form;
let last = document.getElementById("id_greeting");

/** What is pasted as a visitor hears it, near enough to look at: the server takes all markup away (plain_text.py). */
function plain(text) {
  const words = /<[a-z/!]|&#?\w+;/i.test(text) ? new DOMParser().parseFromString(text, "text/html").body.textContent : text;
  return words.replace(/!?\[([^\]]+)\]\([^)\s]*\)/g, "$1").replace(/(\*\*|__|~~|`)(?=\S)(.+?)\1/g, "$2").trim();
}

function show() {
  const variant = variants.find((row) => row.key === picker?.value) ?? variants[0];
  const missing = new Set();
  const fill = (text) => text.replace(/\$\{variant_([A-Za-z0-9_.-]+)\}/g, (whole, name) => {
    const word = variant?.words[name]?.trim();
    if (!word) missing.add(name);
    return word || "…";
  });
  for (const [name, id] of Object.entries(fields)) {
    const place = shown.querySelector(`[data-${name}]`);
    place.textContent = plain(fill(document.getElementById(id).value));
    place.hidden = !place.textContent;
  }
  const [disclaimer, greeting] = ["disclaimer", "greeting"].map((name) => shown.querySelector(`[data-${name}]`));
  if (spoken) spoken.value = `${disclaimer.textContent} ${greeting.textContent}`.replaceAll("…", "").trim();
  if (!greeting.textContent && !disclaimer.textContent) {
    greeting.textContent = shown.dataset.fallback;
    greeting.hidden = false;
  }
  gap.hidden = missing.size === 0;
  const words = gap.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{names}", [...missing].join(", "));
}

for (const id of [fields.disclaimer, fields.greeting]) {
  document.getElementById(id).addEventListener("focus", (event) => { last = event.target; });
}
for (const tag of document.querySelectorAll("[data-insert]")) {
  tag.addEventListener("click", () => {
    last.focus();
    last.setRangeText(tag.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
form.addEventListener("input", show);
form.addEventListener("restored", show);
picker?.addEventListener("change", show);
watchPlaying();
show();
