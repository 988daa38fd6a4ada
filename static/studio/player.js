// A recording with two voices: play, pause, jump, and hear both or only one. The visitor is on the left channel, the agent
// on the right. Both plays them as they were recorded; one alone goes to both ears.
const STEP_S = 5;
const LEAD_S = 0.3; // of a pause that is left at either end
const KEPT = "pickup:player";

function recall() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
}

function remember(chosen) {
  try { localStorage.setItem(KEPT, JSON.stringify(chosen)); } catch { /* kept for this page only */ }
}

export class Player {
  /** @param {HTMLElement} box  [data-player] */
  constructor(box) {
    this.box = box;
    this.audio = box.querySelector("audio");
    this.scrub = box.querySelector(".scrub");
    this.wave = box.querySelector("svg.wave");
    this.seconds = Number(box.dataset.seconds);
    this.onmove = () => {};
    this.button = box.querySelector("[data-play]");
    this.button.addEventListener("click", () => this.toggle());
    for (const name of ["play", "pause", "ended", "seeked", "timeupdate"]) this.audio.addEventListener(name, () => this.show());
    this.audio.addEventListener("play", () => this.tick());
    this.audio.addEventListener("error", () => box.classList.add("broken"));
    box.querySelector(".channels").addEventListener("change", (event) => this.hear(event.target.value));
    this.watchSpeed();
    this.watchScrub();
    for (const mark of box.querySelectorAll(".mark")) mark.setAttribute("d", `M${this.place(Number(mark.dataset.at))} 2V50`);
    this.show();
  }

  toggle() {
    if (!this.audio.paused) return this.audio.pause();
    if (this.audio.currentTime >= this.seconds - 0.05) this.audio.currentTime = 0;
    this.start();
  }

  playFrom(at) {
    this.audio.currentTime = at;
    this.start();
  }

  async start() {
    this.connect();
    if (this.context.state === "suspended") this.context.resume();
    try { await this.audio.play(); } catch { /* another press came first */ }
  }

  /** Splits the sound at the first press: browsers make no sound graph before one. */
  connect() {
    if (this.context) return;
    this.context = new AudioContext();
    const split = this.context.createChannelSplitter(2);
    const merge = this.context.createChannelMerger(2);
    this.context.createMediaElementSource(this.audio).connect(split);
    const way = (from, to) => {
      const gain = this.context.createGain();
      split.connect(gain, from).connect(merge, 0, to);
      return gain.gain;
    };
    this.ways = { leftToLeft: way(0, 0), leftToRight: way(0, 1), rightToRight: way(1, 1), rightToLeft: way(1, 0) };
    merge.connect(this.context.destination);
    this.hear(this.box.querySelector(".channels :checked").value);
  }

  /** @param {"both" | "visitor" | "agent"} whom */
  hear(whom) {
    this.box.dataset.hearing = whom;
    if (!this.context) return;
    const at = this.context.currentTime;
    const set = (gain, on) => gain.setTargetAtTime(on ? 1 : 0, at, 0.01); // not at once: that would click
    set(this.ways.leftToLeft, whom !== "agent");
    set(this.ways.leftToRight, whom === "visitor");
    set(this.ways.rightToRight, whom !== "visitor");
    set(this.ways.rightToLeft, whom === "agent");
  }

  /** Faster, and without the pauses; both stay chosen on this computer. */
  watchSpeed() {
    const speed = this.box.querySelector("[data-speed]");
    const skip = this.box.querySelector("[data-skip]");
    this.quiet = JSON.parse(document.getElementById("quiet")?.textContent ?? "[]");
    const kept = recall();
    if ([...speed.options].some((option) => option.value === kept.speed)) speed.value = kept.speed;
    if (skip) skip.checked = kept.skip === true;
    const set = () => {
      this.audio.defaultPlaybackRate = this.audio.playbackRate = Number(speed.value);
      this.skips = Boolean(skip?.checked);
    };
    this.box.querySelector(".speed").addEventListener("change", () => {
      set();
      remember({ speed: speed.value, skip: this.skips });
    });
    set();
  }

  /** Over the stretch where nobody says anything, to shortly before it ends. */
  skipQuiet() {
    const at = this.audio.currentTime;
    const stretch = this.skips && !this.audio.seeking && this.quiet.find(([from, to]) => at >= from + LEAD_S && at < to - 2 * LEAD_S);
    if (stretch) this.audio.currentTime = stretch[1] - LEAD_S;
  }

  watchScrub() {
    const jump = (event) => {
      const { left, width } = this.scrub.getBoundingClientRect();
      this.audio.currentTime = Math.min(Math.max((event.clientX - left) / width, 0), 1) * this.seconds;
      this.show();
    };
    this.scrub.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.scrub.setPointerCapture(event.pointerId);
      jump(event);
    });
    this.scrub.addEventListener("pointermove", (event) => { if (this.scrub.hasPointerCapture(event.pointerId)) jump(event); });
    this.scrub.addEventListener("keydown", (event) => {
      const to = {
        ArrowLeft: this.audio.currentTime - STEP_S, ArrowDown: this.audio.currentTime - STEP_S,
        ArrowRight: this.audio.currentTime + STEP_S, ArrowUp: this.audio.currentTime + STEP_S,
        Home: 0, End: this.seconds,
      }[event.key];
      if (event.key === " " || event.key === "Enter") { event.preventDefault(); this.toggle(); }
      if (to === undefined) return;
      event.preventDefault();
      this.audio.currentTime = Math.min(Math.max(to, 0), this.seconds);
    });
  }

  place(at) { return ((at / this.seconds) * 1000).toFixed(1); }

  tick() {
    this.skipQuiet();
    this.show();
    if (!this.audio.paused) requestAnimationFrame(() => this.tick());
  }

  show() {
    const at = this.audio.currentTime;
    const playing = !this.audio.paused && !this.audio.ended;
    this.box.classList.toggle("playing", playing);
    this.button.setAttribute("aria-label", playing ? this.button.dataset.labelPause : this.button.dataset.labelPlay);
    this.wave.querySelector(".head").setAttribute("transform", `translate(${this.place(at)} 0)`);
    const words = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, "0")}`;
    this.box.querySelector("[data-now]").textContent = words;
    this.scrub.setAttribute("aria-valuenow", String(Math.round(at)));
    this.scrub.setAttribute("aria-valuetext", words);
    this.onmove(at, playing);
  }
}
