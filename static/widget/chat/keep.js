/**
 * What a tab has to know to go on with its chat after a reload: kept in the frame's own sessionStorage, which ends with
 * the tab, and never where other sites or later visitors of a shared computer find it. Other tabs of the same site are
 * asked by a channel, so a second one shows the same chat.
 *
 * `{token, session, at, pending}`: `at` is when it was last alive, `pending` what was written and not yet taken.
 */

import { attempt } from '../frame/guard.js';

export const LIVES_MS = 600 * 1000;
const ASKED_MS = 250;

export class Keep {
  /**
   * @param {string} name  of the widget and its page's site
   * @param {{storage: () => Storage, channel: (name: string) => BroadcastChannel, now: () => number, later?: (run: () => void, ms: number) => any}} world
   */
  constructor(name, world) {
    this.name = 'pickup-chat ' + name;
    this.world = Object.assign({ later: (run, ms) => setTimeout(run, ms) }, world);
    this.held = null;
    this.mine = () => null; // what another tab is given
    this.channel = attempt(() => world.channel(this.name), null);
    this.waiting = [];
    if (this.channel) this.channel.addEventListener('message', ({ data }) => this.hear(data || {}));
  }

  hear(message) {
    const place = message.type === 'ask' ? this.mine() : null;
    if (place) this.tell({ type: 'place', place: { token: place.token, session: place.session, at: place.at, pending: [] } });
    if (message.type === 'place') this.waiting.splice(0).forEach((met) => met(message.place));
  }

  tell(message) {
    if (this.channel) attempt(() => this.channel.postMessage(message));
  }

  /** What is left of a chat that is still alive: of this tab, else of another one. */
  async find() {
    const own = this.held || attempt(() => JSON.parse(this.world.storage().getItem(this.name)), null);
    if (this.alive(own)) return own;
    const other = await this.ask();
    return this.alive(other) ? other : null;
  }

  alive(place) {
    return Boolean(place && typeof place.token === 'string' && typeof place.session === 'string'
      && this.world.now() - place.at < LIVES_MS);
  }

  ask() {
    if (!this.channel) return Promise.resolve(null);
    return new Promise((met) => {
      this.waiting.push(met);
      this.tell({ type: 'ask' });
      this.world.later(() => met(null), ASKED_MS);
    });
  }

  save(place) {
    this.held = Object.assign({}, place, { at: this.world.now() });
    attempt(() => this.world.storage().setItem(this.name, JSON.stringify(this.held)));
  }

  clear() {
    this.held = null;
    attempt(() => this.world.storage().removeItem(this.name));
  }
}
