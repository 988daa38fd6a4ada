/** The chat card: who one writes with, the conversation, and below it the field or the question that stands in its place. */

import { el, fill, link } from '../frame/elements.js';
import { attempt } from '../frame/guard.js';
import { closed, consent, failure, over, survey } from './asks.js';
import { Composer } from './composer.js';
import { icon } from './icons.js';
import { Log, picture } from './log.js';

export class View {
  /**
   * @param {HTMLElement} body
   * @param {any} settings
   * @param {(key: string, more?: object) => string} text
   * @param {(action: string, target: HTMLElement) => void} act
   * @param {any} field  what the composer does
   */
  constructor(body, settings, text, act, field) {
    this.settings = settings;
    this.text = text;
    this.own = settings.config.chat || {};
    this.words = settings.config.words || {};
    this.rating = null;
    this.told = '';
    this.trouble = ''; // why no call came up
    this.asked = '';
    this.log = new Log(settings, text);
    this.composer = new Composer(text, field);
    this.root = el('div.pk');
    this.head = el('header.head');
    this.note = el('div.notes', { role: 'status' });
    this.question = el('div.questions');
    this.small = el('p.small');
    this.strip = el('div.strips');
    this.calling = false; // a call has the conversation: its strip stands above the field
    this.foot = el('footer.foot', null, this.note, this.question, this.strip, this.composer.element, this.small);
    this.card = el('section.chat', { role: 'dialog', tabindex: '-1', 'aria-label': text('card') }, this.head, this.log.element, this.foot);
    this.menu = /** @type {any} */ (null);
    this.root.append(this.card, this.log.aloud);
    body.append(this.root);
    this.composer.measure(); // a draft has a height only on the page
    this.theme();
    this.drawn = '';
    this.root.addEventListener('click', (event) => {
      const target = /** @type {Element} */ (event.target).closest('[data-action]');
      if (this.menu && !(target && target.getAttribute('data-action') === 'more')) this.close(false);
      if (target && target.getAttribute('aria-disabled') !== 'true') act(target.getAttribute('data-action'), /** @type {HTMLElement} */ (target));
    });
  }

  theme() {
    const { style } = this.settings.config;
    const dark = attempt(() => window.matchMedia('(prefers-color-scheme: dark)'));
    const NAMES = { accent: '--accent', onAccent: '--on-accent', soft: '--accent-soft', ink: '--accent-text', bubble: '--bubble', onBubble: '--on-bubble' };
    const paint = () => {
      const night = style.theme === 'dark' || (style.theme !== 'light' && attempt(() => dark.matches));
      for (const key of Object.keys(NAMES)) {
        const value = style[night ? key + 'Dark' : key];
        if (value) this.root.style.setProperty(NAMES[key], value);
      }
    };
    if (style.theme === 'dark' || style.theme === 'light') this.root.setAttribute('data-theme', style.theme);
    attempt(() => dark.addListener(paint));
    paint();
  }

  size(full, bare, stays) {
    if (full) this.root.setAttribute('data-size', 'full');
    else this.root.removeAttribute('data-size');
    this.card.classList.toggle('bare', Boolean(bare));
    this.card.classList.toggle('stays', Boolean(stays)); // there is nothing to go back to
  }

  /** Whether one may go on aloud. */
  talk(on) {
    this.composer.may = on;
  }

  /** @param {any} chat @param {{name: string, avatar: string}} agent */
  show(chat, agent) {
    const { name, code, reason } = chat.state;
    this.card.setAttribute('data-state', name);
    this.card.setAttribute('data-reason', reason);
    this.card.setAttribute('aria-label', this.text('card'));
    this.card.classList.toggle('fresh', !chat.wrote);
    this.header(agent);
    this.log.show(chat, agent);
    const writes = /^(?:start|starting|open)$/.test(name);
    const key = [name, code, reason, name === 'ended' ? chat.survey.state : '', this.due(chat)].join();
    const had = this.foot.contains(document.activeElement);
    const asks = key !== this.asked && this.ask(chat, key);
    this.composer.show(writes, this.calling ? this.text('call.write') : this.words.field || this.text('write'), this.calling);
    if (asks && had) this.focus(); // once the field is there, or gone
    this.offline(chat.away && writes);
    this.print(writes, chat);
  }

  header(agent) {
    const key = [agent.name, agent.avatar].join();
    if (key === this.drawn) return;
    this.drawn = key;
    const { title, menu, minimise } = this.own;
    const tool = (action, picture_, more) => el('button.tool', Object.assign({ type: 'button', 'data-action': action, 'aria-label': this.text(action) }, more), icon(picture_));
    fill(this.head, picture(agent.name, agent.avatar, '', this.own.avatar_fit),
      el('div.who', null, el('b', { dir: 'auto', title: title || agent.name }, title || agent.name), el('span', { dir: 'auto' }, title ? this.text('who') : this.text('assistant'))),
      menu === false ? null : tool('more', 'more', { 'aria-expanded': 'false' }), minimise === false ? null : tool('minimise', 'down'));
  }

  /** Whether stars are asked for: of a chat in which somebody wrote. */
  due(chat) {
    return Boolean(this.settings.config.rating) && chat.state.name === 'ended' && chat.wrote && !chat.survey.done;
  }

  /** What stands in the field's place; whether it is another than before. */
  ask(chat, key) {
    this.asked = key;
    const { name, code, reason } = chat.state;
    const { text, settings } = this;
    if (this.due(chat)) {
      if (!this.rating) this.rating = survey(text, { title: this.words.survey_title, question: this.words.survey_question }, (stars, comment) => chat.survey.rate(stars, comment));
      this.rating.tell(chat.survey.state === 'failed' ? text('rating.failed') : '');
      if (!this.question.contains(this.rating.element)) fill(this.question, this.rating.element);
      else return false;
    } else {
      if (name !== 'ended') this.rating = null;
      fill(this.question, name === 'consent' ? consent(text, chat.consent) : name === 'error' ? failure(text, code)
        : name === 'closed' ? closed(text, settings.config, reason === 'hours') : name === 'ended' ? over(text, chat) : null);
    }
    return true;
  }

  offline(on) {
    this.tell(on ? 'offline' : this.trouble, on ? 'offline' : 'bad');
  }

  /** What stands in the way, and that one can go on writing. @param {string} key  "": nothing @param {string} sign */
  tell(key, sign) {
    if (key === this.told) return;
    this.told = key;
    fill(this.note, key ? el('div.note.warn', null, icon(sign, 'm'), el('div', null, el('b', null, this.text(key)), el('p', null, this.text(key + '.words')))) : null);
  }

  /** That a machine answers, for as long as the owner wants it said; and the policies, where they stand under the field. */
  print(writes, chat) {
    const policies = this.own.policies_at === 'menu' ? null : this.settings.config.policies;
    const { notice } = this.own;
    const says = notice === 'always' || (notice !== 'never' && !chat.wrote);
    const stamp = [writes, says].join();
    if (stamp === this.printed) return;
    this.printed = stamp;
    const links = policies ? [['policy.privacy', policies.privacy_url], ['policy.terms', policies.terms_url]].filter((one) => one[1]) : [];
    const parts = /** @type {any[]} */ (says ? [this.text('small')] : []);
    links.forEach(([key, url]) => parts.push(parts.length ? ' · ' : '', link(this.text(key), url)));
    fill(this.small, ...parts);
    if (writes && parts.length) this.small.removeAttribute('hidden');
    else this.small.setAttribute('hidden', '');
  }

  // ── The menu ───────────────────────────────────────────────────────────────────────────────────────────────

  toggle(chat) {
    if (this.menu) this.close(true);
    else this.open(chat);
  }

  open(chat) {
    const { policies } = this.settings.config;
    const row = (action, picture_) => el('button.row', { type: 'button', 'data-action': action }, icon(picture_, 'm'), el('span', null, this.text(action)));
    const away = (key, url, picture_) => (url ? el('a.row', { href: url, target: '_blank', rel: 'noopener noreferrer' }, icon(picture_, 'm'), el('span', null, this.text(key)), icon('out', 's')) : null);
    const links = this.own.policies_at === 'field' ? [] : [away('policy.privacy', policies && policies.privacy_url, 'shield'), away('policy.terms', policies && policies.terms_url, 'page')].filter(Boolean);
    this.menu = el('div.menu', { role: 'group', 'aria-label': this.text('more') }, ...links, links.length ? el('hr') : null, this.own.restart === false ? null : row('new', 'plus'), chat.running ? row('end', 'end') : null);
    this.card.insertBefore(this.menu, this.log.element);
    this.menu.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== this.more() && this.menu && !this.menu.contains(relatedTarget)) this.close(false);
    });
    this.more().setAttribute('aria-expanded', 'true');
    attempt(() => this.menu.querySelector('.row').focus());
  }

  close(back) {
    if (!this.menu) return;
    this.menu.remove();
    this.menu = null;
    this.more().setAttribute('aria-expanded', 'false');
    if (back) this.more().focus();
  }

  /** @returns {any} */
  more() {
    return this.head.querySelector('[data-action="more"]');
  }

  /** To the field, else to the question in its place. */
  focus() {
    const target = /** @type {any} */ (this.composer.shown ? this.composer.field : this.question.querySelector('h2, button') || this.card);
    attempt(() => target.focus());
  }
}
