/** The promises that commands gave, until what they wait for comes or cannot come any more. */

export class Waiting {
  constructor() {
    this.waiters = [];
  }

  /** @returns {Promise<any>} */
  until(what) {
    return new Promise((resolve, reject) => {
      this.waiters.push({ what, resolve, reject });
    });
  }

  /** Whether somebody waits, and for nothing but this. */
  onlyFor(what) {
    return this.waiters.length > 0 && this.waiters.every((waiter) => waiter.what === what);
  }

  hasFor(what) {
    return this.waiters.some((waiter) => waiter.what === what);
  }

  settle(what, value) {
    const met = this.waiters.filter((waiter) => waiter.what === what);
    this.waiters = this.waiters.filter((waiter) => waiter.what !== what);
    met.forEach((waiter) => waiter.resolve(value));
  }

  giveUp(error) {
    const left = this.waiters;
    this.waiters = [];
    left.forEach((waiter) => waiter.reject(error));
  }
}
