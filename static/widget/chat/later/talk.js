/**
 * A chat goes on aloud: the call, the strip above the field that shows it, and the way back to typing.
 *
 * The chat stays what it is: its socket tells what was said, whoever said it and in which tab. Here is only the sound.
 */

import { add, attempt, el, fill, icon, parts, picture } from '../card.js';
import { Call, CallLock, Keep, Media, Signal, WRITTEN_MOST } from '../../frame/talking.js';
import { EN_TALK } from '../strings/en-talk.js';

const SETTLES_MS = 5000; // what an answer that is being written gets before the agent is rung
const LOOK_MS = 100;
const RUNS = /^(?:connecting|in-call|reconnecting)$/;
const OPENS = /^(?:starting|open)$/; // a chat that one can talk in, or that is about to be one
const TROUBLES = { full: 'call.full', elsewhere: 'call.elsewhere', error: 'call.failed' };

add('en', EN_TALK);

const clock = (seconds) => [Math.floor(seconds / 60), Math.floor(seconds % 60)].map((part) => String(part).padStart(2, '0')).join(':');

export class Talk {
  /** @param {any} here  what the frame lends: settings, words, view, chat, requests */
  constructor(here) {
    this.here = here;
    this.most = WRITTEN_MOST;
    this.was = '';
    this.drawn = '';
    this.watched = null;
    this.still = attempt(() => window.matchMedia('(prefers-reduced-motion: reduce)').matches, false);
    const { settings, chat, api } = here;
    const began_s = (Date.now() - performance.now()) / 1000; // by a clock that nobody sets
    this.call = new Call({
      api: /** @type {any} */ ({
        urls: {},
        ticket: async () => {
          await this.settled();
          return api.ticket(chat.token, chat.session);
        },
        granted: () => Promise.reject(new Error('no call is missed: the chat goes on')),
      }),
      openSignal: (to, lastEvent) => new Signal((url) => new WebSocket(url), settings.urls.signal, to, lastEvent),
      newMedia: () => new Media(),
      lock: new CallLock(attempt(() => navigator.locks), () => false, () => {}),
      keep: new Keep(() => window.sessionStorage, () => {}, here.key),
      consent: null, // the chat has it, and the server asks the chat
      now_s: () => began_s + performance.now() / 1000,
      emit: () => {},
      show: () => this.changed(),
    });
    this.state = el('b', { role: 'status' });
    this.time = el('span', { role: 'timer' });
    this.mic = el('button.disc.mic', { type: 'button', 'data-action': 'mute' });
    this.face = el('div.voice', { 'aria-hidden': 'true' });
    this.strip = el('div.strip', { role: 'group', 'aria-label': here.text('call') }, this.face, el('div.state', null, this.state, this.time), this.mic,
      el('button.disc.end', { type: 'button', 'data-action': 'hangup', 'aria-label': here.text('hangup') }, icon('hangup')));
    // A tap anywhere lets a browser that kept the sound back play it.
    window.addEventListener('pointerdown', () => {
      if (this.call.deaf) this.call.media.play().then(() => { this.call.deaf = false; }, () => {});
    });
  }

  get busy() {
    return RUNS.test(this.call.state.name);
  }

  /** By a press. */
  start() {
    const { chat } = this.here;
    if (this.busy || !OPENS.test(chat.state.name)) return;
    chat.outbox.lend(this);
    this.call.start();
  }

  /** After a reload. */
  resume() {
    const { chat } = this.here;
    chat.outbox.lend(this);
    this.call.resume();
    if (!this.busy) chat.outbox.hungUp();
  }

  mute() {
    if (this.call.talking) this.call.setMuted(!this.call.muted);
  }

  hangUp() {
    if (this.busy) this.call.hangUp();
  }

  /** @returns {boolean} whether the call takes these words */
  write(text, id) {
    const { call } = this;
    if (call.state.name !== 'in-call' || !call.signal) return false;
    call.signal.send({ type: 'write', text, id });
    return true;
  }

  /** @returns {Promise<void>} when the agent is there, and has answered what was asked in writing */
  settled() {
    const { chat } = this.here;
    const until = Date.now() + SETTLES_MS;
    const rests = () => chat.journal.joined && !chat.journal.thinking && chat.journal.entries.every((one) => one.done);
    return new Promise((met) => {
      const look = () => {
        if (rests() || Date.now() > until) met();
        else setTimeout(look, LOOK_MS);
      };
      look();
    });
  }

  /** The call is at another point. */
  changed() {
    const { call, here } = this;
    const { name, reason } = call.state;
    if (name !== this.was) {
      const closed = name === 'blocked' ? (/^(?:denied|policy|dismissed)$/.test(reason) ? 'call.blocked' : 'call.mic') : '';
      here.view.trouble = closed || (name === 'ended' && reason === 'failed' ? 'call.failed' : TROUBLES[name] || '');
      const ran = RUNS.test(this.was);
      this.was = name;
      if (name === 'in-call') here.chat.flush();
      if (ran && !this.busy) {
        here.chat.outbox.hungUp();
        here.post({ type: 'card', state: 'open', timer: '' });
      }
    }
    here.show();
  }

  /** Drawn with the card. */
  show() {
    const { call, here } = this;
    const { view, chat, text, agent } = here;
    if (!OPENS.test(chat.state.name)) this.hangUp();
    view.calling = this.busy;
    this.listen();
    if (!this.busy) {
      fill(view.strip);
      return;
    }
    if (!view.strip.firstChild) view.strip.append(this.strip);
    const { name, reason } = call.state;
    const says = name === 'in-call' ? (call.muted ? 'muted' : call.turn) : reason === 'asking' ? 'asking' : name;
    const key = [says, call.talking, agent.name, agent.avatar].join();
    if (key === this.drawn) return;
    this.drawn = key;
    view.card.setAttribute('data-call', name);
    this.state.textContent = text('call.' + says);
    fill(this.face, picture(agent.name, agent.avatar, '', view.own.avatar_fit));
    this.face.classList.toggle('turning', says === 'thinking' || name !== 'in-call');
    fill(this.mic, icon(call.muted ? 'quiet' : 'mic', 'm'));
    this.mic.classList.toggle('off', call.muted);
    this.mic.setAttribute('aria-label', text(call.muted ? 'unmute' : 'mute'));
    this.mic.setAttribute('aria-disabled', String(!call.talking));
  }

  /** While it runs: the time once a second, and how loud both are. */
  listen() {
    const { call, here } = this;
    const media = this.busy ? call.media : null;
    if (media === this.watched) return;
    if (this.watched) this.watched.meters.watch(null);
    this.watched = media;
    this.drawn = '';
    clearInterval(this.ticking);
    if (!media) {
      here.view.card.removeAttribute('data-call');
      return;
    }
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tick();
    if (!this.still) media.meters.watch((side, level) => this.strip.style.setProperty('--' + side, String(level)));
  }

  tick() {
    const timer = this.call.talking ? clock(this.call.elapsed_s()) : '';
    this.time.textContent = timer;
    this.here.post({ type: 'card', state: this.call.state.name, timer });
  }
}

Object.assign(parts, { Talk });
