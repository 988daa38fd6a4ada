/** What the server's messages and numbered events do to a call (docs/wire.md); unknown ones are left alone. */

/** @type {Record<string, (call: any, data: any, registered: () => void) => void>} */
const EVENTS = {
  registered(call, data, registered) {
    call.registered = true;
    if (!call.media) clearTimeout(call.giveUp); // a line without a call is up
    call.session = { id: data.session, reference: data.reference, started_s: call.returning.begins() };
    call.emit('connected', []);
    call.emit('registered', []);
    registered();
    call.waiting.settle('registered', null);
    call.placing.tellCapture();
  },

  ringing(call) {
    call.rang = true;
    if (call.captured) call.emit('ringing', [call.page()]);
  },

  answered(call) {
    clearTimeout(call.giveUp);
    call.answeredAt = call.now_s();
    if (call.unheard) call.tellMicrophone();
    if (!call.returning.away) call.go('in-call');
    if (call.question) call.signal.send({ type: 'ask', text: call.question });
    call.question = '';
    call.emit('answered', [call.page()]);
    call.waiting.settle('answered', call.page());
  },

  /** The same index again replaces the words. */
  transcription(call, { index, speaker, text, final }) {
    call.lines[index] = { speaker, text, final };
    call.show(call.state);
    call.emit('transcription', [{ originator: speaker === 'agent' ? 'remote' : 'local', messages: [{ text }], index, final }]);
  },

  state(call, data) {
    call.turn = data.state;
    call.show(call.state);
  },

  sound(call, data) {
    call.weak = data.quality === 'poor';
    call.show(call.state);
  },

  info(call, data) {
    const { body } = data;
    if (body && body.kind === 'link' && /^https:\/\//.test(body.url)) {
      call.link = body;
      call.show(call.state);
    }
    call.emit('infoReceived', [{ originator: 'remote', info: { body } }]);
  },

  ended(call, data) {
    call.ending.finish(data, 'remote');
  },
};

/**
 * One message of the server.
 * @param {any} call
 * @param {any} message
 * @param {(done?: any) => void} registered  the line is up
 * @param {(error: object) => void} refused  it will not come up
 */
export function hear(call, message, registered, refused) {
  const data = message.data || {};
  if (message.type === 'answer') {
    const { attempt } = call;
    call.media.answer(data.sdp).catch(() => attempt === call.attempt && call.returning.unusable());
  } else if (message.type === 'event') {
    call.lastEvent = message.n;
    if (Object.prototype.hasOwnProperty.call(EVENTS, message.name)) EVENTS[message.name](call, data, registered);
  } else if (message.type === 'attached') {
    call.returning.attached(data);
  } else if (message.type === 'reconnect') {
    call.returning.wanted();
  } else if (message.type === 'error' && data.code === 'CALL_ELSEWHERE' && call.registered) {
    call.ending.over(data.code);
  } else if (message.type === 'error') {
    const error = { code: data.code || 'HANDLER_ERROR', message: data.message || '' };
    if (call.talking) call.emit('error', [{ name: 'ServerError', code: error.code, message: error.message }]);
    else if (call.registered) call.ending.fail(error);
    else refused(error);
  } else if (message.type === 'close' && call.registered) {
    call.ending.finish({ cause: 'agent_ended', seconds: call.elapsed_s() }, 'remote');
  }
}

/** From the socket of a call that the visitor has left. */
export function hearLate(call, { name, data }) {
  const { state } = call;
  if (name === 'ended' && data.rating && state.name === 'ended' && data.reference === state.reference) {
    call.go('ended', Object.assign({}, state, { rating: data.rating }));
  }
}
