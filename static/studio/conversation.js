// One conversation: the player over the flat wave, lines that play from where they were said, and, while the call runs,
// a page that stays true by itself.
import { goByKey } from "./neighbours.js";
import { Player } from "./player.js";

let call = document.getElementById("call");
start();
goByKey();
addEventListener("click", (event) => {
  const way = event.target.closest?.("[data-why], [data-why-close]");
  if (!way || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  showWhy(way);
});
if (call.dataset.unread) markRead();

/** It was shown to somebody whose work it is. Looking at a page changes nothing by itself, so the browser says so. */
function markRead() {
  if (document.hidden) return document.addEventListener("visibilitychange", markRead, { once: true });
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const body = new URLSearchParams({ do: "read", call: call.dataset.call, csrfmiddlewaretoken: token.value });
  fetch(call.dataset.unread, { method: "POST", body, headers: { Accept: "text/x-part" } }).catch(() => { /* it stays unread */ });
}

function start() {
  const box = call.querySelector("[data-player]");
  if (box) play(box);
  if (call.dataset.refreshMs) setTimeout(refresh, Number(call.dataset.refreshMs));
}

/** The same page again, its middle put in the place of the old one. What somebody selected or opened is left alone. */
async function refresh() {
  const writing = call.contains(document.activeElement) && document.activeElement.matches("input, textarea");
  const busy = document.hidden || writing || document.querySelector("dialog[open]") || String(getSelection()).length > 0;
  try {
    const answer = busy ? null : await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("call");
      if (fresh && fresh.innerHTML !== call.innerHTML) {
        call.replaceWith(fresh);
        call = fresh;
        return start();
      }
    }
  } catch { /* offline: the next turn asks again */ }
  setTimeout(refresh, Number(call.dataset.refreshMs));
}

/** Why the agent said something, beside what was said: the player and the place on the page stay as they are. */
async function showWhy(way) {
  const answer = await fetch(way.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return void location.assign(way.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("why");
  const from = call.querySelector("[data-why][aria-current]");
  call.querySelector("#why")?.remove();
  from?.removeAttribute("aria-current");
  history.replaceState(null, "", way.href);
  if (!fresh) return void from?.focus();
  call.querySelector(".aside").prepend(fresh);
  way.setAttribute("aria-current", "true");
  fresh.focus({ preventScroll: matchMedia("(min-width: 900px)").matches });
}

function play(box) {
  const turns = [...call.querySelectorAll(".turn")].map((element) => ({
    element,
    from: Number(element.dataset.from),
    to: element.dataset.to ? Number(element.dataset.to) : Infinity,
  }));
  const player = new Player(box);
  let current = null;
  player.onmove = (at, playing) => {
    const now = playing || at > 0 ? turns.findLast((turn) => turn.from <= at + 0.05 && at < turn.to) : null;
    if (now?.element === current) return;
    current?.classList.remove("now");
    current?.removeAttribute("aria-current");
    current = now?.element ?? null;
    current?.classList.add("now");
    current?.setAttribute("aria-current", "true");
    if (playing && current && !current.matches(":hover")) keepInSight(current, box);
  };
  for (const turn of turns) {
    turn.element.querySelector("button.at").addEventListener("click", () => player.playFrom(turn.from));
  }
}

/** Follows the playing line, but only when it is about to leave the window: nobody likes a page that moves by itself. */
function keepInSight(element, box) {
  const { top, bottom } = element.getBoundingClientRect();
  const roof = box.getBoundingClientRect().bottom;
  if (bottom > innerHeight || (top < roof && top > roof - innerHeight)) {
    scrollBy({ top: top - roof - 24, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}
