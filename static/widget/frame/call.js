/**
 * One call after the other, from the press to the ended screen, and what the page is told of it.
 *
 * It touches neither page nor browser: media, sockets, requests and lock are handed in, what is to be seen goes out
 * by `show(state)`, what the page may know by `emit(name, args)`. docs/page-api.md has the order of the events.
 */

import { EVENTS } from './events.js';
import { Opening, Returning } from './line.js';
import { CommandFailed, Waiting, checkInfo, described } from './session.js';

const GIVE_UP_MS = 30000;
const WOBBLE_MS = 2000;
const NOTE_MS = 8000;
const LAST_WORD_MS = 5000;

export class Call {
  /**
   * @param {object} parts
   * @param {{consent: (digest: string, language: string) => Promise<string>, ticket: (consent: string) => Promise<any>, granted: Function, urls: any}} parts.api
   * @param {(to: object, lastEvent?: number) => any} parts.openSignal
   * @param {() => any} parts.newMedia
   * @param {{take: () => Promise<boolean>, give: () => void}} parts.lock
   * @param {{digest: string, language: string} | null} parts.consent  the wording to agree to, where there is one
   * @param {boolean} [parts.rates]  whether visitors are asked for stars
   * @param {import('./keep.js').Keep} parts.keep
   * @param {() => number} parts.now_s
   * @param {(name: string, args: any[]) => void} parts.emit
   * @param {(state: object) => void} parts.show
   */
  constructor(parts) {
    this.api = parts.api;
    this.openSignal = parts.openSignal;
    this.newMedia = parts.newMedia;
    this.lock = parts.lock;
    this.consent = parts.consent;
    this.rates = Boolean(parts.rates);
    this.now_s = parts.now_s;
    this.emit = parts.emit;
    this.show = parts.show;
    this.consentId = '';
    this.waiting = new Waiting();
    this.opening = new Opening(this);
    this.returning = new Returning(this, parts.keep);
    this.clear();
    this.state = this.beginning();
  }

  clear() {
    this.attempt = null;
    this.lining = null;
    this.ticketed = null;
    this.announced = false;
    this.agreed = false;
    this.capture = null;
    this.media = null;
    this.signal = null;
    this.iceServers = null;
    this.sdp = '';
    this.session = null;
    this.registered = false;
    this.captured = false;
    this.rang = false;
    this.answeredAt = 0;
    this.muted = false;
    this.lastEvent = 0;
    this.turn = 'listening';
    this.lines = [];
    this.weak = false;
    this.note = null;
    clearTimeout(this.noted);
    this.deaf = false;
    clearTimeout(this.giveUp);
    clearTimeout(this.wobble);
    this.returning.reset();
  }

  beginning() {
    return { name: this.asks ? 'consent' : 'start', reason: '' };
  }

  go(name, more) {
    this.state = Object.assign({ name, reason: '' }, more);
    this.show(this.state);
  }

  get busy() {
    return this.attempt !== null;
  }

  /** Whether the visitor has to say yes before anything else. */
  get asks() {
    return Boolean(this.consent) && !this.consentId && !this.agreed;
  }

  get talking() {
    return this.answeredAt > 0;
  }

  // ── What the page's script and the visitor ask for ───────────────────────────────────────────────────────────

  /** Opens the line without a call. With consent switched on it waits for the visitor's yes. */
  connect() {
    if (this.registered) return Promise.resolve(null);
    const done = this.waiting.until('registered');
    if (this.busy) return done;
    this.announce();
    if (this.asks) this.go('consent');
    else this.line().catch(() => {});
    return done;
  }

  /** @param {boolean} gesture whether somebody has touched the page: a microphone does not open by itself */
  connectAndCall(gesture) {
    if (this.talking || (this.busy && this.media)) {
      return Promise.reject(new CommandFailed('InvalidStateError', 'CALL_EXISTS', 'There is a call already.'));
    }
    const done = this.waiting.until('answered');
    if (this.asks) {
      this.announce();
      this.go('consent');
    } else if (gesture) {
      this.start();
    } else {
      this.go('start');
    }
    return done;
  }

  startCall(gesture) {
    if (!this.registered && !this.busy) {
      return Promise.reject(new CommandFailed('InvalidStateError', 'NOT_CONNECTED', 'Call connect() first, or use connectAndCall().'));
    }
    return this.connectAndCall(gesture);
  }

  /** The visitor's yes. `press` is the tap itself: sound is unlocked and the microphone opened by it. */
  async agree() {
    const wantsLineOnly = this.waiting.onlyFor('registered');
    this.agreed = true;
    if (!wantsLineOnly) return this.start();
    this.go('connecting');
    return this.line().then(() => {
      if (!this.media) this.go('start');
    }, () => {});
  }

  /** Places the call. Must be called inside the press, so nothing is awaited before the sound is unlocked. */
  async start() {
    if (this.media) return;
    if (this.asks) return this.go('consent');
    const attempt = this.begin();
    const media = this.newMedia();
    this.media = media;
    media.unlock();
    this.announce();
    this.go('connecting');
    try {
      if (!(await this.lock.take())) return this.elsewhere();
      if (attempt !== this.attempt) return this.lock.give();
      await this.make(attempt, media);
    } catch (error) {
      if (attempt === this.attempt) this.fail(error);
    }
  }

  async make(attempt, media) {
    const microphone = media.openMicrophone();
    microphone.catch(() => {});
    const asked = await media.willAsk();
    if (attempt !== this.attempt) return;
    if (asked) {
      // Nobody keeps a line busy while a person thinks about the question.
      this.go('connecting', { reason: 'asking' });
      await microphone;
      if (attempt !== this.attempt) return;
      this.go('connecting');
    }
    this.giveUp = setTimeout(() => {
      this.failSound(media.blocked ? 'NO_UDP' : 'CONNECT_TIMEOUT', 'No connection came up in time.');
    }, GIVE_UP_MS);
    const line = this.registered ? Promise.resolve() : this.lining || this.line(attempt);
    line.catch(() => {});
    const [capture] = await Promise.all([microphone, Promise.race([this.ticketed, line])]);
    if (attempt !== this.attempt) return;
    const sdp = await media.offer(this.iceServers, this.soundTo(attempt));
    if (attempt !== this.attempt) return;
    this.sdp = sdp;
    this.capture = capture;
    if (this.signal) this.sendOffer();
    await line;
  }

  soundTo(attempt) {
    return {
      state: (state) => this.heardOfSound(attempt, state),
      refused: () => {
        this.deaf = true;
        this.show(this.state);
      },
    };
  }

  disconnect() {
    if (this.busy || this.registered) this.hangUp();
    return Promise.resolve(null);
  }

  endCall() {
    if (!this.busy) return Promise.reject(new CommandFailed('InvalidStateError', 'NO_CALL', 'There is no call.'));
    this.hangUp();
    return Promise.resolve(null);
  }

  /** The visitor has had enough: everything is off at once, the server is told, nobody waits for its answer. */
  hangUp() {
    if (this.signal) this.signal.send({ type: 'close', sessionId: this.session ? this.session.id : null });
    if (this.talking) {
      const { signal } = this;
      if (this.rates && signal) {
        // Its last word brings the ticket for the stars.
        this.signal = null;
        setTimeout(() => signal.close(), LAST_WORD_MS);
      }
      return this.finish({ cause: 'visitor_ended', seconds: this.elapsed_s() }, 'local');
    }
    const session = this.page();
    const had = this.media !== null || this.waiting.hasFor('answered');
    this.release(new CommandFailed('AbortError', 'CANCELLED', 'The call was cancelled.'));
    if (had) this.emit('failed', [session, { cause: 'cancelled', originator: 'local', description: '' }]);
    this.gone();
    this.go(this.beginning().name);
  }

  /** No consent: whoever waits for a call is told. */
  decline() {
    if (this.announced) this.hangUp();
  }

  setMuted(muted) {
    if (!this.talking) return Promise.reject(new CommandFailed('InvalidStateError', 'NO_CALL', 'There is no call.'));
    if (muted !== this.muted) {
      this.muted = muted;
      this.media.mute(muted);
      this.signal.send({ type: 'muted', muted });
      this.emit(muted ? 'muted' : 'unmuted', [this.page()]);
      this.show(this.state);
    }
    return Promise.resolve(null);
  }

  async sendInfo(text, data) {
    if (!this.talking) throw new CommandFailed('InvalidStateError', 'NO_CALL', 'There is no call.');
    checkInfo(text, data);
    this.signal.send({ type: 'info', text, data });
    this.emit('infoSent', [text, data]);
    return null;
  }

  /** A key of the keypad. */
  press(digit) {
    if (this.talking) this.signal.send({ type: 'dtmf', digit });
  }

  /** Something the visitor has to know while the call goes on. */
  tell(key, values) {
    if (!this.talking) return;
    this.note = { key, values };
    clearTimeout(this.noted);
    this.noted = setTimeout(() => {
      this.note = null;
      this.show(this.state);
    }, NOTE_MS);
    this.show(this.state);
  }

  /** Another tab's call goes on here: it hands its place over, or its visitor has just hung up. */
  async move(ask) {
    const place = await ask();
    if (this.busy) return;
    if (place) await this.returning.resume(place, true);
    else this.again();
  }

  /** A page that was left in the middle of a call, and is back. */
  resume() {
    const place = this.returning.keep.load();
    if (this.busy) return;
    if (place) this.returning.resume(place, false);
    else this.lock.give();
  }

  /** What another tab needs to go on with this one's call. */
  place() {
    return this.talking ? this.returning.keep.load() : null;
  }

  /** From an error or the ended screen back to the beginning, and on at once where no question stands before it. */
  again() {
    this.go(this.beginning().name);
    if (this.state.name === 'start') this.start();
  }

  /** The other tab's call is over. */
  free() {
    if (this.state.name === 'elsewhere') this.go(this.beginning().name);
  }

  // ── The line ─────────────────────────────────────────────────────────────────────────────────────────────────

  announce() {
    if (!this.announced && !this.registered) this.emit('connecting', []);
    this.announced = true;
  }

  begin() {
    if (!this.attempt) this.attempt = {};
    return this.attempt;
  }

  /** The line comes up once, whoever asks for it first. */
  line(given) {
    this.lining = this.opening.open(given);
    return this.lining;
  }

  sendOffer() {
    this.signal.send({ type: 'offer', sessionId: this.session ? this.session.id : null, data: { type: 'offer', sdp: this.sdp } });
    this.tellCapture();
  }

  /** The page hears of the microphone after `registered` and before `ringing`, whichever comes first in the wires. */
  tellCapture() {
    if (!this.registered || !this.capture || this.captured) return;
    this.captured = true;
    this.emit('captureAudio', [this.capture]);
    if (this.rang && !this.talking) this.emit('ringing', [this.page()]);
  }

  hear(message, registered, refused) {
    const data = message.data || {};
    if (message.type === 'answer') {
      this.media.answer(data.sdp).catch(() => this.fail({ code: 'MEDIA_BRIDGE_FAILURE', message: 'The answer could not be used.' }));
    } else if (message.type === 'event') {
      this.lastEvent = message.n;
      this.heardEvent(message.name, data, registered);
    } else if (message.type === 'attached') {
      this.returning.attached(data);
    } else if (message.type === 'reconnect') {
      if (this.talking) this.returning.lostSound();
    } else if (message.type === 'error' && data.code === 'CALL_ELSEWHERE' && this.registered) {
      this.over(data.code);
    } else if (message.type === 'error') {
      const error = { code: data.code || 'HANDLER_ERROR', message: data.message || '' };
      if (this.talking) this.emit('error', [{ name: 'ServerError', code: error.code, message: error.message }]);
      else if (this.registered) this.fail(error);
      else refused(error);
    } else if (message.type === 'close' && this.registered) {
      this.finish({ cause: 'agent_ended', seconds: this.elapsed_s() }, 'remote');
    }
  }

  /** From the socket of a call that the visitor has left. */
  hearLate({ name, data }) {
    const { state } = this;
    if (name === 'ended' && data.rating && state.name === 'ended' && data.reference === state.reference) {
      this.go('ended', Object.assign({}, state, { rating: data.rating }));
    }
  }

  heardEvent(name, data, registered) {
    if (Object.prototype.hasOwnProperty.call(EVENTS, name)) EVENTS[name](this, data, registered);
  }

  // ── When it breaks, and when it ends ─────────────────────────────────────────────────────────────────────────

  heardOfSound(attempt, state) {
    if (attempt !== this.attempt) return;
    clearTimeout(this.wobble);
    if (state === 'connected') {
      if (this.talking) this.returning.soundIsBack();
    } else if (!this.talking) {
      if (state === 'failed') this.failSound('ICE_FAILED', 'No sound connection.');
    } else if (state === 'failed') {
      this.returning.lostSound();
    } else if (!this.returning.away) {
      // Most such gaps close by themselves.
      this.wobble = setTimeout(() => this.returning.lostSound(), WOBBLE_MS);
    }
  }

  /** The socket is gone; a call that was answered goes on. Had it ended, the server would have said so before. */
  lostSocket() {
    if (this.talking) this.returning.lostSocket();
    else this.fail({ code: 'NETWORK', message: 'The connection was lost.' });
  }

  /** The server says that this page has no call any more. */
  over(code) {
    if (code === 'CALL_ELSEWHERE') return this.elsewhere();
    if (this.talking) return this.finish({ cause: 'connection_lost', seconds: this.elapsed_s() }, 'remote');
    this.release(new CommandFailed('AbortError', 'CALL_ENDED', 'The call has ended.'));
    this.gone();
    this.go(this.beginning().name);
  }

  lost() {
    if (this.signal) this.signal.send({ type: 'close', sessionId: this.session ? this.session.id : null });
    this.finish({ cause: 'connection_lost', seconds: this.elapsed_s() }, 'local');
  }

  elsewhere() {
    const session = this.page();
    const error = new CommandFailed('InvalidStateError', 'CALL_ELSEWHERE', 'Call active in another tab');
    const was = this.talking;
    this.release(error);
    if (was) this.emit('audioEnded', []);
    this.emit(was ? 'ended' : 'failed', [session, { cause: 'elsewhere', originator: 'local', description: error.message }]);
    this.gone();
    this.go('elsewhere', { reason: 'tab' });
  }

  /** The server cannot see why no sound came: it is told, so that the conversation says the same as the card. */
  failSound(code, message) {
    this.tellWhy(code);
    this.fail({ code, message });
  }

  /** Where the server knows of no call, one is kept that never began. */
  tellWhy(code) {
    const { api, signal } = this;
    if (signal && !signal.waiting && code !== 'FULL') signal.send({ type: 'report', code });
    else this.opening.yes().then((consent) => api.granted(api.urls.missed, { code, consent })).catch(() => {});
  }

  /** The call did not come up. */
  fail(error) {
    const code = error.code || 'NETWORK';
    const session = this.page();
    const name = error.reason ? 'NotAllowedError' : 'NetworkError';
    if (error.reason || code === 'FULL') this.tellWhy(code);
    if (this.signal) this.signal.send({ type: 'close', sessionId: this.session ? this.session.id : null });
    // A yes belongs to one call; one that the server no longer takes is asked for again.
    if (code === 'CONSENT_INVALID' || code === 'CONSENT_REQUIRED') this.consentId = '';
    this.release(new CommandFailed(name, code, error.message || ''));
    this.emit('error', [{ name, code, message: error.message || '' }]);
    this.emit('failed', [session, { cause: code, originator: error.reason ? 'local' : 'remote', description: error.message || '' }]);
    this.gone();
    if (error.reason) this.go('blocked', { reason: error.reason, code });
    else if (code === 'FULL') this.go('full', { code });
    else this.go('error', { reason: code.toLowerCase(), code });
  }

  /** The call is over. `data` as in the `ended` event. */
  finish(data, originator) {
    if (!this.talking) return this.fail({ code: data.code || 'AGENT_FAILURE', message: 'The call ended before it was answered.' });
    const seconds = data.seconds === undefined ? this.elapsed_s() : data.seconds;
    const reference = data.reference || (this.session && this.session.reference) || '';
    const session = Object.assign(this.page(), { status: 'ended', duration: seconds });
    const error = data.cause === 'failed' ? { name: 'NetworkError', code: data.code, message: 'The call broke off.' } : null;
    this.consentId = '';
    this.release(new CommandFailed('AbortError', 'CALL_ENDED', 'The call has ended.'));
    if (error) this.emit('error', [error]);
    this.emit('audioEnded', []);
    this.emit('ended', [session, { cause: data.cause, originator, description: data.code || '' }]);
    this.gone();
    this.go('ended', { reason: data.cause, code: data.code || '', seconds, reference, rating: data.rating || '' });
  }

  release(error) {
    const { media, signal } = this;
    this.wasRegistered = this.registered;
    this.clear();
    this.returning.forget();
    if (media) media.close();
    if (signal) signal.close();
    this.lock.give();
    this.waiting.giveUp(error);
  }

  gone() {
    if (this.wasRegistered) this.emit('unregistered', []);
    this.emit('disconnected', []);
  }

  // ── Small things ─────────────────────────────────────────────────────────────────────────────────────────────

  elapsed_s() {
    return this.answeredAt ? this.now_s() - this.answeredAt : 0;
  }

  /** The session as the page may know it. */
  page() {
    return described(this);
  }
}
