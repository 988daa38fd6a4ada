/** What the page API shows of a call (docs/page-api.md): the session object, and the error of a command. */

/** A command that cannot be carried out now. Crosses to the page as {name, code, message}. */
export class CommandFailed extends Error {
  constructor(name, code, message) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

const NAMES = 50;
const CHARS = 8000;
const flat = (value) => value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);

/** What the server would refuse of `sendInfo` is refused before it is sent. */
export function checkInfo(text, data) {
  const values = data && Object.values(data);
  if (typeof text !== 'string' || !values || values.length > NAMES || !values.every(flat)) {
    throw new CommandFailed('TypeError', 'INVALID_ARGUMENT', 'sendInfo takes a text and a flat object of at most 50 names.');
  }
  if (JSON.stringify([text, data]).length > CHARS) throw new CommandFailed('RangeError', 'TOO_LARGE', 'sendInfo takes 8 KB.');
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
