/** The field: it grows with what is written, sends on Enter unless a word is still being put together, keeps a draft. */

import { attempt } from '../frame/guard.js';
import { el } from '../frame/elements.js';
import { icon } from './icons.js';

const TALL_PX = 108;

export class Composer {
  /**
   * @param {(key: string, more?: object) => string} text
   * @param {{most: number, say: (words: string) => boolean, typing: () => void, draft: (words: string | null) => string}} does
   */
  constructor(text, does) {
    this.text = text;
    this.does = does;
    this.shown = true;
    this.may = false; // one may go on aloud
    this.composing = false;
    this.field = /** @type {HTMLTextAreaElement} */ (el('textarea', { rows: '1', dir: 'auto', enterkeyhint: 'send', autocomplete: 'off' }));
    this.send = el('button.send', { type: 'submit', 'aria-disabled': 'true', 'aria-label': text('send') }, icon('send', 'm'));
    this.over = el('p.over', { role: 'status', id: 'over' });
    this.way = el('button.way', { type: 'button', 'data-action': 'talk', hidden: '' }, icon('call', 'm'), el('span', null, text('talk')));
    this.element = el('form.composer', { novalidate: '' }, this.field, el('div.ways', null, this.way, this.over, this.send));
    this.field.value = does.draft(null);
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('compositionstart', () => { this.composing = true; });
    this.field.addEventListener('compositionend', () => { this.composing = false; });
    this.field.addEventListener('focus', () => this.element.classList.add('on'));
    this.field.addEventListener('blur', () => this.element.classList.remove('on'));
    this.field.addEventListener('keydown', (event) => {
      // 229: some browsers tell that a word is being composed by nothing else.
      const composes = this.composing || event.isComposing || event.keyCode === 229;
      if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || composes) return;
      attempt(() => event.preventDefault());
      this.submit();
    });
    this.element.addEventListener('submit', (event) => {
      attempt(() => event.preventDefault());
      this.submit();
    });
  }

  changed() {
    this.measure();
    this.does.draft(this.field.value);
    if (this.field.value.trim()) this.does.typing();
  }

  measure() {
    const words = this.field.value.trim();
    const over = words.length - this.does.most;
    const may = Boolean(words) && over <= 0;
    this.send.classList.toggle('on', may);
    this.send.setAttribute('aria-disabled', String(!may));
    this.over.textContent = over > 0 ? this.text('long', { n: over }) : '';
    if (over > 0) this.field.setAttribute('aria-describedby', 'over');
    else this.field.removeAttribute('aria-describedby');
    const { style } = this.field;
    style.height = 'auto';
    if (words || this.field.value) style.height = Math.min(TALL_PX, this.field.scrollHeight) + 'px';
    else style.height = '';
  }

  submit() {
    if (this.send.getAttribute('aria-disabled') === 'true' || !this.does.say(this.field.value)) return;
    this.field.value = '';
    this.does.draft('');
    this.measure();
    this.field.focus();
  }

  /** @param {boolean} on @param {string} hint @param {boolean} calling  one row, below the strip of a call */
  show(on, hint, calling) {
    this.element.classList.toggle('one', calling);
    if (this.may && !calling) this.way.removeAttribute('hidden');
    else this.way.setAttribute('hidden', '');
    this.shown = on;
    if (on) this.element.removeAttribute('hidden');
    else this.element.setAttribute('hidden', '');
    this.field.setAttribute('aria-label', this.text('message'));
    this.field.setAttribute('placeholder', hint);
  }
}
