// Knowledge: a question tried on the draft, and the topics that sound alike, which come after the page.
import { tries } from "./trying.js";

const form = document.querySelector("[data-try]");
if (form) tries(form, form.dataset.try, document.querySelector("[data-try-problem]"), show);
const alike = document.querySelector("[data-alike]:not([data-off])");
if (alike) warn();

function show(told) {
  document.querySelector("[data-try-hint]").hidden = true;
  const box = document.querySelector("[data-tried]");
  const find = (name) => box.querySelector(`[data-${name}]`);
  const verdict = find("verdict");
  verdict.textContent = { ask: box.dataset.wouldAsk, unknown: box.dataset.wouldNot }[told.kind] ?? box.dataset.would;
  verdict.className = `status ${{ ask: "warn", unknown: "bad" }[told.kind] ?? "good"}`;
  find("answer").textContent = told.text;
  const rule = find("rule");
  rule.dataset.words ??= rule.textContent;
  rule.textContent = rule.dataset.words.replace("{answers}", told.answers_from).replace("{asks}", told.asks_from);
  rule.hidden = !told.near.length;
  find("small-talk").hidden = told.near.length > 0;
  find("near").replaceChildren(...told.near.map(score));
  const add = find("add");
  add.href = add.dataset.href + encodeURIComponent(told.question);
  box.hidden = false;
}

function score(one) {
  const row = document.createElement("li");
  const name = document.createElement("a");
  name.href = one.url;
  name.textContent = one.name;
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = one.score;
  bar.setAttribute("aria-label", one.name);
  const number = document.createElement("span");
  number.className = "num";
  number.textContent = one.score;
  row.append(name, bar, number);
  return row;
}

async function warn() {
  let told;
  try {
    const answer = await fetch(alike.dataset.alike);
    if (!answer.ok) return;
    told = await answer.json();
  } catch { return; /* a warning that does not come is none */ }
  const notices = told.pairs.map(notice);
  if (!notices.length) return;
  alike.prepend(notices[0]);
  const rest = alike.querySelector("details");
  if (notices.length < 2) return;
  rest.querySelector("[data-rest]").append(...notices.slice(1));
  const more = rest.querySelector("[data-more]");
  more.textContent = more.textContent.replace("{n}", notices.length - 1 + told.more);
  rest.hidden = false;
}

function notice(pair) {
  const made = alike.querySelector("template").content.firstElementChild.cloneNode(true);
  const put = (place, [one, two]) => { place.textContent = place.textContent.replace("{one}", one).replace("{two}", two); };
  put(made.querySelector(".strong"), pair.names);
  put(made.querySelector("[data-lines]"), pair.lines);
  const links = [made.querySelector("[data-one]"), made.querySelector("[data-two]")];
  links.forEach((link, place) => { put(link, pair.names); link.href = pair.urls[place]; });
  return made;
}
