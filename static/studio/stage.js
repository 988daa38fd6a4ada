// The preview's stage: tells the card inside which moment and device to show, and draws the button that the loader would.
export class Stage {
  /** @param {HTMLElement} box  [data-preview] */
  constructor(box) {
    this.box = box;
    this.frame = box.querySelector("iframe");
    this.stage = box.querySelector(".stage");
    this.consent = box.querySelector("[data-when-consent]");
    this.start = box.querySelector("[data-without-consent]");
    addEventListener("message", (event) => {
      if (event.origin === location.origin && event.source === this.frame.contentWindow && event.data?.previewReady) this.tell();
    });
    box.addEventListener("change", () => this.tell());
    this.show(JSON.parse(document.getElementById("preview-settings").textContent));
  }

  /** The draft as the server keeps it now. */
  show(settings) {
    this.settings = settings;
    const { style } = settings.config;
    // With consent switched on its screen is the first that visitors meet; there is no other start.
    this.consent.hidden = !settings.consent;
    this.start.hidden = Boolean(settings.consent);
    const [first, never] = settings.consent ? ["consent", "start"] : ["start", "consent"];
    // Moments that only some drafts have.
    for (const [state, there] of [["late", settings.after_hours], ["away", settings.config.contact]]) {
      const choice = this.box.querySelector(`[data-when-${state}]`);
      choice.hidden = !there;
      if (!there && this.chosen("preview-state") === state) this.box.querySelector(`[name="preview-state"][value="${first}"]`).checked = true;
    }
    if (this.chosen("preview-state") === never) this.box.querySelector(`[name="preview-state"][value="${first}"]`).checked = true;
    const night = style.theme === "dark" || (style.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    const launcher = this.box.querySelector(".launcher");
    launcher.style.background = night ? style.accentDark : style.accent;
    launcher.style.color = night ? style.onAccentDark : style.onAccent;
    this.stage.dataset.side = style.side;
    this.tell();
  }

  /** To this moment, where the draft has it; else to the first one. */
  turnTo(state) {
    const choice = this.box.querySelector(`[name="preview-state"][value="${state}"]`);
    const there = choice && !choice.parentElement.hidden;
    (there ? choice : this.box.querySelector('label:not([hidden]) > [name="preview-state"]')).checked = true;
    this.tell();
  }

  /** In this language from now on, where the draft offers it. */
  speak(language) {
    this.language = language;
    this.tell();
  }

  /** The draft in the language that is being written. */
  spoken() {
    const offer = this.settings.offers.find((one) => one.language === this.language);
    if (!offer) return [this.settings, this.settings.config.style.launcher_label];
    const late = this.chosen("preview-state") === "late" && offer.after_hours;
    const config = { ...this.settings.config, words: late ? { ...offer.words, welcome: late } : offer.words };
    return [{ ...this.settings, language: offer.language, consent: offer.consent, config }, offer.label];
  }

  chosen(name) { return this.box.querySelector(`[name="${name}"]:checked`).value; }

  tell() {
    const device = this.chosen("preview-device");
    this.stage.dataset.device = device;
    const [settings, label] = this.spoken();
    this.box.querySelector("[data-launcher-label]").textContent = label;
    const message = { preview: 1, settings, state: this.chosen("preview-state"), full: device === "phone" };
    this.frame.contentWindow.postMessage(message, location.origin);
  }
}
