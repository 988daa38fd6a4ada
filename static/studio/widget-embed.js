// The Embed tab: the four needs tick by themselves, and the look at the site happens without leaving the page.
const EVERY_MS = 5000;

const needs = document.querySelector("[data-needs]");
if (needs) watch();
const form = document.querySelector("[data-check]");
if (form) check(form, document.querySelector("[data-check-result]"));

/** While the page is open and something is missing. A failed look is made up for by the next. */
function watch() {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(needs.dataset.needs).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const shown = parts(await answer.text());
    if (shown.textContent.trim() !== needs.textContent.trim()) needs.replaceChildren(shown);
    if (!needs.querySelector("li.missing, li.warning")) clearInterval(timer);
  }, EVERY_MS);
}

function check(form, result) {
  const button = form.querySelector("button");
  const idle = button.textContent;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/x-part" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      result.replaceChildren(parts(await answer.text()));
    } catch {
      result.textContent = result.dataset.failed;
    }
    button.removeAttribute("aria-disabled");
    button.textContent = idle;
  });
}

/** @param {string} markup  from our own templates */
function parts(markup) {
  const read = new DOMParser().parseFromString(markup, "text/html");
  const held = document.createDocumentFragment();
  held.append(...read.body.childNodes);
  return held;
}
