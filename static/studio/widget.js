// The widget's editor: what one types is kept as a draft on the server; publishing shows it to visitors.
import { Parts } from "./content-parts.js";
import { watchPicture } from "./picture.js";
import { Stage } from "./stage.js";
import { Languages } from "./widget-languages.js";

const PAUSE_MS = 350;

const box = document.querySelector("[data-preview]");
const stage = box && new Stage(box);
const editor = document.getElementById("editor");
const languages = editor && new Languages(editor, stage);
const parts = editor && new Parts(editor, stage);
if (editor && !editor.querySelector("fieldset").disabled) keepDraft(editor);

function keepDraft(form) {
  const states = document.querySelectorAll("[data-draft-state]");
  let kept = contents();
  let standing = states[0]?.classList.contains("good") ? "same" : "differs";
  let timer = 0;
  let saving = null;

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, PAUSE_MS); });
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 50); });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  addEventListener("beforeunload", (event) => { if (contents() !== kept) { save(); event.preventDefault(); } });
  colours(form);
  defaults(form);
  form.querySelectorAll("[data-picture]").forEach((box) => watchPicture(box, save));
  takeZone(form);
  publishWhatIsHere(form);
  chooseWhenLate();

  function contents() {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("revision"); // it follows what is kept, and is nothing that somebody changed
    return fields.toString();
  }

  async function save() {
    clearTimeout(timer);
    const now = contents();
    if (now === kept) { // typed and taken back: the mistake of a moment ago is gone with it
      showErrors(form, {});
      return say(standing);
    }
    if (saving) { await saving; return save(); }
    say("saving");
    saving = send(now);
    const ok = await saving;
    saving = null;
    if (ok && contents() !== now) save();
  }

  async function send(body) {
    let answer;
    try {
      answer = await fetch(location.href, { method: "POST", body: withRevision(body), headers: { Accept: "application/json" } });
    } catch {
      say("offline");
      return false;
    }
    if (answer.status === 409) {
      askWhose(await answer.json());
      return false;
    }
    if (!answer.ok || answer.redirected) { say("offline"); return false; } // signed out elsewhere, or the server is away
    const { errors, differs, preview, revision, summary, contrast, contrast_call: contrastCall, gaps, todo, stand_ins: standIns } = await answer.json();
    showErrors(form, errors ?? {});
    if (errors) { say("invalid"); return false; }
    kept = body;
    form.elements.revision.value = revision;
    stage?.show(preview);
    put("[data-publish-summary]", summary);
    put("[data-contrast]", contrast);
    put("[data-contrast-call]", contrastCall);
    put("[data-gaps]", gaps);
    put("[data-todo]", todo);
    languages.standIn(standIns);
    standing = differs ? "differs" : "same";
    say(standing);
    return true;
  }

  function withRevision(body) {
    const fields = new URLSearchParams(body);
    fields.set("revision", form.elements.revision.value);
    return fields;
  }

  /** Somebody else was faster: nothing is kept until one of the two is chosen. */
  function askWhose({ revision, who }) {
    say("late");
    const dialog = document.getElementById("late");
    dialog.dataset.revision = revision;
    if (who) dialog.querySelector("[data-who]").textContent = who;
    if (!dialog.open) dialog.showModal();
  }

  function chooseWhenLate() {
    const dialog = document.getElementById("late");
    dialog.querySelector("[data-theirs]").addEventListener("click", () => { kept = contents(); location.reload(); });
    dialog.querySelector("[data-mine]").addEventListener("click", () => {
      form.elements.revision.value = dialog.dataset.revision;
      dialog.close();
      save();
    });
  }

  function say(state) {
    for (const place of states) {
      place.textContent = place.dataset[state];
      place.classList.toggle("good", state === "same");
      place.classList.toggle("warn", state === "differs");
      place.classList.toggle("bad", ["invalid", "offline", "late"].includes(state));
    }
    document.querySelectorAll("[data-publish]").forEach((button) => { button.disabled = ["same", "invalid", "late"].includes(state); });
    document.querySelectorAll("[data-when-differs]").forEach((button) => { button.hidden = state === "same"; });
  }
}

/** A part of the page as the server draws it now. */
function put(selector, markup) {
  document.querySelector(selector)?.replaceChildren(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
}

/** Errors in their places, tied to their fields; those that are put right go. */
function showErrors(form, errors) {
  form.querySelectorAll("[aria-invalid]").forEach((field) => { if (!(field.id in errors)) clear(field); });
  for (const [id, words] of Object.entries(errors)) {
    const field = document.getElementById(id);
    if (!field) continue;
    const box = field.closest(".field, .row, fieldset");
    let line = document.getElementById(`${id}_error`);
    if (!line) {
      line = document.createElement("p");
      line.id = `${id}_error`;
      line.className = "error";
      line.setAttribute("role", "alert");
      (field.closest(".inline") ?? field.closest(".row") ?? field).after(line);
    }
    line.textContent = words;
    field.setAttribute("aria-invalid", "true");
    languages.reveal(field);
    describe(field, `${id}_error`, true);
    box.classList.add("has-error");
  }
  parts.mark();
}

function clear(field) {
  field.removeAttribute("aria-invalid");
  describe(field, `${field.id}_error`, false);
  document.getElementById(`${field.id}_error`)?.remove();
  field.closest(".has-error")?.classList.remove("has-error");
}

function describe(field, id, on) {
  const ids = new Set((field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (on) ids.add(id); else ids.delete(id);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" ")); else field.removeAttribute("aria-describedby");
}

/** The picker and the written colour are one value. */
function colours(form) {
  for (const picker of form.querySelectorAll("[data-colour-for]")) {
    const written = document.getElementById(picker.dataset.colourFor);
    picker.addEventListener("input", () => { written.value = picker.value; });
    written.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(written.value)) picker.value = written.value; });
  }
}

function defaults(form) {
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-default-for]");
    if (!button) return;
    const field = document.getElementById(button.dataset.defaultFor);
    field.value = button.dataset.default;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

/** Hours that are switched on for the first time are those of whoever does it. */
function takeZone(form) {
  const { hours__enabled: on, hours__zone: zone } = form.elements;
  on?.addEventListener("change", () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (on.checked && zone.value === "UTC" && [...zone.options].some((option) => option.value === here)) zone.value = here;
  });
}

/** The dialog's form sends the editor's fields along, so that what is published is what stands on the page. */
function publishWhatIsHere(form) {
  const dialog = document.getElementById("publish-widget")?.querySelector("form");
  dialog?.addEventListener("submit", () => {
    const fields = dialog.querySelector("[data-fields]");
    fields.replaceChildren();
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken") continue;
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      fields.append(input);
    }
  });
}
