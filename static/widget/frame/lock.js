/**
 * One call in a browser and site: a Web Lock, held as long as the call.
 *
 * A request that is refused, or unanswered for a second, counts as a browser without locks: then the key that the
 * loader writes on the page's origin is all there is, and main.js asks it.
 */

const NAME = 'pickup-call';
const ANSWER_MS = 1000;

export class CallLock {
  /** @param {LockManager | undefined} locks */
  constructor(locks) {
    this.locks = locks;
    this.release = null;
  }

  /** @returns {Promise<boolean>} whether this tab may call now */
  take() {
    if (this.release) return Promise.resolve(true);
    if (!this.locks) return Promise.resolve(true);
    return new Promise((answer) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        answer(true);
      }, ANSWER_MS);
      const request = this.locks.request(NAME, { ifAvailable: true }, (lock) => {
        clearTimeout(timer);
        if (late) return undefined;
        answer(lock !== null);
        if (lock === null) return undefined;
        return new Promise((release) => {
          this.release = release;
        });
      });
      request.catch(() => {
        clearTimeout(timer);
        answer(true);
      });
    });
  }

  give() {
    if (this.release) this.release();
    this.release = null;
  }

  /** @returns {Promise<boolean>} whether another tab is in a call */
  async busy() {
    if (this.release || !this.locks || !this.locks.query) return false;
    const held = this.locks.query().then((state) => state.held.some((lock) => lock.name === NAME), () => false);
    return Promise.race([held, new Promise((answer) => setTimeout(() => answer(false), ANSWER_MS))]);
  }

  /** Calls `then` once when the other tab's call is over. @returns {() => void} to stop waiting */
  whenFree(then) {
    if (!this.locks) return () => {};
    const abort = new AbortController();
    this.locks.request(NAME, { signal: abort.signal }, () => {
      if (!abort.signal.aborted) then();
    }).catch(() => {});
    return () => abort.abort();
  }
}
