/**
 * One call in a browser and site: a Web Lock, held as long as the call.
 *
 * A request that is refused, or unanswered for a second, counts as a browser without locks: then the key that the
 * loader writes on the page's origin is all there is.
 */

import { attempt, quiet, within } from './guard.js';

const NAME = 'pickup-call';
const ANSWER_MS = 1000;

export class CallLock {
  /**
   * @param {LockManager | undefined} locks
   * @param {() => boolean} mirror  what the page's key says of other tabs
   * @param {(held: boolean) => void} tell
   */
  constructor(locks, mirror, tell) {
    this.locks = locks;
    this.mirror = mirror;
    this.tell = tell;
    this.held = false;
    this.wanted = false;
    this.taking = null; // the question under way: a second one would find this tab's own lock in its way
    this.release = null;
  }

  /** @returns {Promise<boolean>} whether this tab may call now */
  take() {
    this.wanted = true;
    if (this.held) return Promise.resolve(true);
    if (!this.taking) this.taking = this.ask();
    return this.taking;
  }

  async ask() {
    const got = this.locks ? await this.request() : null;
    if (got === null) this.locks = undefined;
    this.taking = null;
    this.held = got === null ? !this.mirror() : got;
    const { held } = this;
    if (held && this.wanted) this.tell(true);
    else if (held) this.give(); // nobody wants it any more
    return held;
  }

  /** @returns {Promise<boolean | null>} null where the browser does not answer */
  request() {
    return new Promise((answer) => {
      let late = false;
      const none = () => {
        clearTimeout(timer);
        late = true;
        answer(null);
      };
      const timer = setTimeout(none, ANSWER_MS);
      const asked = attempt(() => this.locks.request(NAME, { ifAvailable: true }, (lock) => {
        clearTimeout(timer);
        if (late) return undefined;
        answer(lock !== null);
        if (lock === null) return undefined;
        return new Promise((release) => {
          this.release = release;
        });
      }));
      if (asked) asked.catch(none);
      else none();
    });
  }

  give() {
    this.wanted = false;
    if (!this.taking) {
      if (this.release) this.release();
      this.release = null;
      this.held = false;
    }
    this.tell(false); // also when it was never held: the page may remember a call that could not be gone on with
  }

  /** @returns {Promise<boolean>} whether another tab is in a call */
  async busy() {
    if (this.held) return false;
    const { locks } = this;
    const state = locks && locks.query ? await within(ANSWER_MS, () => locks.query(), null) : null;
    return state ? state.held.some((lock) => lock.name === NAME) : this.mirror();
  }

  /** Calls `then` once when the other tab's call is over. @returns {() => void} to stop waiting */
  whenFree(then) {
    if (!this.locks) return () => {}; // then the page says so when its key goes stale
    const abort = new AbortController();
    quiet(() => this.locks.request(NAME, { signal: abort.signal }, () => {
      if (!abort.signal.aborted) then();
    }));
    return () => abort.abort();
  }
}
