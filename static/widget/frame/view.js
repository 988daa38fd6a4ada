/** The card: builds the screen of a state, keeps what moves in it up to date, and reads it aloud. */

import { el, fill, link, renew } from './elements.js';
import { attempt } from './guard.js';
import { icon } from './icons.js';
import { SCREENS } from './screens.js';
import { clock } from './strings.js';

/** Texts read one after the other: each ends its sentence, and none twice. */
const sentences = (texts) => texts.reduce((all, one) => all + (/[.!?…؟]$/.test(all) ? ' ' : '. ') + one);

/** Of what was said last, by whomever: a whole answer would not fit. */
function lastSentence(lines) {
  const said = lines.filter(Boolean).slice(-1)[0];
  return said ? said.text.trim().split(/[.!?…؟](?=\s)/).pop().trim() : '';
}

export class View {
  /**
   * @param {HTMLElement} body
   * @param {object} settings
   * @param {(key: string, more?: object) => string} text
   * @param {(action: string, event: Event) => void} act
   */
  constructor(body, settings, text, act) {
    this.settings = settings;
    this.text = text;
    this.built = '';
    this.choice = null; // of a language, where the card asks
    this.captionsOn = false;
    this.panel = null; // what More has opened
    this.still = false; // nothing moves: the visitor's own wish
    this.root = el('div.pk');
    this.card = el('section.card', { role: 'dialog', tabindex: '-1', 'aria-describedby': 'about' });
    // Places that are always there: a region that comes with its words is often not read.
    this.aloud = el('p.unseen', { role: 'status' });
    this.line = el('p.unseen', { role: 'log' });
    this.said = '';
    this.slots = ['div.head', 'div.stage', 'div.acts'].map((tag) => el(tag));
    this.card.append(...this.slots);
    this.root.append(this.card, this.aloud, this.line);
    body.append(this.root);
    this.theme();
    this.face = null;
    if (settings.config.style.avatar) this.picture(settings.config.style.avatar);
    this.root.addEventListener('click', (event) => {
      const button = /** @type {Element} */ (event.target).closest('[data-action]');
      if (button && button.getAttribute('aria-disabled') !== 'true') act(button.getAttribute('data-action'), event);
    });
  }

  theme() {
    const { style } = this.settings.config;
    const dark = attempt(() => window.matchMedia('(prefers-color-scheme: dark)'));
    const paint = () => {
      const night = style.theme === 'dark' || (style.theme !== 'light' && attempt(() => dark.matches));
      const set = (name, key) => style[key] && this.root.style.setProperty(name, style[night ? key + 'Dark' : key]);
      set('--accent', 'accent');
      set('--on-accent', 'onAccent');
      set('--call', 'call');
      set('--on-call', 'onCall');
    };
    if (style.theme !== 'auto') this.root.setAttribute('data-theme', style.theme);
    attempt(() => dark.addListener(paint));
    paint();
  }

  /** The agent's picture, in the middle of the voice once it has come; one that does not come is not missed. */
  picture(src) {
    const face = el('img.face', { alt: '', src }); // it only decorates: the name stands beside it
    face.addEventListener('load', () => {
      this.face = face;
      this.wear();
    });
  }

  wear() {
    const voice = this.card.querySelector('.voice');
    if (!voice || !this.face) return;
    voice.classList.add('faced');
    voice.append(this.face);
  }

  size(full) {
    if (full) this.root.setAttribute('data-size', 'full');
    else this.root.removeAttribute('data-size');
  }

  /** Draws the state; the same screen again only gets its moving parts renewed. */
  show(state, call) {
    const key = [state.name, state.reason, state.code, this.captionsOn, call.deaf].join();
    if (this.panel && state.name !== 'in-call') this.panel.close(false);
    if (key !== this.built) this.build(state, call);
    this.built = key;
    this.card.setAttribute('data-state', state.name);
    this.card.setAttribute('data-reason', state.reason);
    if (state.name === 'in-call') this.refresh(call);
    this.tick(call.elapsed_s());
    this.speak(state, call);
  }

  build(state, call) {
    const focused = document.activeElement;
    const action = focused && this.card.contains(focused) ? focused.getAttribute('data-action') : null;
    const had = focused && (focused === this.card || this.slots.some((slot) => slot.contains(focused)));
    const screen = (SCREENS[state.name] || SCREENS.error)({
      state, text: this.text, config: this.settings.config, consent: this.settings.consent, captionsOn: this.captionsOn, deaf: call.deaf,
    });
    const minimise = el('button.tool', { type: 'button', 'data-action': 'minimise', 'aria-label': this.text('minimise') }, icon('down'));
    const slots = [
      el('div.head', null, this.head(screen), minimise),
      el('div.stage', null, ...screen.stage),
      el('div.acts', null, ...screen.acts),
    ];
    // Each in its place: what More has opened stands between them and is left alone.
    this.slots.forEach((slot, at) => renew(slot, slots[at]));
    this.wear();
    if (this.panel) this.panel.mark();
    const titled = this.card.querySelector('#title');
    if (titled) {
      this.card.setAttribute('aria-labelledby', 'title');
      this.card.removeAttribute('aria-label');
    } else {
      this.card.setAttribute('aria-label', this.text('card'));
      this.card.removeAttribute('aria-labelledby');
    }
    if (had && (focused === this.card || !focused.isConnected)) this.focus(action);
  }

  /** The choice of a language before a call, and from then on who the visitor talks to: name, and picture where no voice wears it. */
  head({ head, stage }) {
    if (head === 'choice') return (this.choice && this.choice()) || el('p');
    const { face } = this;
    const worn = stage.some((part) => part && (part.className.includes('voice') || part.className === 'now'));
    return el('p', null, face && !worn ? el('img.mini', { alt: '', src: face.getAttribute('src') }) : null, el('b', null, this.settings.name));
  }

  /** To what was focused before, if it is still there, else to the screen's one main action, else to the card. */
  focus(action) {
    const again = action && action !== 'end' && this.card.querySelector('[data-action="' + action + '"]');
    const main = this.card.querySelector('.btn.call');
    attempt(() => /** @type {HTMLElement} */ (again || main || this.card).focus());
  }

  refresh(call) {
    const { text } = this;
    this.put('.state', text('call.' + call.says));
    const voice = this.card.querySelector('.voice');
    voice.classList.toggle('off', Boolean(call.muted || call.unheard));
    if (call.turn === 'thinking') voice.classList.add('turning');
    else if (voice.classList.contains('turning')) {
      // Taken off when a turn is complete: nothing jumps.
      const stop = () => voice.classList.remove('turning');
      if (this.still) stop();
      else voice.addEventListener('animationiteration', stop, { once: true });
    }
    this.card.setAttribute('data-turn', call.turn);
    const mute = this.card.querySelector('[data-action="mute"]');
    if (mute.classList.contains('on') !== call.muted) {
      mute.classList.toggle('on', call.muted);
      fill(mute.querySelector('.disc'), icon(call.muted ? 'mic-off' : 'mic'));
      mute.querySelector('.word').textContent = text(call.muted ? 'unmute' : 'mute');
    }
    const lasting = call.trouble || (call.weak ? 'weak' : '');
    this.put('.note', call.note ? text(call.note.key, call.note.values) : lasting ? text('call.' + lasting) : '');
    this.link(call.link);
    if (this.captionsOn) this.write(call.lines);
    else this.put('.last', lastSentence(call.lines));
  }

  /** What the agent has shown last; opened beside the page, so that the call goes on. */
  link(shown) {
    const place = this.card.querySelector('.shown'), there = place.querySelector('a');
    this.card.classList.toggle('with-link', Boolean(shown));
    if (!shown || (there && there.href === new URL(shown.url).href)) return;
    fill(place, link(shown.title, shown.url));
    this.line.textContent = shown.title; // read aloud
  }

  put(selector, words) {
    const found = this.card.querySelector(selector);
    if (found && found.textContent !== words) found.textContent = words;
  }

  /** The lines of the talk; one that grows is changed in its place, and read aloud once: when it is whole. */
  write(lines) {
    const log = this.card.querySelector('.captions');
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (!lines.some(Boolean)) {
      if (!log.firstChild) log.append(el('p.none', null, this.text('captions.none')));
      return;
    }
    const fresh = !log.firstChild;
    const none = log.querySelector('.none');
    if (none) none.remove();
    lines.forEach((line, index) => {
      let row = log.querySelector('[data-line="' + index + '"]');
      if (!row) {
        const name = line.speaker === 'agent' ? this.settings.name : this.text('you');
        row = el('p' + (line.speaker === 'agent' ? '' : '.you'), { 'data-line': index }, el('b', null, name), el('span'));
        const next = Array.from(log.children).find((other) => Number(other.getAttribute('data-line')) > index);
        log.insertBefore(row, next || null);
      }
      const words = row.querySelector('span');
      if (words.textContent !== line.text) words.textContent = line.text;
      if (line.final && !fresh && words.className !== 'whole') this.line.textContent = row.firstChild.textContent + ': ' + line.text;
      words.className = line.final ? 'whole' : 'part';
    });
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  tick(seconds) {
    this.card.querySelectorAll('.time[role="timer"]').forEach((time) => { time.textContent = clock(seconds); });
  }

  level(side, level) {
    const voice = /** @type {HTMLElement} */ (this.card.querySelector('.voice'));
    if (voice) voice.style.setProperty('--' + side, level.toFixed(3));
  }

  /** What a person who cannot see the card has to know of a change, once; whose turn it is in a call is heard. */
  speak(state, { muted, trouble }) {
    const { text } = this;
    const parts = Array.from(this.card.querySelectorAll('.state, h2, .stage > p:not(.time), .steps li'), (element) => element.textContent);
    let words = parts.length ? sentences(parts) : '';
    if (state.name === 'in-call') words = text(muted ? 'call.muted' : trouble ? 'call.unheard' : this.wasMuted ? 'call.unmuted' : 'card');
    this.wasMuted = state.name === 'in-call' && (muted || trouble || this.wasMuted);
    if (this.said !== words) this.aloud.textContent = this.said = words;
  }

  /** A button's words for a moment. */
  flash(action, words) {
    const button = this.card.querySelector('[data-action="' + action + '"]');
    if (button) button.firstChild.textContent = words;
    this.aloud.textContent = words;
  }
}
