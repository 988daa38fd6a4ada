/**
 * What this tab has to know to come back into its call after a reload: kept in the frame's own sessionStorage, gone
 * with the call. Where storage is refused it lives as long as the document, and the browser's console says so once.
 */

const KEY = 'pickup-call';

export class Keep {
  /**
   * @param {() => Storage} storage  may throw: that is how browsers refuse
   * @param {(words: string) => void} warn
   * @param {string} [key]  of a chat that goes on aloud: a Phone beside it has one of its own
   */
  constructor(storage, warn, key) {
    this.key = key || KEY;
    this.storage = storage;
    this.warn = warn;
    this.held = null;
    this.warned = false;
  }

  /** @returns {{token: string, iceServers: object[], began_s: number, typed?: boolean, written?: number[]} | null} */
  load() {
    if (this.held) return this.held;
    try {
      return JSON.parse(this.storage().getItem(this.key));
    } catch (refused) {
      return null;
    }
  }

  save(held) {
    this.held = held;
    try {
      this.storage().setItem(this.key, JSON.stringify(held));
    } catch (refused) {
      if (!this.warned) this.warn('Pickup: this browser keeps nothing for the page, so a reload would end the call');
      this.warned = true;
    }
  }

  clear() {
    this.held = null;
    try {
      this.storage().removeItem(this.key);
    } catch (refused) {
      // Nothing was kept.
    }
  }
}
