// Forms with data-guarded: the bar of unsaved changes, the warning before leaving, counters, sections behind a switch.
export function watchForms() {
  document.addEventListener("click", saveFirst, true); // before what the button does otherwise
  document.querySelectorAll("form[data-guarded]").forEach(guardForm);
  document.querySelectorAll("[data-counter]").forEach(count);
  document.querySelectorAll("[data-shown-by]").forEach(follow);
  document.querySelectorAll("[data-zone-here]").forEach((field) => { field.value = Intl.DateTimeFormat().resolvedOptions().timeZone; });
  document.querySelectorAll("form[data-submit-on-change]").forEach((form) => form.addEventListener("change", () => form.requestSubmit()));
  document.querySelector('[aria-invalid="true"]')?.focus();
}

/** What a form holds, as one string: compared with what it held when it came. */
export function contents(form) {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
}

function guardForm(form) {
  const bar = form.querySelector(".bar.unsaved");
  if (!bar) return; // who may only read has nothing to save
  const saved = form.hasAttribute("data-came-changed") ? null : contents(form);
  let leaving = false;
  const changed = () => contents(form) !== saved;
  const show = () => {
    bar.hidden = !changed() && !bar.classList.contains("always");
    form.toggleAttribute("data-changed", changed());
    document.documentElement.classList.toggle("is-unsaved", changed());
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { leaving = true; });
  form.addEventListener("reset", () => setTimeout(() => { form.dispatchEvent(new Event("restored")); show(); })); // after the fields have their old values
  addEventListener("beforeunload", (event) => { if (!leaving && changed()) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); if (changed()) form.requestSubmit(); }
  });
  show();
}

/** Publishing or trying the draft keeps first what stands on the page: a button with data-then names what comes after. */
function saveFirst(event) {
  const button = event.target.closest("[data-then]");
  const form = button && document.querySelector("form[data-guarded][data-keeps-draft][data-changed]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const then = document.createElement("input");
  then.type = "hidden";
  then.name = "then";
  then.value = button.dataset.then;
  form.append(then);
  form.requestSubmit();
}

/** How many characters of how many a field has. */
export function count(counter) {
  counter.dataset.counting = "";
  const field = document.getElementById(counter.dataset.counter);
  const limit = Number(counter.dataset.limit);
  const words = counter.firstElementChild;
  const show = () => {
    const length = [...field.value].length;
    words.textContent = words.textContent.replace(/\d+/, String(length));
    counter.classList.toggle("near", length > limit * 0.9);
  };
  field.addEventListener("input", show);
  field.form?.addEventListener("restored", show);
}

/** A part of a form that only matters while a switch is on (or a radio or list has one of some values: data-shown-for). */
function follow(part) {
  const form = part.closest("form");
  const name = part.dataset.shownBy;
  const show = () => {
    const data = new FormData(form);
    part.hidden = part.dataset.shownFor ? !part.dataset.shownFor.split(" ").includes(data.get(name)) : !data.get(name);
  };
  form.addEventListener("change", show);
  form.addEventListener("restored", show);
  show();
}
