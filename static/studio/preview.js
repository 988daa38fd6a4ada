// Inside the preview's frame: the card as the visitor's frame draws it, in a state the editor chooses. Nothing can be called.
import "../widget/frame/later/rest.js"; // a preview has the screens of every moment at once, in every language
import "../widget/frame/strings/de.js";
import "../widget/frame/strings/de-later.js";
import "../widget/frame/strings/fr.js";
import "../widget/frame/strings/fr-later.js";
import "../widget/frame/strings/es.js";
import "../widget/frame/strings/es-later.js";
import "../widget/frame/strings/ar.js";
import "../widget/frame/strings/ar-later.js";
import { languages } from "../widget/frame/later/languages.js";
import { rating } from "../widget/frame/later/rating.js";
import { View, words } from "../widget/frame/card.js";

const CALL = {
  deaf: false, muted: false, turn: "speaking", talking: true, elapsed_s: () => 42,
  lines: [],
};
const STATES = {
  start: { name: "start" },
  consent: { name: "consent" },
  call: { name: "in-call" },
  closed: { name: "unsupported", reason: "closed", late: true },
  away: { name: "full", code: "FULL" },
  ended: { name: "ended", reason: "visitor_ended", seconds: 125, reference: "" },
};

let settings = JSON.parse(document.getElementById("settings").textContent);
let state = "start";
let full = false;
draw();

addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== parent || event.data?.preview !== 1) return;
  settings = event.data.settings ?? settings;
  state = event.data.state ?? state;
  full = event.data.full ?? full;
  draw();
});
parent.postMessage({ previewReady: 1 }, location.origin);

function draw() {
  document.documentElement.lang = settings.language;
  document.documentElement.dir = settings.language === "ar" ? "rtl" : "ltr";
  const text = words(settings, { agent: settings.name });
  document.body.replaceChildren();
  const view = new View(document.body, settings, text, () => {});
  view.size(full);
  if (settings.asks) view.choice = languages(settings, draw);
  const first = settings.consent ? "consent" : "start";
  const wanted = state === "late" ? (settings.after_hours === "closed" ? "closed" : first) : state === "consent" ? first : state;
  const lines = [{ speaker: "agent", text: settings.config.words.welcome, final: true }];
  view.show({ reason: "", code: "", ...STATES[wanted] }, { ...CALL, lines });
  const stars = view.card.querySelector(".rate");
  if (stars) rating(stars, text, () => Promise.resolve());
  if (wanted === "call") {
    view.level("agent", 0.55);
    view.level("you", 0);
  }
}
