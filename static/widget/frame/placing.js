/**
 * How a call comes up: microphone and line side by side, then the offer; the line is a ticket, a socket, hello, registered.
 *
 * docs/wire.md is the law.
 */

import { failure } from './answers.js';
import { hear, hearLate } from './events.js';
import { NoMicrophone } from './media.js';

const GIVE_UP_MS = 14000; // what machines get: promises of the page are settled within 15 seconds …
const DISMISSED_MS = 30000; // … and a person who is asked in a way that no browser tells of
const ASKS_MS = 2000;
const HELLO_MS = 6000;
const RETRY_MS = [1000, 2000, 4000];
const AGAIN = ['NETWORK', 'SOCKET_BLOCKED'];

/** The ticket came by another way from the same server: a socket that does not even open is kept from it on its way. */
const unopened = (signal) => (signal && signal.waiting
  ? { code: 'SOCKET_BLOCKED', message: 'No WebSocket could be opened.' }
  : { code: 'NETWORK', message: 'The server could not be reached.' });
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Placing {
  /** @param {any} call */
  constructor(call) {
    this.call = call;
    this.trouble = null; // what has kept the line from coming up so far
    this.permission = ''; // to the microphone
  }

  /** From here on it is up to machines. */
  hurry(ms) {
    const { call } = this;
    clearTimeout(call.giveUp);
    call.giveUp = setTimeout(() => {
      const { media } = call;
      if (media && !media.stream) call.ending.fail(new NoMicrophone(this.permission ? 'MICROPHONE_FAILED' : 'MICROPHONE_DISMISSED'));
      else if (!call.registered) call.ending.fail(this.trouble || unopened(call.signal));
      else call.ending.failSound(media.blocked ? 'NO_UDP' : 'CONNECT_TIMEOUT', 'No connection came up in time.');
    }, ms || GIVE_UP_MS);
  }

  /** Places the call. Must be called inside the press, so nothing is awaited before the sound is unlocked. */
  async start() {
    const { call } = this;
    if (call.media) return;
    if (call.asks) return call.go('consent');
    const attempt = call.begin();
    call.announce();
    call.go('connecting');
    try {
      const media = call.newMedia();
      call.media = media;
      media.unlock();
      this.hurry();
      const free = await call.lock.take();
      if (attempt !== call.attempt) return; // whoever took it back has given the lock back too
      if (!free) return call.ending.elsewhere();
      await this.make(attempt, media);
    } catch (error) {
      if (attempt === call.attempt) call.ending.fail(error);
    }
  }

  async make(attempt, media) {
    const { call } = this;
    const microphone = media.openMicrophone((reason) => attempt === call.attempt && call.setUnheard(reason));
    microphone.catch(() => {});
    const permission = await media.permission();
    if (attempt !== call.attempt) return;
    this.permission = permission;
    if (permission === 'prompt') {
      // Nobody keeps a line busy while a person thinks about the question, and nobody hurries them.
      clearTimeout(call.giveUp);
      call.go('connecting', { reason: 'asking' });
      await microphone;
      if (attempt !== call.attempt) return;
      this.hurry();
      call.go('connecting');
    }
    if (!permission) this.mayAsk(attempt, media, microphone);
    const line = call.registered ? Promise.resolve() : call.lining || this.line(attempt);
    line.catch(() => {});
    const [capture] = await Promise.all([microphone, Promise.race([call.ticketed, line])]);
    if (attempt !== call.attempt) return;
    const sdp = await media.offer(call.iceServers, call.returning.soundTo(attempt));
    if (attempt !== call.attempt) return;
    call.sdp = sdp;
    call.capture = capture;
    if (call.signal) this.sendOffer();
    await line;
  }

  /** Where the browser does not say whether it asks: what takes so long is a question that nobody has answered yet. */
  mayAsk(attempt, media, microphone) {
    const { call } = this;
    const timer = setTimeout(() => {
      if (attempt !== call.attempt || media.stream) return;
      this.hurry(DISMISSED_MS);
      call.go('connecting', { reason: 'asking' });
      microphone.then(() => {
        if (attempt !== call.attempt || call.talking) return;
        this.hurry();
        call.go('connecting');
      }, () => {});
    }, ASKS_MS);
    microphone.then(() => clearTimeout(timer), () => clearTimeout(timer));
  }

  /** The line comes up once, whoever asks for it first. */
  line(given) {
    this.call.lining = this.open(given);
    return this.call.lining;
  }

  /** A ticket, a socket, hello, registered; tried again three times when the network is at fault. */
  async open(given) {
    const { call } = this;
    const attempt = given || call.begin();
    if (!given) this.hurry();
    let here = (/** @type {any} */ _) => {};
    call.ticketed = new Promise((done) => { here = done; });
    this.trouble = null;
    for (let tries = 0; ; tries++) {
      try {
        const { ticket, iceServers } = await call.api.ticket(await this.yes());
        if (attempt !== call.attempt) return;
        call.iceServers = iceServers;
        here(null);
        await this.register(attempt, ticket);
        return;
      } catch (thrown) {
        const error = failure(thrown);
        if (attempt !== call.attempt) return;
        this.trouble = error;
        if (!AGAIN.includes(error.code) || tries === RETRY_MS.length) {
          if (!given) call.ending.fail(error);
          throw error;
        }
        await wait(RETRY_MS[tries]);
        if (attempt !== call.attempt) return;
      }
    }
  }

  /** The record of the visitor's yes, made now if it has not been. */
  async yes() {
    const { call } = this;
    if (call.agreed) {
      call.consentId = await call.api.consent(call.consent.digest, call.consent.language);
      call.agreed = false;
    }
    return call.consentId;
  }

  /** @returns {Promise<void>} */
  register(attempt, ticket) {
    const { call } = this;
    return new Promise((resolve, reject) => {
      const refuse = (error) => {
        clearTimeout(late);
        if (attempt === call.attempt) call.signal = null;
        signal.close();
        reject(error);
      };
      const lost = () => refuse(unopened(signal));
      const signal = call.openSignal({
        message: (message) => {
          clearTimeout(late);
          if (attempt === call.attempt) hear(call, message, resolve, reject);
          else hearLate(call, message);
        },
        closed: (final) => {
          if (attempt !== call.attempt) return;
          if (call.registered) call.returning.lostSocket();
          else if (final) refuse({ code: 'HANDLER_ERROR', message: 'The server closed the connection.' });
          else lost();
        },
      });
      const late = setTimeout(lost, HELLO_MS);
      call.signal = signal;
      signal.send({ type: 'hello', ticket, lastEvent: 0 });
      if (call.sdp) this.sendOffer();
    });
  }

  sendOffer() {
    const { call } = this;
    call.signal.send({ type: 'offer', sessionId: call.session ? call.session.id : null, data: { type: 'offer', sdp: call.sdp } });
    call.returning.save();
    this.tellCapture();
  }

  /** The page hears of the microphone after `registered` and before `ringing`, whichever comes first in the wires. */
  tellCapture() {
    const { call } = this;
    if (!call.registered || !call.capture || call.captured) return;
    call.captured = true;
    call.emit('captureAudio', [call.capture]);
    if (call.rang && !call.talking) call.emit('ringing', [call.page()]);
  }
}
