/** What a Call is put together from, without a browser: a server that answers as told, and a history of what happened. */

import { checkInfo } from '../../static/widget/frame/later/info.js';
import assert from 'node:assert/strict';

import { Call } from '../../static/widget/frame/call.js';

// A call that a test leaves waiting does not keep the whole run waiting for its 30 seconds.
const timer = globalThis.setTimeout;
globalThis.setTimeout = (...given) => timer(...given).unref();

/** What a message is at the other end. What has no JSON is a mistake of the one who sends it. */
function overTheWire(message) {
  const arrives = JSON.parse(JSON.stringify(message));
  assert.deepEqual(arrives, message);
  return arrives;
}

/** How media.js says that there is no microphone. */
export const noMicrophone = (reason) => Object.assign(new Error('no'), { reason, code: 'MICROPHONE_' + reason.toUpperCase() });

export class FakeSignal {
  constructor(to) {
    this.to = Object.assign({}, to, { message: (message) => to.message(overTheWire(message)) });
    this.sent = [];
    this.n = 0;
    this.open = true;
  }

  send(message) {
    this.sent.push(overTheWire(message));
  }

  close() {
    this.open = false;
  }

  event(name, data) {
    this.n += 1;
    this.to.message({ type: 'event', n: this.n, name, data: data || {} });
  }

  registered() {
    this.event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
    this.attached({});
  }

  attached(data) {
    const where = { token: 'r-' + this.sent.length, seconds: null, muted: false, sound: true, keeps: 30 };
    this.to.message({ type: 'attached', sessionId: 's-1', data: Object.assign(where, data) });
  }

  get types() {
    return this.sent.map((message) => message.type);
  }
}

export class FakeMedia {
  constructor(microphone) {
    this.microphone = microphone;
    this.unlocked = 0;
    this.opened = 0;
    this.closed = false;
    this.muted = false;
    this.asks = false;
  }

  unlock() {
    this.unlocked += 1;
  }

  async permission() {
    return this.asks ? 'prompt' : 'granted';
  }

  async openMicrophone(told) {
    this.told = told;
    this.opened += 1;
    const opened = await this.microphone();
    this.stream = {};
    return opened;
  }

  async offer(iceServers, to) {
    this.iceServers = iceServers;
    this.to = to;
    return 'v=0 offer';
  }

  async answer(sdp) {
    this.answered = sdp;
  }

  mute(muted) {
    this.muted = muted;
  }

  close() {
    this.closed = true;
  }
}

/** A call with its surroundings; `history` holds states as "name/reason" and events as "onName". */
export function world(options = {}) {
  const made = {
    history: [], events: [], signals: [], media: [], requests: [],
    time_s: 1000,
    microphone: options.microphone || (async () => ({ deviceLabel: 'Built-in', sampleRate: 48000 })),
    ticket: options.ticket || (async () => ({ ticket: 't', iceServers: [{ urls: ['stun:x'] }] })),
    lockFree: options.lockFree !== false,
    held: false,
    take: null,
    kept: options.kept || null,
  };
  made.call = new Call({
    api: {
      consent: async (digest, language) => {
        made.requests.push(['consent', digest, language]);
        return 'yes-1';
      },
      ticket: async (consent) => {
        made.requests.push(['ticket', consent]);
        return made.ticket();
      },
      urls: { missed: 'missed' },
      granted: async (url, { code, consent }) => { made.requests.push([url, code, consent]); },
    },
    openSignal: (to, lastEvent) => {
      const signal = new FakeSignal(to);
      signal.lastEvent = lastEvent;
      signal.waiting = options.connecting ? [] : null;
      made.signals.push(signal);
      return signal;
    },
    newMedia: () => {
      const media = new FakeMedia(made.microphone);
      media.asks = Boolean(options.asks);
      made.media.push(media);
      return media;
    },
    lock: options.lock || {
      busy: async () => !made.lockFree,
      take: async () => {
        const got = made.take ? await made.take() : made.lockFree;
        made.held = made.held || got;
        return got;
      },
      give: () => { made.held = false; },
    },
    checkInfo: async (about, data) => checkInfo(about, data),
    keep: {
      load: () => made.kept,
      save: (place) => { made.kept = place; },
      clear: () => { made.kept = null; },
    },
    consent: options.consent ? { digest: 'd1', language: 'en' } : null,
    rates: Boolean(options.rates),
    now_s: () => made.time_s,
    emit: (name, args) => {
      if (options.tells) options.tells();
      made.history.push('on' + name[0].toUpperCase() + name.slice(1));
      made.events.push([name, structuredClone(args)]); // as postMessage does
    },
    show: (state) => {
      if (options.tells) options.tells();
      const told = state.name + (state.reason ? '/' + state.reason : '');
      if (made.last !== told) made.history.push(told);
      made.last = told;
    },
  });
  return made;
}

/** Lets everything that can go on go on. */
export async function settle() {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

/** A call that is answered and talking. */
export async function talking(options) {
  const made = world(options);
  made.done = made.call.connectAndCall(true);
  made.done.catch(() => {});
  await settle();
  made.signals[0].registered();
  made.signals[0].event('ringing');
  made.signals[0].event('answered');
  await settle();
  return made;
}

/** Name and code of what a command was refused with. */
export const refusal = async (promise) => {
  const error = await promise.then(() => null, (e) => e);
  assert.ok(error, 'nothing was refused');
  return [error.name, error.code];
};
