// Inside the preview's frame: the chat card as the visitor's frame draws it, in a moment the editor chooses. Nothing is sent.
import "../widget/chat/strings/de.js";
import "../widget/chat/strings/fr.js";
import "../widget/chat/strings/es.js";
import "../widget/chat/strings/ar.js";
import { Journal, View, words } from "../widget/chat/card.js";

const AT = "2026-01-01T12:00:00Z";
let settings = JSON.parse(document.getElementById("settings").textContent);
let moment = "start";
let full = false;
draw();

addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== parent || event.data?.preview !== 1) return;
  settings = event.data.settings ?? settings;
  moment = event.data.state ?? moment;
  full = event.data.full ?? full;
  draw();
});
parent.postMessage({ previewReady: 1 }, location.origin);

function draw() {
  document.documentElement.lang = settings.language;
  document.documentElement.dir = settings.language === "ar" ? "rtl" : "ltr";
  document.body.replaceChildren();
  const { config } = settings;
  const agent = { name: settings.name, avatar: config.style.avatar || "" };
  const text = words(settings, () => ({ agent: agent.name }));
  const view = new View(document.body, settings, text, () => {}, {
    most: 4000, say: () => false, typing: () => {}, talk: null, draft: () => "",
  });
  const journal = new Journal();
  const hear = (type, payload, sequence) => journal.hear({ id: String(sequence), sequence, timestamp: AT, type, payload });
  if (!/^(?:consent|late|away)$/.test(moment)) hear("POLY_AGENT_MESSAGE", { message_id: "1", text: config.words.greeting || config.samples.greeting }, 1);
  const wrote = moment === "call" || moment === "ended";
  if (wrote) {
    hear("USER_MESSAGE", { text: config.samples.question }, 2);
    hear("POLY_AGENT_MESSAGE", { message_id: "2", text: config.samples.answer }, 3);
  }
  if (moment === "ended") hear("SESSION_END", { reason: "REASON_USER_END" }, 4);
  const state = { start: "open", consent: "consent", call: "open", ended: "ended", late: "closed", away: "closed" }[moment] || "open";
  view.size(full, false, false);
  view.talk(config.chat?.talk);
  view.show({
    state: { name: state, code: "", reason: moment === "late" ? "hours" : "" }, journal, wrote, away: false, running: state === "open",
    consent: settings.consent, survey: { state: "", done: false },
  }, agent);
}
