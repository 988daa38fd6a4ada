/** The conversation on the card: an element an entry, made anew only where the entry has changed. */

import { el, fill } from '../frame/elements.js';
import { attempt } from '../frame/guard.js';
import { icon } from './icons.js';
import { FAILED, SENDING, SENT, WAITING } from './journal.js';
import { nodes, parse, plain, safe } from './markdown.js';

const NEAR_PX = 80;

/** Somebody's picture, or the first letter of their name. */
export function picture(name, url, size, fit) {
  const made = el('span.pic' + (size ? '.' + size : '') + (fit === 'fit' ? '.fit' : ''), { 'aria-hidden': 'true' }, Array.from(name)[0] || '');
  if (url) {
    const image = el('img', { alt: '', src: url });
    image.addEventListener('load', () => fill(made, image));
  }
  return made;
}

export class Log {
  /**
   * @param {any} settings
   * @param {(key: string, more?: object) => string} text
   */
  constructor(settings, text) {
    this.settings = settings;
    this.text = text;
    this.own = settings.config.chat || {};
    this.words = settings.config.words || {};
    this.fit = this.own.avatar_fit;
    this.rows = new Map(); // an entry's key → its element and what it shows
    this.element = el('div.log', { role: 'log', 'aria-live': 'off', 'aria-label': text('log'), tabindex: '0' });
    this.aloud = el('p.unseen', { role: 'status' });
    this.read = new Set();
    this.tall = 0; // how tall it was when it was drawn last
    this.follows = true; // its end is in sight, and stays so when what is below it grows
    this.element.addEventListener('scroll', () => this.mark());
    attempt(() => new ResizeObserver(() => this.follow()).observe(this.element));
  }

  /** @param {any} chat @param {{name: string, avatar: string}} agent */
  show(chat, agent) {
    const { entries, thinking } = chat.journal;
    const first = entries.findIndex((entry) => entry.who !== 'agent' || entry.aloud);
    const opening = entries.slice(0, first < 0 ? entries.length : first);
    const shown = [this.row('hello', [opening.map((one) => one.text), agent, chat.state.name, chat.journal.joined], () => this.hello(chat, opening, agent))];
    const starts = first < 0 ? this.starts(chat, opening) : [];
    if (starts.length) shown.push(this.row('starts', starts, () => this.startList(starts)));
    const rest = entries.slice(opening.length);
    rest.forEach((entry, at) => {
      const last = at === rest.length - 1;
      const begins = !rest[at - 1] || rest[at - 1].who !== entry.who;
      const state = entry.who === 'you' && entry.state === SENT && !last ? '' : entry.state;
      shown.push(this.row(entry.key, [entry.text, state, entry.done, begins, entry.cards.length, entry.at, agent], () =>
        (entry.who === 'mark' ? this.turned(entry) : entry.who === 'you' ? this.yours(entry, state) : this.theirs(entry, begins, agent))));
      if (last && entry.chips.length && entry.done && chat.running) shown.push(this.row('chips', entry.chips, () => this.chips(entry.chips)));
    });
    const writes = rest.some((entry) => !entry.done);
    if (thinking && !writes && chat.running) shown.push(this.row('thinking', [agent], () => this.thinking(agent)));
    if (chat.state.name === 'ended') shown.push(this.row('ended', [chat.state.reason], () => this.ended(chat)));
    this.place(shown);
    this.speak(entries, agent);
    const newest = rest[rest.length - 1];
    const own = newest && newest.who === 'you' && newest.key !== this.newest;
    this.newest = newest && newest.key;
    this.follows = this.follows || own;
    this.follow();
  }

  follow() {
    const { element } = this;
    this.tall = element.clientHeight;
    if (this.follows) element.scrollTop = element.scrollHeight;
    this.mark();
  }

  row(key, shows, make) {
    const stamp = JSON.stringify(shows);
    const held = this.rows.get(key);
    if (held && held.stamp === stamp) return held;
    const made = make();
    if (held) {
      held.element.className = made.className;
      fill(held.element, ...Array.from(made.childNodes));
      held.stamp = stamp;
      return held;
    }
    const row = { element: made, stamp, key };
    this.rows.set(key, row);
    return row;
  }

  place(shown) {
    const { element } = this;
    for (const [key, row] of Array.from(this.rows)) {
      if (!shown.includes(row)) {
        row.element.remove();
        this.rows.delete(key);
      }
    }
    shown.forEach((row, at) => {
      if (element.children[at] !== row.element) element.insertBefore(row.element, element.children[at] || null);
    });
  }

  /** What lies behind head and foot is told by their edges. */
  mark() {
    const { element } = this;
    // What scrolled before the foot grew is told of after it: by then nobody has left the end.
    if (element.clientHeight === this.tall) this.follows = element.scrollHeight - element.scrollTop - this.tall < NEAR_PX;
    const card = element.closest('.chat');
    if (card) card.classList.toggle('scrolled', element.scrollTop > 4);
  }

  /** Each answer is read aloud once, when it is complete. */
  speak(entries, agent) {
    if (!entries.some((entry) => !entry.quiet)) this.aloud.textContent = ''; // a new chat: what was said in the last is over
    for (const entry of entries) {
      if (entry.who === 'agent' && entry.done && !this.read.has(entry.key)) {
        this.read.add(entry.key);
        if (!entry.quiet && !entry.aloud) this.aloud.textContent = this.text('said', { agent: agent.name, words: plain(parse(entry.text)).trim() });
      }
    }
  }

  // ── What there is ──────────────────────────────────────────────────────────────────────────────────────────

  hello(chat, opening, agent) {
    const own = this.words.greeting;
    const made = el('div.hello', null, this.banner(), picture(agent.name, agent.avatar, 'l', this.fit), el('h2', { dir: 'auto' }, agent.name));
    const said = opening.map((one) => one.text);
    if (own) said.splice(-1, 1, own);
    if (said.length) for (const one of said) made.append(el('div.say', null, ...nodes(parse(one))));
    else if (chat.state.name === 'open' && !chat.journal.joined) made.append(el('p.wait-line', null, el('span.stone')));
    else made.append(el('p', { dir: 'auto' }, this.text('hello')));
    return made;
  }

  /** What opens the conversation and scrolls away with it: the owner's picture, or two stones of the owner's colour. */
  banner() {
    const { header, header_fit: fit } = this.own;
    if (header) return el('div.banner.own' + (fit === 'fit' ? '.fit' : ''), null, el('img', { alt: '', src: header }));
    return el('div.banner', { 'aria-hidden': 'true' }, el('span.stones'), el('span.stones'));
  }

  starts(chat, opening) {
    const said = [].concat(...opening.map((one) => one.chips));
    const own = this.words.questions || [];
    return /^(?:start|starting|open)$/.test(chat.state.name) ? (said.length ? said : own) : [];
  }

  startList(starts) {
    return el('ul.starts', { 'aria-label': this.text('starts') }, ...starts.map((words) =>
      el('li', null, el('button', { type: 'button', 'data-action': 'chip', 'data-words': words }, el('span', { dir: 'auto' }, words), icon('next', 's')))));
  }

  chips(chips) {
    return el('ul.chips', { 'aria-label': this.text('chips') }, ...chips.map((words) =>
      el('li', null, el('button.chip', { type: 'button', dir: 'auto', 'data-action': 'chip', 'data-words': words }, words))));
  }

  theirs(entry, begins, agent) {
    const say = el('div.say', null, ...nodes(parse(entry.text)));
    if (!entry.done) (say.lastElementChild || say).append(el('span.stone', { 'aria-hidden': 'true' }));
    const made = el('div.turn.agent', null);
    if (begins) made.append(picture(agent.name, agent.avatar, 's', this.fit), el('p.by', null, el('b', { dir: 'auto' }, agent.name), ...this.medium(entry), this.time(entry.at)));
    made.append(say, ...entry.cards.map((card) => this.card(card)).filter(Boolean));
    return made;
  }

  yours(entry, state) {
    const kind = entry.aloud ? '.aloud' : state === FAILED ? '.lost' : state === WAITING || state === SENDING ? '.wait' : '';
    const made = el('div.turn.you' + kind, null, el('span.unseen', null, this.text('you') + ':'), el('div.say', { dir: 'auto' }, entry.text));
    if (entry.aloud) {
      made.append(el('p.meta', null, icon('wave', 's'), el('span', null, this.text('aloud') + ', ', this.time(entry.at))));
    } else if (state === FAILED) {
      made.append(el('p.meta.bad', null, icon('bad', 's'), this.text('failed'),
        el('button.again', { type: 'button', 'data-action': 'again', 'data-id': entry.localId }, this.text('again'))));
    } else if (state) {
      made.append(el('p.meta', null, state === SENT ? null : icon('clock', 's'), this.text(state)));
    }
    return made;
  }

  /** Which way it came, told by more than colour. */
  medium(entry) {
    return entry.aloud ? [icon('wave', 's'), el('span.unseen', null, this.text('aloud') + ', ')] : [];
  }

  /** Where one went on aloud, and came back. */
  turned(entry) {
    const s = Math.round(entry.seconds || 0);
    const lasted = s < 60 ? this.text('time.seconds', { s }) : this.text('time.minutes', { m: Math.floor(s / 60), s: String(s % 60).padStart(2, '0') });
    const words = entry.text === 'aloud.ended' ? this.text('aloud.ended', { time: lasted }) : this.text('aloud.began', { time: this.clock(new Date(entry.at)) });
    return el('p.mark', null, el('span', null, icon(entry.text === 'aloud.ended' ? 'hangup' : 'call', 's'), words));
  }

  thinking(agent) {
    return el('div.turn.agent', null, picture(agent.name, agent.avatar, 's', this.fit),
      el('p.wait-line', { role: 'status' }, el('span.stone', { 'aria-hidden': 'true' }), this.text('thinking')));
  }

  ended(chat) {
    const idle = chat.state.reason === 'REASON_USER_ABANDONED';
    const time = this.clock(new Date());
    return el('p.mark', null, el('span', null, idle ? this.text('ended.idle') : this.text('ended', { time })));
  }

  /** A page, a picture or a number, as a link whose address was looked at. */
  card(card) {
    const href = safe(card.url);
    if (!href) return null;
    if (card.number) {
      return el('a.carry.ring', { href }, icon('call', 'm'), el('span', null, el('b', { dir: 'auto' }, card.title || this.text('ring', { number: card.number })), el('small', { dir: 'ltr' }, card.number)));
    }
    const where = new URL(href).host;
    const named = card.title || (card.image ? this.text('picture', { title: where }) : where);
    return el('a.carry', { href, target: '_blank', rel: 'noopener noreferrer nofollow' },
      el('span.words', null, el('b', { dir: 'auto' }, named), el('small', { dir: 'auto' }, card.words || where), icon('out', 's'), el('span.unseen', null, this.text('opens'))));
  }

  time(at) {
    const when = new Date(at);
    return Number.isNaN(when.getTime()) ? null : el('span.num', null, this.clock(when));
  }

  clock(when) {
    return when.toLocaleTimeString(this.settings.language, { hour: '2-digit', minute: '2-digit' });
  }
}
