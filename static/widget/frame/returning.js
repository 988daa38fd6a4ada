/**
 * The way back into a call that lost its socket, its sound, or its page.
 *
 * docs/wire.md, "Coming back", is the law: a lost socket is opened anew and says hello with the call's resume token;
 * lost sound gets a new peer connection and an offer on whatever socket there is; a new page does both. The server keeps
 * the call for `keeps` seconds.
 */

import { hear, hearLate } from './events.js';

const WOBBLE_MS = 2000;
const AGAIN_MS = [500, 1000, 2000, 4000];
// Offers are not made faster: the server takes 30 a minute, and asks every 3 s while it has none.
const OFFERS_MS = 2500;
// What the server says of a call that another hello does not bring back.
const FINAL = ['SESSION_GONE', 'RESUME_INVALID', 'CALL_ELSEWHERE'];
const KEEPS_S = 30;
const HELLO_MS = 6000;
const LOCK_TRIES = 20;
const LOCK_MS = 250;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Returning {
  /**
   * @param {import('./call.js').Call} call
   * @param {import('./keep.js').Keep} keep
   */
  constructor(call, keep) {
    this.call = call;
    this.keep = keep;
    this.reset();
  }

  reset() {
    this.keeps_s = KEEPS_S;
    this.token = '';
    this.began_s = 0;
    this.socketAway = false;
    this.soundAway = false;
    this.offering = null; // the offer that was made last, until it is old enough for another
    this.again = false;
    clearTimeout(this.giveUp);
    clearTimeout(this.wobble);
    this.giveUp = 0;
  }

  /** The call is over, or somebody else's: nothing to come back to. */
  forget() {
    this.reset();
    this.keep.clear();
  }

  get away() {
    return this.socketAway || this.soundAway;
  }

  /** The server says where the call stands, after every hello. */
  attached(data) {
    this.token = data.token;
    this.begins();
    this.keeps_s = data.keeps || KEEPS_S;
    if (this.call.media) this.save();
  }

  /** When the call began, whichever page it began on: the first time that this page is told of it, and then always that. */
  begins() {
    this.began_s = this.began_s || this.call.now_s();
    return this.began_s;
  }

  /** Another page may go on from here: with a call that somebody has asked for. A line alone is nothing to come back to. */
  save() {
    const { token, began_s } = this;
    const { iceServers, typed, written } = this.call;
    if (token) this.keep.save({ token, iceServers, began_s, typed, written });
  }

  // ── While the page is there ──────────────────────────────────────────────────────────────────────────────────

  /** The socket has closed and the call may go on without: another one, for as long as the server keeps the call. */
  async lostSocket() {
    const { call } = this;
    // Had the call ended, the server would have said so before.
    if (!call.talking) return call.ending.fail({ code: 'NETWORK', message: 'The connection was lost.' });
    if (this.socketAway) return;
    this.socketAway = true;
    this.show();
    const data = await this.attach(call.attempt, false);
    if (!data) return;
    this.socketAway = false;
    this.offering = null; // it may have been lost with the socket
    call.tellMicrophone();
    if (this.soundAway || !data.sound) this.newSound();
    this.settle();
  }

  /** Says hello until it is answered, as long as the server keeps the call. Gives null when that has come to nothing. */
  async attach(attempt, move) {
    const { call } = this;
    for (let tries = 0; attempt === call.attempt; tries++) {
      if (tries) await wait(AGAIN_MS[Math.min(tries, AGAIN_MS.length) - 1]);
      if (attempt !== call.attempt) return null;
      try {
        return await this.hello(attempt, move);
      } catch (error) {
        if (attempt === call.attempt && error && error.final) call.ending.over(error.code);
      }
    }
    return null;
  }

  /** The visitor leaves between two tries: a socket that says so, where there can be one. */
  goodbye() {
    const { call } = this;
    const { lastEvent } = call;
    try {
      const signal = call.openSignal({ message: (message) => hearLate(call, message), closed: () => {} }, lastEvent);
      signal.send({ type: 'hello', resumeToken: this.token, lastEvent });
      return signal;
    } catch (error) {
      return null;
    }
  }

  /** What the peer connection of this attempt tells. */
  soundTo(attempt) {
    const { call } = this;
    return {
      state: (state) => this.heardOfSound(attempt, state),
      refused: () => {
        if (attempt !== call.attempt) return;
        call.deaf = true;
        call.show(call.state);
      },
    };
  }

  heardOfSound(attempt, state) {
    const { call } = this;
    if (attempt !== call.attempt) return;
    clearTimeout(this.wobble);
    if (state === 'connected') {
      if (call.talking) this.soundIsBack();
    } else if (!call.talking) {
      if (state === 'failed') call.ending.failSound('ICE_FAILED', 'No sound connection.');
    } else if (state === 'failed') {
      this.newSound();
    } else if (!this.away) {
      // Most such gaps close by themselves.
      this.wobble = setTimeout(() => this.newSound(), WOBBLE_MS);
    }
  }

  /** The browser refuses the server's answer. */
  unusable() {
    if (this.call.talking) this.newSound();
    else this.call.ending.fail({ code: 'BROWSER_FAILED', message: 'The browser refused the answer.' });
  }

  /** The server hears nothing and has no offer. One that it has not seen yet, when it asks, is on its way. */
  wanted() {
    if (this.call.talking && !this.offering) this.newSound();
  }

  soundIsBack() {
    this.soundAway = this.again = false;
    this.settle();
  }

  /** Sound has failed, or the server hears none: a new peer connection with the same microphone. */
  async newSound() {
    const { call } = this;
    const { attempt } = call;
    this.soundAway = true;
    this.show();
    this.again = Boolean(this.offering);
    if (this.socketAway || this.offering) return;
    const mine = this.offering = {};
    try {
      const sdp = await call.media.offer(call.iceServers, this.soundTo(attempt));
      if (mine !== this.offering) return;
      call.sdp = sdp;
      if (!this.socketAway) call.placing.sendOffer();
    } catch (error) {
      // The server asks again.
    }
    await wait(OFFERS_MS);
    if (mine !== this.offering) return;
    this.offering = null;
    if (this.again) this.newSound();
  }

  show() {
    if (!this.giveUp) this.giveUp = setTimeout(() => this.call.ending.lost(), this.keeps_s * 1000);
    this.call.go('reconnecting', { reason: this.socketAway ? 'socket' : 'sound' });
  }

  settle() {
    if (this.away) return this.call.go('reconnecting', { reason: this.socketAway ? 'socket' : 'sound' });
    clearTimeout(this.giveUp);
    this.giveUp = 0;
    if (this.call.talking) this.call.go('in-call');
  }

  /** @returns {Promise<any>} what `attached` says; rejects with {final, code} */
  hello(attempt, move) {
    const { call } = this;
    const { lastEvent } = call;
    return new Promise((resolve, reject) => {
      let here = false;
      const refuse = (final, code) => {
        clearTimeout(late);
        signal.close();
        reject({ final, code });
      };
      const signal = call.openSignal({
        message: (message) => {
          if (attempt !== call.attempt) return hearLate(call, message);
          if (message.type === 'attached') {
            here = true;
            clearTimeout(late);
            this.attached(message.data);
            resolve(message.data);
          } else if (message.type === 'error' && !here) {
            refuse(FINAL.includes(message.data.code), message.data.code);
          } else {
            hear(call, message, () => {}, reject);
          }
        },
        closed: (final) => {
          if (attempt !== call.attempt) return;
          if (here) this.lostSocket();
          else refuse(final, 'SESSION_GONE');
        },
      }, lastEvent);
      // One that hangs must not keep the next from trying another way.
      const late = setTimeout(() => refuse(false, 'NETWORK'), HELLO_MS);
      call.signal = signal;
      signal.send(Object.assign({ type: 'hello', resumeToken: this.token, lastEvent }, move ? { move } : null));
    });
  }

  // ── In a new page, or another tab ────────────────────────────────────────────────────────────────────────────

  /**
   * Goes on with a call that another document began.
   * @param {{token: string, iceServers: object[], began_s: number, typed?: boolean, written?: number[]}} place
   * @param {boolean} move  from a tab that still has it
   */
  async resume(place, move) {
    const { call } = this;
    const attempt = call.begin();
    call.iceServers = place.iceServers;
    call.announce();
    this.token = place.token;
    this.began_s = place.began_s;
    call.typed = Boolean(place.typed);
    call.written = place.written || [];
    this.soundAway = true;
    this.show();
    try {
      const media = call.newMedia();
      call.media = media;
      media.unlock();
      const microphone = media.openMicrophone((reason) => attempt === call.attempt && call.setUnheard(reason));
      microphone.catch(() => {});
      const data = await this.attach(attempt, move);
      if (!data) return;
      const free = await this.lock(attempt);
      if (attempt !== call.attempt) return;
      if (!free) return call.ending.elsewhere();
      if (data.seconds !== null) call.answeredAt = call.now_s() - data.seconds;
      call.capture = await microphone;
      if (attempt !== call.attempt) return;
      if (data.muted) {
        call.muted = true;
        media.mute(true);
      }
      if (call.talking) call.tellMicrophone();
      this.newSound();
    } catch (error) {
      if (attempt === call.attempt) call.ending.fail(error);
    }
  }

  /** The page before this one, or the tab that hands over, may hold the lock for another moment. */
  async lock(attempt) {
    for (let tries = 0; tries < LOCK_TRIES && attempt === this.call.attempt; tries++) {
      if (await this.call.lock.take()) return true;
      await wait(LOCK_MS);
    }
    return false;
  }
}
