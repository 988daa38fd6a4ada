/** What the page API is given of a call (docs/page-api.md): sessions, and the promises and errors of commands. */

/** A command that cannot be carried out now. Crosses to the page as {name, code, message}. */
export class CommandFailed extends Error {
  constructor(name, code, message) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/** What went wrong, with a code of docs/errors.md: what a browser throws has a number for one, or is not even an error. */
export function failure(error) {
  if (error && typeof error.code === 'string') return error;
  return { code: 'BROWSER_FAILED', message: 'The browser refused something: ' + ((error && error.name) || error) };
}

/** The session as it stands. @param {any} call */
export function described(call) {
  if (!call.session) return null;
  const answered = call.answeredAt > 0;
  return {
    id: call.session.id,
    reference: call.session.reference,
    status: answered ? 'answered' : call.rang ? 'ringing' : 'init',
    direction: 'outgoing',
    startTime: new Date(call.session.started_s * 1000).toISOString(),
    answerTime: answered ? new Date(call.answeredAt * 1000).toISOString() : null,
    duration: call.elapsed_s(),
    muted: call.muted,
    localHold: false,
    remoteHold: false,
  };
}

/** The session of a call that is over, where it had one. @param {any} session @param {object} how */
export function closed(session, how) {
  return session && Object.assign(session, how);
}

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
