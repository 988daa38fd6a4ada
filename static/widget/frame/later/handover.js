/** From tab to tab: the one that is in a call hands its place to the one whose visitor asks for it. Same origin only. */

const NAME = 'pickup-call';
const ANSWER_MS = 1000;

export class Handover {
  /**
   * @param {(name: string) => BroadcastChannel | null} open  null in a browser without
   * @param {() => object | null} place  what another tab needs to go on with this tab's call; null without a call
   */
  constructor(open, place) {
    this.channel = open(NAME);
    this.wanted = null;
    if (!this.channel) return;
    this.channel.addEventListener('message', (event) => {
      const message = event.data || {};
      if (message.ask) {
        const given = place();
        if (given) this.channel.postMessage({ for: message.ask, place: given });
      } else if (this.wanted && message.for === this.wanted.id) {
        this.wanted.done(message.place);
      }
    });
  }

  get possible() {
    return this.channel !== null;
  }

  /** @returns {Promise<any>} the place in the call, or null when no tab answers */
  ask() {
    if (!this.channel) return Promise.resolve(null);
    const id = Math.random().toString(36).slice(2);
    return new Promise((done) => {
      const timer = setTimeout(() => done(null), ANSWER_MS);
      this.wanted = { id, done: (place) => { clearTimeout(timer); done(place); } };
      this.channel.postMessage({ ask: id });
    });
  }
}
