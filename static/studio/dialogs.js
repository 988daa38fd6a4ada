// Dialogs are <dialog> elements of the page. A button with data-dialog opens the one of that id; data-fill-NAME of the
// button goes into the dialog's [data-fill="NAME"], data-action becomes its form's address, data-confirm-word the word to type.
// A button with data-asks has its dialog drawn by the server when it is pressed, so that it tells what is true by then.
// An address that ends in #NAME presses the button with data-named="NAME": that is how another page leads to a dialog.
import { toast } from "./toasts.js";

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.dataset.dialog), opener.dataset);
    } else if (event.target.closest("[data-asks]")) {
      event.preventDefault();
      ask(event.target.closest("[data-asks]"));
    } else if (event.target.closest("[data-close-dialog]")) {
      event.preventDefault();
      event.target.closest("dialog").close();
    } else if (event.target instanceof HTMLDialogElement && !event.target.dataset.leave) {
      event.target.close(); // a press on the backdrop; not where somebody has typed a whole form
    }
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("dialog form");
    if (form) guard(form);
  });
  addEventListener("load", pressNamed);
  addEventListener("hashchange", pressNamed);
  for (const dialog of document.querySelectorAll("dialog[data-open]")) {
    dialog.showModal();
    dialog.querySelector('[aria-invalid="true"], [autofocus]')?.focus();
    dialog.addEventListener("close", () => location.assign(dialog.dataset.leave));
  }
}

function pressNamed() {
  const name = location.hash.slice(1);
  const button = name && document.querySelector(`[data-named="${CSS.escape(name)}"]`);
  if (!button) return;
  history.replaceState(null, "", location.pathname + location.search);
  button.click();
}

async function ask(button) {
  const dialog = document.getElementById("asked");
  if (button.hasAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.dataset.asks, { headers: { Accept: "text/x-part" } });
    if (!answer.ok) throw new Error(answer.status);
    dialog.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    if (!dialog.querySelector("#asked-h")) throw new Error("no dialog"); // signed out elsewhere: the login page came
    button.closest("[popover]")?.hidePopover?.();
    dialog.showModal();
  } catch {
    dialog.replaceChildren();
    toast(dialog.dataset.failed, true);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function open(dialog, data) {
  const form = dialog.querySelector("form");
  for (const [name, value] of Object.entries(data)) {
    if (!name.startsWith("fill")) continue;
    const target = name.slice(4).toLowerCase();
    dialog.querySelectorAll(`[data-fill="${target}"]`).forEach((place) => {
      if (place instanceof HTMLInputElement) place.value = value;
      else place.textContent = value;
    });
  }
  if (data.action) form.action = data.action;
  const typed = dialog.querySelector("[data-type-to-confirm]");
  if (typed) {
    typed.value = "";
    if (data.confirmWord) typed.dataset.typeToConfirm = data.confirmWord;
    if (data.confirmAlso) typed.dataset.orConfirm = data.confirmAlso;
    guard(form);
  }
  dialog.showModal();
}

/** A dialog that asks to type a word keeps its button shut until the word is there. */
function guard(form) {
  const typed = form.querySelector("[data-type-to-confirm]");
  if (!typed) return;
  // A name with umlauts may be typed as people write it or as browsers do.
  const { typeToConfirm, orConfirm } = typed.dataset;
  const right = [typeToConfirm, orConfirm ?? typeToConfirm].some((word) => word.toLowerCase() === typed.value.trim().toLowerCase());
  form.querySelector('[type="submit"]').disabled = !right;
}
