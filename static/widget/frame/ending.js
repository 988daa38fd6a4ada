/** How a call ends: what the page is told, what is let go, and the screen that stays. */

import { CommandFailed, closed, failure } from './answers.js';

// What the page alone knows, beside microphones and sound.
const FOUND = ['FULL', 'NETWORK', 'SOCKET_BLOCKED', 'BROWSER_FAILED'];
// Told by a request: there is no socket, or it swallows what it is given.
const UNSOCKETED = ['FULL', 'NETWORK', 'SOCKET_BLOCKED'];

export class Ending {
  /** @param {any} call */
  constructor(call) {
    this.call = call;
    this.wasRegistered = false;
  }

  /** The server says that this page has no call any more. */
  over(code) {
    const { call } = this;
    if (code === 'CALL_ELSEWHERE') return this.elsewhere();
    if (call.talking) return this.finish({ cause: 'connection_lost', seconds: call.elapsed_s() }, 'remote');
    this.release(new CommandFailed('AbortError', 'CALL_ENDED', 'The call has ended.'));
    this.gone();
    call.go(call.beginning().name);
  }

  /** It did not come back in the time that the server keeps a call. */
  lost() {
    const { call } = this;
    if (!call.talking) return this.fail({ code: 'NETWORK', message: 'The connection was lost.' });
    if (call.signal) call.signal.send({ type: 'close', sessionId: call.session ? call.session.id : null });
    this.finish({ cause: 'connection_lost', seconds: call.elapsed_s() }, 'local');
  }

  elsewhere() {
    const { call } = this;
    const was = call.talking;
    const session = closed(call.page(), { status: was ? 'ended' : 'failed' });
    const error = new CommandFailed('InvalidStateError', 'CALL_ELSEWHERE', 'Call active in another tab');
    this.release(error);
    if (was) call.emit('audioEnded', []);
    call.emit(was ? 'ended' : 'failed', [session, { cause: 'elsewhere', originator: 'local', description: error.message }]);
    this.gone();
    call.go('elsewhere', { reason: 'tab' });
  }

  /** The server cannot see why no sound came: it is told, so that the conversation says the same as the card. */
  failSound(code, message) {
    this.tellWhy(code);
    this.fail({ code, message });
  }

  /** Where the server knows of no call, one is kept that never began. */
  tellWhy(code) {
    const { call } = this;
    const { api, signal } = call;
    if (signal && !signal.waiting && !UNSOCKETED.includes(code)) signal.send({ type: 'report', code });
    else if (!call.registered) call.placing.yes().then((consent) => api.granted(api.urls.missed, { code, consent })).catch(() => {});
  }

  /** The call did not come up. */
  fail(thrown) {
    const { call } = this;
    const error = failure(thrown);
    const { code } = error;
    const session = closed(call.page(), { status: 'failed' });
    const name = error.reason ? 'NotAllowedError' : code === 'BROWSER_FAILED' ? 'OperationError' : 'NetworkError';
    if (error.reason || FOUND.includes(code)) this.tellWhy(code);
    if (call.signal) call.signal.send({ type: 'close', sessionId: call.session ? call.session.id : null });
    // A yes belongs to one call; one that the server no longer takes is asked for again.
    if (code === 'CONSENT_INVALID' || code === 'CONSENT_REQUIRED') call.consentId = '';
    this.release(new CommandFailed(name, code, error.message || ''));
    call.emit('error', [{ name, code, message: error.message || '' }]);
    call.emit('failed', [session, { cause: code, originator: error.reason ? 'local' : 'remote', description: error.message || '' }]);
    this.gone();
    if (error.reason) call.go('blocked', { reason: error.reason, code });
    else if (code === 'FULL') call.go('full', { code });
    else call.go('error', { reason: code.toLowerCase(), code });
  }

  /** The call is over. `data` as in the `ended` event. */
  finish(data, originator) {
    const { call } = this;
    if (!call.talking) return this.fail({ code: data.code || 'AGENT_FAILURE', message: 'The call ended before it was answered.' });
    const seconds = data.seconds === undefined ? call.elapsed_s() : data.seconds;
    const reference = data.reference || (call.session && call.session.reference) || '';
    const session = closed(call.page(), { status: 'ended', duration: seconds });
    const error = data.cause === 'failed' ? { name: 'NetworkError', code: data.code, message: 'The call broke off.' } : null;
    call.consentId = '';
    this.release(new CommandFailed('AbortError', 'CALL_ENDED', 'The call has ended.'));
    if (error) call.emit('error', [error]);
    call.emit('audioEnded', []);
    call.emit('ended', [session, { cause: data.cause, originator, description: data.code || '' }]);
    this.gone();
    call.go('ended', { reason: data.cause, code: data.code || '', seconds, reference, rating: data.rating || '' });
  }

  release(error) {
    const { call } = this;
    const { media, signal } = call;
    this.wasRegistered = call.registered;
    call.clear();
    call.returning.forget();
    if (media) media.close();
    if (signal) signal.close();
    call.lock.give();
    call.waiting.giveUp(error);
  }

  gone() {
    const { call } = this;
    if (this.wasRegistered) call.emit('unregistered', []);
    call.emit('disconnected', []);
  }
}
