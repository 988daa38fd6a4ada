// The panel at the side of every page: a conversation with the draft. The server keeps it; this only draws it. In a wide
// window it is a column of its own (beside.css), and stays open from page to page until it is closed.
import { Recorder } from "./recorder.js";
import { play, problem, shape, speech, stop, token } from "./sound.js";

const panel = document.getElementById("test-panel");
const log = panel.querySelector(".test-turns");
const list = log.querySelector("ol");
const form = panel.querySelector("form");
const text = form.elements.text;
const variant = panel.querySelector("select");
const warning = panel.querySelector("[data-problem]");
const talk = panel.querySelector("[data-talk]");
const speak = panel.querySelector("[data-speak]");
const words = panel.dataset;
const hint = text.placeholder;
let opener = null;
let recorder = null;
let busy = false;

const wide = matchMedia("(min-width: 1100px)");
const root = document.documentElement;

for (const button of document.querySelectorAll("[data-open-test]")) button.addEventListener("click", () => open(button));
panel.querySelector("[data-close-test]").addEventListener("click", close);
panel.querySelector("[data-restart]").addEventListener("click", restart);
panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
variant.addEventListener("change", restart);
form.addEventListener("submit", (event) => { event.preventDefault(); send(text.value); });
talk.addEventListener("click", () => (recorder ? finishTalking() : startTalking()));
speak.addEventListener("change", () => { if (!speak.checked) stop(); });
if (!navigator.mediaDevices) talk.hidden = true;

if (root.classList.contains("is-trying")) stayOpen();

async function open(button) {
  opener = button;
  panel.showPopover();
  root.classList.add("is-trying");
  keep(true);
  text.focus();
  const told = await ask(words.url);
  if (told) draw(told);
}

/** As on the page before, but for the focus; and nothing of it is read out again. */
async function stayOpen() {
  if (!wide.matches) { root.classList.remove("is-trying"); return; }
  opener = [...document.querySelectorAll("[data-open-test]")].find((button) => button.offsetParent);
  panel.showPopover();
  log.setAttribute("aria-live", "off");
  const told = await ask(words.url);
  if (told) draw(told);
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

function close() {
  stop();
  panel.hidePopover();
  root.classList.remove("is-trying");
  keep(false);
  opener?.focus();
}

function keep(opened) {
  try {
    if (opened) sessionStorage.setItem("pickup:trying", "1");
    else sessionStorage.removeItem("pickup:trying");
  } catch { /* storage refused: the next page begins without it */ }
}

async function restart() {
  stop();
  const told = await ask(words.url, { restart: "1", variant: variant.value });
  if (!told) return;
  draw(told);
  text.focus();
  if (speak.checked) await sayAll(told.turns);
}

function draw(told) {
  list.replaceChildren();
  variant.replaceChildren(...told.variants.map((row) => new Option(row.name, row.key)));
  if (told.variant) variant.value = told.variant;
  panel.querySelector("[data-variant-field]").hidden = told.variants.length < 2;
  told.turns.forEach(add);
}

async function send(said, more = {}) {
  if (!said.trim() || busy) return;
  busy = true;
  const told = await ask(words.url, { text: said, variant: variant.value, ...more });
  busy = false;
  if (!told) return;
  text.value = "";
  const lines = told.turns.map(add);
  if (speak.checked) await say(told.turns.at(-1), lines.at(-1));
}

async function sayAll(turns) {
  for (const [place, turn] of turns.entries()) {
    if (turn.who === "agent" && speak.checked) await say(turn, list.children[place]);
  }
}

async function say(turn, line) {
  try {
    const { sound, firstMs } = await speech(words.say, { text: turn.text, variant: variant.value, language: turn.language });
    note(line, words.voiced.replace("{ms}", firstMs));
    draws(line, sound);
    await play(sound);
  } catch (error) {
    warn(error.message || words.failed);
  }
}

function draws(line, sound) {
  const wave = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  wave.setAttribute("class", "wave");
  wave.setAttribute("viewBox", "0 0 400 40");
  wave.setAttribute("preserveAspectRatio", "none");
  wave.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("class", "agent");
  path.setAttribute("d", shape(sound));
  wave.append(path);
  line.querySelector("p").after(wave);
  log.scrollTop = log.scrollHeight;
}

async function startTalking() {
  stop();
  warn("");
  const made = new Recorder(words.worklet);
  try {
    await made.start(finishTalking);
  } catch {
    warn(words.noMic);
    return;
  }
  recorder = made;
  talk.setAttribute("aria-pressed", "true");
  text.placeholder = words.recording;
}

async function finishTalking() {
  const made = recorder;
  if (!made) return;
  recorder = null;
  talk.setAttribute("aria-pressed", "false");
  text.placeholder = hint;
  const heard = await ask(words.hear, await made.stop());
  if (heard) await send(heard.text, { hearing_ms: heard.hearing_ms });
}

function add(turn) {
  const line = document.createElement("li");
  line.className = turn.who;
  const who = document.createElement("h3");
  who.textContent = turn.who === "agent" ? log.dataset.name : words.you;
  const said = document.createElement("p");
  said.textContent = turn.text;
  line.append(who, said);
  if (turn.answered) note(line, turn.score != null ? `${turn.answered}, ${words.score.replace("{score}", turn.score)}` : turn.answered);
  for (const one of turn.more ?? []) note(line, one);
  if (turn.hearing_ms != null) note(line, words.heard.replace("{ms}", Math.round(turn.hearing_ms)));
  if (turn.thinking_ms != null) note(line, words.thought.replace("{ms}", Math.max(1, Math.round(turn.thinking_ms))));
  if (turn.ends) note(line, words.ends);
  if (turn.near?.length) line.append(nearest(turn.near));
  list.append(line);
  log.scrollTop = log.scrollHeight;
  return line;
}

function note(line, said) {
  let notes = line.querySelector(".why");
  if (!notes) {
    notes = document.createElement("div");
    notes.className = "why";
    line.append(notes);
  }
  const part = document.createElement("span");
  part.textContent = said;
  notes.append(part);
}

function nearest(near) {
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = words.near;
  const rows = document.createElement("ul");
  for (const one of near) {
    const row = document.createElement("li");
    const name = document.createElement(one.url ? "a" : "span");
    if (one.url) name.href = one.url;
    name.textContent = one.name;
    const score = document.createElement("span");
    score.className = "num";
    score.textContent = one.score;
    row.append(name, score);
    rows.append(row);
  }
  fold.append(summary, rows);
  return fold;
}

/** GET without a body, POST with fields or sound. The JSON answer, or null after showing what went wrong. */
async function ask(url, body = null) {
  warn("");
  panel.setAttribute("aria-busy", "true");
  try {
    const options = body ? { method: "POST", headers: { "X-CSRFToken": token() }, body: body instanceof ArrayBuffer ? body : new URLSearchParams(body) } : {};
    if (body instanceof ArrayBuffer) options.headers["Content-Type"] = "application/octet-stream";
    const answer = await fetch(url, options);
    if (!answer.ok) throw new Error(await problem(answer));
    return await answer.json();
  } catch (error) {
    warn(error instanceof TypeError || !error.message ? words.failed : error.message);
    return null;
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function warn(said) {
  warning.textContent = said;
  warning.hidden = !said;
}
