// Rehearsals: a page that stays true while a run goes on, and the form in which lines and checks come and go.
const page = document.getElementById("rehearsals");
const form = document.querySelector("form[data-script]");
if (page) watch(page);
if (form) write(form);

/** The same page again while a run goes on, its middle put in the place of the old one. */
export function watch(shown) {
  if (shown.dataset.refreshMs) setTimeout(() => refresh(shown), Number(shown.dataset.refreshMs));
}

async function refresh(shown) {
  const busy = document.hidden || document.querySelector("dialog[open]") || String(getSelection()).length > 0;
  try {
    const answer = busy ? null : await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(shown.id);
      if (fresh && fresh.innerHTML !== shown.innerHTML) {
        const focused = shown.contains(document.activeElement) ? [...shown.querySelectorAll("a, button")].indexOf(document.activeElement) : -1;
        shown.replaceWith(fresh);
        if (focused >= 0) fresh.querySelectorAll("a, button")[focused]?.focus();
        return watch(fresh);
      }
    }
  } catch { /* offline: the next turn asks again */ }
  watch(shown);
}

function write(form) {
  let next = form.querySelectorAll("[name=line]").length;
  form.addEventListener("click", (event) => {
    const adds = event.target.closest("[data-add-check]");
    const removes = event.target.closest("[data-remove]");
    if (event.target.closest("[data-add-line]")) add(form.querySelector("[data-lines]"), "line", String(next++));
    else if (adds) add(adds.closest("section, li").querySelector("[data-checks]"), adds.dataset.from, adds.dataset.addCheck);
    else if (removes) remove(removes);
    else return;
    form.dispatchEvent(new Event("change"));
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-kind]")) suggest(event.target);
  });
}

function add(list, template, place) {
  const most = Number(form.dataset.linesMost);
  if (template === "line" && list.children.length >= most) return;
  const row = document.getElementById(template).content.firstElementChild.cloneNode(true);
  for (const part of [row, ...row.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("PLACE")) part.setAttribute(name, value.replace("PLACE", place));
    }
  }
  list.append(row);
  row.querySelector("input:not([type=hidden]), select").focus();
}

/** The focus goes on to the next row, or to the button that adds one. */
function remove(button) {
  const row = button.closest(".check-row, .script-line");
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("input:not([type=hidden]), select") ?? list.parentElement.querySelector("[data-add-check], [data-add-line]"))?.focus();
}

/** Topics are suggested where one is asked for. */
function suggest(select) {
  const value = select.parentElement.querySelector("input");
  if (select.value === "topic") value.setAttribute("list", "topics");
  else value.removeAttribute("list");
}
