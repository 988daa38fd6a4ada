/** From tab to tab: the one that is in a call hands its place to the one whose visitor asks for it. Same origin only. */

import { attempt } from '../card.js';

const NAME = 'pickup-call';
const AGAIN_MS = 250; // a call that has just begun learns to answer a moment later
const ANSWER_MS = 3000;

export class Handover {
  /**
   * @param {(name: string) => BroadcastChannel | null} open  null in a browser without
   * @param {() => object | null} place  what another tab needs to go on with this tab's call; null without a call
   */
  constructor(open, place) {
    this.channel = attempt(() => open(NAME), null);
    this.wanted = null;
    if (!this.channel) return;
    attempt(() => this.channel.addEventListener('message', (event) => {
      const message = event.data || {};
      if (message.ask) {
        const given = place();
        if (given) this.channel.postMessage({ for: message.ask, place: given });
      } else if (this.wanted && message.for === this.wanted.id) {
        this.wanted.done(message.place);
      }
    }));
  }

  get possible() {
    return this.channel !== null;
  }

  /** @returns {Promise<any>} the place in the call, or null when no tab answers */
  ask() {
    if (!this.channel) return Promise.resolve(null);
    const id = Math.random().toString(36).slice(2);
    const ask = () => attempt(() => this.channel.postMessage({ ask: id }));
    return new Promise((answered) => {
      const again = setInterval(ask, AGAIN_MS);
      const done = (place) => {
        clearInterval(again);
        clearTimeout(late);
        this.wanted = null;
        answered(place);
      };
      const late = setTimeout(() => done(null), ANSWER_MS);
      this.wanted = { id, done };
      ask();
    });
  }
}
