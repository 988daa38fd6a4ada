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

const NAMES = 50;
const NAME_CHARS = 64;
const VALUE_CHARS = 2000;
const BYTES = 8192;
const MESSAGE_BYTES = 32000; // a little is for what stands around it

/** How many bytes a text has on the wire; throws where it has half a character. */
const bytes = (text) => encodeURIComponent(text).replace(/%../g, 'x').length;

/** What the server keeps and counts: a text as people count its characters. Gives its bytes, or NaN. */
function measured(text, most) {
  return typeof text === 'string' && Array.from(text).length <= most && !text.includes('\0') ? bytes(text) : NaN;
}

function weighed(value) {
  if (typeof value === 'string') return measured(value, VALUE_CHARS);
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) <= 2 ** 53) ? 8 : NaN;
}

/** What the server would refuse of `sendInfo` is refused before it is sent (tests/info_samples.json). */
export function checkInfo(text, data) {
  let size = NaN;
  try {
    const pairs = /** @type {[string, any][]} */ (Object.prototype.toString.call(data) === '[object Object]' ? Object.entries(data) : [['']]);
    if (pairs.length <= NAMES) size = pairs.reduce((sum, [name, value]) => sum + (measured(name, NAME_CHARS) || NaN) + weighed(value), measured(text, VALUE_CHARS));
  } catch (error) {
    // Half a character.
  }
  if (!(size >= 0)) throw new CommandFailed('TypeError', 'INVALID_ARGUMENT', 'sendInfo takes a text and a flat object of at most 50 names.');
  if (size > BYTES || bytes(JSON.stringify([text, data])) > MESSAGE_BYTES) throw new CommandFailed('RangeError', 'TOO_LARGE', 'sendInfo takes 8 KB.');
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
