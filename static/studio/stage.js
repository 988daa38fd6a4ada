// The preview's stage: tells the card inside which moment and device to show, and draws the button that the loader would.
export class Stage {
  /** @param {HTMLElement} box  [data-preview] */
  constructor(box) {
    this.box = box;
    this.frame = box.querySelector("iframe");
    this.stage = box.querySelector(".stage");
    this.consent = box.querySelector("[data-when-consent]");
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
    this.consent.hidden = !settings.consent;
    if (!settings.consent && this.chosen("preview-state") === "consent") this.box.querySelector('[value="start"]').checked = true;
    const night = style.theme === "dark" || (style.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    const launcher = this.box.querySelector(".launcher");
    launcher.style.background = night ? style.accentDark : style.accent;
    launcher.style.color = night ? style.onAccentDark : style.onAccent;
    launcher.querySelector("[data-launcher-label]").textContent = style.launcher_label;
    this.stage.dataset.side = style.side;
    this.tell();
  }

  chosen(name) { return this.box.querySelector(`[name="${name}"]:checked`).value; }

  tell() {
    const device = this.chosen("preview-device");
    this.stage.dataset.device = device;
    const message = { preview: 1, settings: this.settings, state: this.chosen("preview-state"), full: device === "phone" };
    this.frame.contentWindow.postMessage(message, location.origin);
  }
}
