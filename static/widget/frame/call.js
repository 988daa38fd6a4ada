/**
 * One call after the other, from the press to the ended screen, and what the page is told of it.
 *
 * It touches neither page nor browser: media, sockets, requests and lock are handed in, what is to be seen goes out
 * by `show(state)`, what the page may know by `emit(name, args)`. docs/page-api.md has the order of the events.
 */

import { CommandFailed, Waiting, closed, described } from './answers.js';
import { Ending } from './ending.js';
import { loudly } from './guard.js';
import { Placing } from './placing.js';
import { Returning } from './returning.js';
import { Tabs } from './tabs.js';

const NOTE_MS = 8000;
const LAST_WORD_MS = 5000;
const REASONS = ['muted', 'track_ended', 'taken', 'typing']; // why the visitor is not heard

export class Call {
  /**
   * @param {object} parts
   * @param {{consent: (digest: string, language: string) => Promise<string>, ticket: (consent: string) => Promise<any>, granted: Function, urls: any}} parts.api
   * @param {(to: object, lastEvent?: number) => any} parts.openSignal
   * @param {() => any} parts.newMedia
   * @param {{take: () => Promise<boolean>, busy: () => Promise<boolean>, give: () => void}} parts.lock
   * @param {{digest: string, language: string} | null} parts.consent  the wording to agree to, where there is one
   * @param {boolean} [parts.rates]  whether visitors are asked for stars
   * @param {(text: string, data: object) => Promise<void>} [parts.checkInfo]  throws what the server would refuse; where a page may send something
   * @param {import('./keep.js').Keep} parts.keep
   * @param {() => number} parts.now_s
   * @param {(name: string, args: any[]) => void} parts.emit
   * @param {(state: object) => void} parts.show
   */
  constructor(parts) {
    this.giveUp = 0; // the timer of a call that does not come up
    this.api = parts.api;
    this.openSignal = parts.openSignal;
    this.newMedia = parts.newMedia;
    this.lock = parts.lock;
    this.consent = parts.consent;
    this.rates = Boolean(parts.rates);
    this.now_s = parts.now_s;
    this.checkInfo = parts.checkInfo;
    this.emit = loudly(parts.emit);
    this.show = loudly(parts.show);
    this.consentId = '';
    this.question = ''; // that the visitor began the call with
    this.typed = false; // there is no microphone: the visitor writes
    this.waiting = new Waiting();
    this.placing = new Placing(this);
    this.ending = new Ending(this);
    this.tabs = new Tabs(this);
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
    this.unheard = ''; // why the microphone gives no sound, as long as it lasts: track_ended, taken, or typing
    this.lastEvent = 0;
    this.turn = 'listening';
    this.lines = [];
    this.written = /** @type {number[]} */ ([]); // when, of what was typed lately
    this.link = null; // what the agent has shown last
    this.weak = false;
    this.note = null;
    clearTimeout(this.noted);
    this.deaf = false;
    clearTimeout(this.giveUp);
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

  /** What the visitor should know of the microphone; who has none and writes knows. */
  get trouble() {
    return this.unheard === 'typing' ? '' : this.unheard;
  }

  /** Whose turn it is, or what is in its way, as the words on the card are named. */
  get says() {
    const { turn } = this;
    if (this.muted) return 'muted';
    if (this.trouble) return 'unheard';
    return this.unheard && turn === 'listening' ? 'reading' : turn;
  }

  // ── What the page's script and the visitor ask for ───────────────────────────────────────────────────────────

  /** Opens the line without a call. With consent switched on it waits for the visitor's yes. */
  connect() {
    if (this.registered) return Promise.resolve(null);
    const done = this.waiting.until('registered');
    if (this.busy) return done;
    this.announce();
    if (this.asks) this.tabs.ask('consent');
    else this.placing.line().catch(() => {});
    return done;
  }

  /** @param {boolean} gesture whether somebody has touched the page: a microphone does not open by itself */
  connectAndCall(gesture) {
    if (this.talking || (this.busy && this.media)) {
      return Promise.reject(new CommandFailed('InvalidStateError', 'CALL_EXISTS', 'There is a call already.'));
    }
    const done = this.waiting.until('answered');
    this.typed = false;
    if (this.asks) {
      this.announce();
      this.tabs.ask('consent');
    } else if (gesture) {
      this.start();
    } else {
      this.tabs.ask('start');
    }
    return done;
  }

  startCall(gesture) {
    if (!this.registered && !this.busy) {
      return Promise.reject(new CommandFailed('InvalidStateError', 'NOT_CONNECTED', 'No line is open. Call connect() first, or use connectAndCall().'));
    }
    return this.connectAndCall(gesture);
  }

  /** The visitor's yes. `press` is the tap itself: sound is unlocked and the microphone opened by it. */
  async agree() {
    const wantsLineOnly = this.waiting.onlyFor('registered');
    this.agreed = true;
    if (!wantsLineOnly) return this.start();
    this.go('connecting');
    const attempt = this.begin();
    return this.placing.line().then(() => {
      if (attempt === this.attempt && !this.media) this.go('start');
    }, () => {});
  }

  /** Places the call. Must be called inside the press. */
  start() {
    return this.placing.start();
  }

  /** The same, with a question that the agent is asked after its greeting. */
  ask(question) {
    this.question = question;
    return this.start();
  }

  disconnect() {
    if (this.busy) this.hangUp();
    else this.decline();
    return Promise.resolve(null);
  }

  endCall() {
    if (!this.busy && !this.waiting.hasFor('answered')) return Promise.reject(new CommandFailed('InvalidStateError', 'NO_CALL', 'There is no call.'));
    return this.disconnect();
  }

  /** The visitor has had enough: everything is off at once, the server is told, nobody waits for its answer. */
  hangUp() {
    const between = this.talking && this.returning.token && (!this.signal || this.signal.done);
    if (between) this.signal = this.returning.goodbye();
    if (this.signal) this.signal.send({ type: 'close', sessionId: this.session ? this.session.id : null });
    if (this.talking) {
      const { signal } = this;
      if ((this.rates || between) && signal) {
        // Its last word brings the ticket for the stars.
        this.signal = null;
        setTimeout(() => signal.close(), LAST_WORD_MS);
      }
      return this.ending.finish({ cause: 'visitor_ended', seconds: this.elapsed_s() }, 'local');
    }
    const session = closed(this.page(), { status: 'failed' });
    const had = this.media !== null || this.waiting.hasFor('answered');
    this.ending.release(new CommandFailed('AbortError', 'CANCELLED', 'The call was cancelled.'));
    if (had) this.emit('failed', [session, { cause: 'cancelled', originator: 'local', description: '' }]);
    this.ending.gone();
    this.go(this.beginning().name);
  }

  /** The visitor does not do what a command waits for: whoever waits for it is told. */
  decline() {
    if (!this.waiting.waiters.length) return;
    this.announce();
    this.hangUp();
  }

  /** The card was put away: what it asked for before a call is not answered any more. */
  putAway() {
    const { name } = this.state;
    if (name === 'consent' || (name === 'start' && this.waiting.hasFor('answered'))) this.decline();
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

  /** @param {'' | 'track_ended' | 'taken' | 'typing'} reason */
  setUnheard(reason) {
    if (reason === this.unheard) return;
    this.unheard = reason;
    if (reason) this.note = null; // older than this
    if (this.talking) this.tellMicrophone();
    this.show(this.state);
  }

  /** What keeps the visitor from being heard: the server's clocks wait. What it knows already it leaves alone. */
  tellMicrophone() {
    const { muted, unheard, signal } = this;
    REASONS.forEach((reason) => signal.send({ type: 'muted', muted: reason === unheard || (muted && reason === 'muted'), reason }));
  }

  async sendInfo(text, data) {
    const noCall = () => new CommandFailed('InvalidStateError', 'NO_CALL', 'There is no call.');
    if (!this.talking) throw noCall();
    await this.checkInfo(text, data);
    if (!this.talking) throw noCall();
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

  /** A page that was left in the middle of a call, and is back. */
  resume() {
    const place = this.returning.keep.load();
    if (this.busy) return;
    if (place) this.returning.resume(place, false);
    else this.lock.give();
  }

  /** From an error or the ended screen back to the beginning, and on at once where no question stands before it. */
  again() {
    this.go(this.beginning().name);
    if (this.state.name === 'start') this.start();
  }

  // ── Small things ─────────────────────────────────────────────────────────────────────────────────────────────

  announce() {
    if (!this.announced && !this.registered) this.emit('connecting', []);
    this.announced = true;
  }

  /** What is going on now; whoever waited for something looks whether it still is. */
  begin() {
    if (!this.attempt) this.attempt = {};
    return this.attempt;
  }

  elapsed_s() {
    return this.answeredAt ? this.now_s() - this.answeredAt : 0;
  }

  /** The session as the page may know it. */
  page() {
    return described(this);
  }
}
