/**
 * Typing in a call: a call without a microphone, and the field for it. What is written takes the place of speech on the
 * same line; the agent answers aloud, and the captions hold both.
 */

import { Media, WRITTEN_MOST, attempt, button, el, fill, icon } from '../card.js';

const OFTEN = 25, OFTEN_MS = 60000; // so many in that time: some fewer than the server takes
const UNSURE_MOST = 5; // that may have been lost with a socket; the server knows what it has had
const TALL_PX = 88;
const LASTS = /^(?:in-call|reconnecting)$/;

/** Makes a Media that opens no microphone. Whoever types is often where nothing should sound: that is switched on. */
export function voiceless(media) {
  const { unlock } = media;
  media.permission = () => Promise.resolve('granted');
  media.unlock = () => {
    unlock.call(media);
    media.audio.muted = true;
  };
  media.openMicrophone = async (told) => {
    media.told = told;
    media.stream = new MediaStream();
    told('typing');
    return { deviceLabel: '', sampleRate: 0 };
  };
  return media;
}

export class Typing {
  /** @param {any} view @param {any} call */
  constructor(view, call) {
    this.view = view;
    this.call = call;
    this.on = false;
    this.name = ''; // of the call's state when it was drawn last
    this.unsure = [];
    this.rests = null; // until the server takes more
    this.asking = false;
    const { text } = view;
    this.field = /** @type {HTMLTextAreaElement} */ (el('textarea', { rows: '1', dir: 'auto', maxlength: WRITTEN_MOST, enterkeyhint: 'send', autocomplete: 'off' }));
    this.sound = el('button.tool', { type: 'button', 'data-action': 'sound' });
    this.send = el('button.tool.go', { type: 'submit' }, icon('send'));
    this.form = el('form.write', { novalidate: '' }, this.sound, this.field, this.send);
    this.field.addEventListener('input', () => this.measure());
    this.field.addEventListener('keydown', (event) => {
      // 229: some browsers tell that a word is being composed by nothing else.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.words = () => {
      const label = text('type.field');
      this.field.setAttribute('placeholder', label);
      this.field.setAttribute('aria-label', label);
      this.send.setAttribute('aria-label', text('type.send'));
      this.sound.setAttribute('aria-label', text('type.sound'));
    };
  }

  /** Drawn with the card. */
  show() {
    const { call, view } = this;
    const { name } = call.state;
    const was = this.name;
    this.name = name;
    if (!LASTS.test(name)) {
      if (this.on) this.close();
      this.unsure = [];
      this.field.value = '';
      view.card.classList.remove('unvoiced');
      return;
    }
    view.card.classList.toggle('unvoiced', call.typed);
    if (call.typed && !this.on) this.open();
    if (name === 'in-call' && was === 'reconnecting') this.unsure.forEach((one) => this.say(one));
    if (this.on) this.measure();
  }

  /** By the visitor. */
  toggle() {
    if (this.view.panel) this.view.panel.close(false);
    if (this.on) this.close();
    else this.open();
  }

  open() {
    const { view, call } = this;
    this.on = true;
    this.words();
    view.card.insertBefore(this.form, view.card.querySelector('.acts'));
    view.card.classList.add('with-field');
    if (!view.captionsOn) {
      view.captionsOn = true;
      view.show(call.state, call);
    }
    this.measure();
    attempt(() => this.field.focus());
  }

  close() {
    const inside = this.form.contains(document.activeElement);
    this.on = false;
    this.form.remove();
    this.view.card.classList.remove('with-field');
    if (inside) this.view.focus(null);
  }

  /** How tall the field is, and what may be pressed. */
  measure() {
    this.rest();
    const { style, value } = this.field;
    const { audio } = this.call.media || { audio: null };
    const loud = Boolean(audio && !audio.muted);
    style.height = 'auto';
    style.height = value ? Math.min(TALL_PX, this.field.scrollHeight) + 'px' : '';
    this.send.setAttribute('aria-disabled', String(!value.trim() || !this.takes));
    if (this.sound.getAttribute('aria-pressed') !== String(loud)) {
      this.sound.setAttribute('aria-pressed', String(loud));
      fill(this.sound, icon(loud ? 'loud' : 'quiet'));
    }
  }

  /** Not while the call is away, nor more than the server does: the words stay in the field. */
  get takes() {
    return this.call.state.name === 'in-call' && this.call.written.length < OFTEN;
  }

  /** What was written lately, before a reload too. */
  rest() {
    const now = Date.now();
    const lately = this.call.written.filter((at) => now - at < OFTEN_MS);
    this.call.written = lately;
    clearTimeout(this.rests);
    if (lately.length >= OFTEN) this.rests = setTimeout(() => this.measure(), OFTEN_MS - now + lately[0]);
  }

  submit() {
    const text = this.field.value.trim();
    if (!text || !this.takes) return;
    this.call.written.push(Date.now());
    this.call.returning.save();
    const one = { type: 'write', text, id: Math.random().toString(36).slice(2) };
    this.unsure = this.unsure.concat(one).slice(-UNSURE_MOST);
    this.say(one);
    this.field.value = '';
    this.measure();
  }

  say(one) {
    if (this.call.signal) this.call.signal.send(one);
  }

  /** @returns {boolean} whether that is one of these */
  act(action) {
    const does = { typing: () => this.toggle(), talk: () => this.talk(), sound: () => this.hush() };
    if (!Object.prototype.hasOwnProperty.call(does, action)) return false;
    does[action]();
    return true;
  }

  /** The agent's sound, on or off. */
  hush() {
    const { audio } = this.call.media;
    audio.muted = !audio.muted;
    if (!audio.muted) this.call.media.play().catch(() => {});
    this.measure();
  }

  /** The visitor has a microphone after all: another connection, with it. */
  async talk() {
    const { call, view } = this;
    const { media } = call;
    if (view.panel) view.panel.close(true);
    if (!call.typed || this.asking) return;
    this.asking = true;
    try {
      await Media.prototype.openMicrophone.call(media, media.told);
      call.typed = false;
      media.audio.muted = false;
      call.returning.save();
      call.returning.newSound();
    } catch (error) {
      if (!media.closed) call.tell('type.refused');
    }
    this.asking = false;
  }
}

/** For a screen that says why there is no microphone. */
export function instead({ text, config }) {
  const made = config.typing ? button('type', text('type'), '', 'type') : null;
  if (made) made.className = 'btn way';
  return made;
}
