// Agent voice: the voices of the chosen language, named choices and the numbers behind them, and their sound.
import { watchPlaying } from "./sound.js";

const dials = JSON.parse(document.getElementById("dials").textContent);
const form = document.getElementById("voice-form");
const NEVER = 60000;

form.elements.language.addEventListener("change", showLanguage);
form.addEventListener("restored", () => { showLanguage(); showNumbers(); });
for (const radio of form.querySelectorAll("[data-number]")) {
  radio.closest("label").classList.toggle("own", radio.value === "own");
  radio.addEventListener("change", () => choose(radio));
}
for (const number of Object.keys(dials)) form.elements[number].addEventListener("input", () => name(number));
watchPlaying((button) => ({ voice: button.dataset.voice ?? chosen()?.value, language: button.dataset.language ?? form.elements.language.value, speed: form.elements.speed.value || "1", service: button.dataset.voice ? "" : form.elements.speaking.value }));
showNumbers();

function chosen() {
  return form.querySelector('[name="voice"]:checked');
}

/** Only voices of the language can be chosen; the first one is, where the chosen one speaks another. */
function showLanguage() {
  const language = form.elements.language.value;
  for (const part of form.querySelectorAll("[data-for-language]")) part.hidden = part.dataset.forLanguage !== language;
  if (chosen()?.closest("[hidden]")) form.querySelector('.voice:not([hidden]) [name="voice"]').checked = true;
}

/** A choice sets its number; "own" leaves it. */
function choose(radio) {
  const value = dials[radio.dataset.number][radio.value];
  if (value === undefined) return;
  const field = form.elements[radio.dataset.number];
  field.value = value === NEVER ? "" : value;
  field.disabled = value === NEVER;
}

function showNumbers() {
  for (const radio of form.querySelectorAll("[data-number]:checked")) form.elements[radio.dataset.number].disabled = dials[radio.dataset.number][radio.value] === NEVER;
}

/** A number has the name of its choice, or is one's own. */
function name(number) {
  const radios = [...form.querySelectorAll(`[data-number="${number}"]`)];
  if (!radios.length) return;
  const value = Number(form.elements[number].value);
  const found = radios.find((radio) => dials[number][radio.value] === value) ?? radios.find((radio) => radio.value === "own");
  found.checked = true;
}
