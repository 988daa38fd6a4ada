// The parts of a widget's content: one is to be seen at a time, the address remembers which. One form holds them all.
export class Parts {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./stage.js").Stage | null} stage
   */
  constructor(form, stage) {
    this.nav = form.querySelector("[data-parts]");
    if (!this.nav) return;
    this.ways = [...this.nav.querySelectorAll("a")];
    this.stage = stage;
    addEventListener("hashchange", () => this.show());
    this.show();
  }

  show() {
    const here = this.ways.find((way) => way.hash === location.hash) ?? this.ways[0];
    for (const way of this.ways) {
      document.querySelector(way.hash).hidden = way !== here;
      if (way === here) way.setAttribute("aria-current", "true"); else way.removeAttribute("aria-current");
    }
    this.stage?.turnTo(here.dataset.moment);
  }

  /** Says at the way to a part whether a mistake is in it: it may be one that is not seen now. */
  mark() {
    for (const way of this.ways ?? []) {
      const wrong = Boolean(document.querySelector(way.hash).querySelector("[aria-invalid]"));
      way.classList.toggle("has-error", wrong);
      way.querySelector("[data-wrong]").hidden = !wrong;
    }
  }
}
