// The languages of a card: which are ticked, whose texts are to be seen in the fields and in the preview.
import { count } from "./forms.js";

export class Languages {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./stage.js").Stage | null} stage
   */
  constructor(form, stage) {
    this.form = form;
    this.stage = stage;
    this.boxes = [...form.querySelectorAll('[name="languages"]')];
    if (!this.boxes.length) return;
    this.main = form.elements.first_language;
    this.seen = form.querySelector("[data-language-panel]:not([hidden])").dataset.languagePanel;
    form.addEventListener("change", ({ target }) => {
      if (target.closest("[data-language-switch]")) this.show(target.value);
      else if (target === this.main || this.boxes.includes(target)) this.show(this.seen);
    });
    this.insertWords();
    this.standIn(JSON.parse(document.getElementById("stand-ins").textContent));
    this.show(this.seen);
  }

  get offered() { return this.boxes.filter((box) => box.checked).map((box) => box.value); }

  /** The fields of this language, where it is among those that are ticked; else of the main one. */
  show(language) {
    const { offered, form, main } = this;
    if (!offered.length) return;
    if (!offered.includes(main.value)) main.value = offered[0];
    this.seen = offered.includes(language) ? language : main.value;
    offered.forEach((one) => this.make(one));
    form.querySelectorAll("[data-language-panel]").forEach((panel) => { panel.hidden = panel.dataset.languagePanel !== this.seen; });
    form.querySelectorAll("[data-when-several]").forEach((part) => { part.hidden = offered.length < 2; });
    form.querySelectorAll("[data-language-switch] input").forEach((radio) => {
      radio.parentElement.hidden = !offered.includes(radio.value);
      radio.checked = radio.value === this.seen;
    });
    for (const option of main.options) option.hidden = option.disabled = !offered.includes(option.value);
    this.stage?.speak(this.seen);
  }

  /** The field's language comes to the front, so that a mistake in it can be seen. */
  reveal(field) {
    const panel = field.closest("[data-language-panel]");
    if (panel?.hidden) this.show(panel.dataset.languagePanel);
  }

  /** A language that is ticked for the first time gets its fields. */
  make(language) {
    for (const template of this.form.querySelectorAll(`template[data-panel-of="${language}"]`)) {
      template.replaceWith(document.importNode(template.content, true));
      this.form.querySelectorAll(`[data-language-panel="${language}"] [data-counter]:not([data-counting])`).forEach(count);
      this.standIn(this.words);
    }
  }

  /** @param {Object<string, string>} words  what visitors read where a field is empty, by the field's name */
  standIn(words) {
    if (!words || !this.boxes.length) return;
    this.words = words;
    for (const [name, text] of Object.entries(words)) {
      const field = this.form.elements[name];
      if (field) field.placeholder = text;
    }
  }

  /** A press on a variable puts it where somebody was writing. */
  insertWords() {
    let last = null;
    this.form.addEventListener("focusin", ({ target }) => { if (target.closest("[data-language-panel]") && target.matches(".input")) last = target; });
    this.form.addEventListener("click", ({ target }) => {
      const tag = target.closest("[data-insert]");
      if (!tag) return;
      const panel = this.form.querySelector(`[data-language-panel="${this.seen}"]`);
      const field = last && !last.closest("[hidden]") ? last : panel.querySelector(".input");
      field.focus();
      field.setRangeText(tag.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
