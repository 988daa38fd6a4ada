/** What the server's numbered events do to a call (docs/wire.md), a function each; unknown ones are left alone. */

/** @type {Record<string, (call: any, data: any, registered: () => void) => void>} */
export const EVENTS = {
  registered(call, data, registered) {
    call.registered = true;
    call.session = { id: data.session, reference: data.reference, started_s: call.now_s() };
    call.emit('connected', []);
    call.emit('registered', []);
    registered();
    call.waiting.settle('registered', null);
    call.tellCapture();
  },

  ringing(call) {
    call.rang = true;
    if (call.captured) call.emit('ringing', [call.page()]);
  },

  answered(call) {
    clearTimeout(call.giveUp);
    call.answeredAt = call.now_s();
    if (!call.returning.away) call.go('in-call');
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
    call.emit('infoReceived', [{ originator: 'remote', info: { body: data.body } }]);
  },

  ended(call, data) {
    call.finish(data, 'remote');
  },
};
