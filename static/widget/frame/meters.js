/**
 * How loud each side is, and where the page's own script hears along: ornaments, so whatever the browser refuses of them,
 * the call goes on without.
 */

import { attempt, quiet } from './guard.js';

const LEVEL_MS = 50;
// From a whisper's level to a loud voice's.
const QUIET_DB = -55;
const LOUD_DB = -15;

export class Meters {
  constructor() {
    this.context = null;
    this.list = [];
    this.timer = 0;
    this.tap = null; // later/sound.js
  }

  /** Inside a press, or it sleeps. */
  wake() {
    attempt(() => {
      const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
      if (!this.context) this.context = new Context();
      if (this.context.state === 'suspended') quiet(() => this.context.resume());
    });
  }

  /**
   * @param {'you' | 'agent'} side
   * @param {MediaStream} stream
   */
  add(side, stream) {
    attempt(() => {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 1024;
      const source = this.context.createMediaStreamSource(stream);
      source.connect(analyser);
      this.list.push({ side, analyser, source, samples: new Float32Array(analyser.fftSize), level: 0 });
      if (side === 'you' && this.tap && this.tap.node) source.connect(this.tap.node);
    });
  }

  /** @param {'you' | 'agent'} [side]  without one: all */
  drop(side) {
    this.list = this.list.filter((meter) => {
      if (side && meter.side !== side) return true;
      attempt(() => meter.source.disconnect());
      return false;
    });
  }

  /** Reports how loud both are, 0 to 1, some 20 times a second; null stops it. */
  watch(to) {
    clearInterval(this.timer);
    if (!to) return;
    this.timer = setInterval(() => {
      for (const meter of this.list) {
        attempt(() => meter.analyser.getFloatTimeDomainData(meter.samples));
        let power = 0;
        for (const sample of meter.samples) power += sample * sample;
        const db = 10 * Math.log10(power / meter.samples.length + 1e-10);
        const now = Math.min(1, Math.max(0, (db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
        // Up at once, down slowly: syllables swell and do not flicker.
        meter.level = now > meter.level ? now : meter.level * 0.75 + now * 0.25;
        to(meter.side, meter.level < 0.02 ? 0 : meter.level);
      }
    }, LEVEL_MS);
  }

  close() {
    const { tap, context } = this;
    clearInterval(this.timer);
    this.drop();
    this.context = null;
    if (tap) attempt(() => tap.end());
    if (context) quiet(() => context.close());
  }
}
