/** What is behind "More" in a call: the microphone, the keypad, captions. A menu above the controls; Escape closes it. */

import { attempt, el, fill, icon } from '../card.js';

const LETTERS = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];
const KEYS = '123456789*0#'.split('');
const TYPED_MOST = 16;
const HEAD_PX = 56;

export class More {
  /**
   * @param {any} view
   * @param {(digit: string) => void} press
   * @param {import('./typing.js').Typing | null} [typing]  where the owner lets callers type
   */
  constructor(view, press, typing) {
    this.view = view;
    this.press = press;
    this.typing = typing || null;
    this.devices = null;
    this.panel = null;
    this.typed = '';
    this.place = this.place.bind(this);
    view.card.addEventListener('keydown', (event) => this.heardKey(event));
    view.root.addEventListener('pointerdown', (event) => {
      if (this.isMenu && !this.panel.contains(event.target) && !event.target.closest('[data-action="more"]')) this.close(false);
    });
  }

  get isMenu() {
    return this.panel !== null && this.panel.className === 'menu';
  }

  /** A call's own devices. */
  use(devices) {
    this.devices = devices;
    devices.changed = () => this.listMicrophones();
  }

  toggle() {
    if (this.panel) this.close(true);
    else this.openMenu();
  }

  // ── The menu ─────────────────────────────────────────────────────────────────────────────────────────────────

  openMenu() {
    const { typing, view: { text } } = this;
    const unvoiced = Boolean(typing && typing.call.typed);
    const flip = (action, picture) => el('button.row', { type: 'button', role: 'switch', 'data-action': action, 'aria-checked': 'false' },
      icon(picture), el('span.label', null, text(action)), el('span.track'));
    this.select = el('select', { 'data-action': 'microphone' });
    this.select.addEventListener('change', () => this.devices.choose(/** @type {HTMLSelectElement} */ (this.select).value));
    this.put(el('div.menu', { id: 'more', role: 'dialog', 'aria-label': text('more') },
      unvoiced ? el('button.row', { type: 'button', 'data-action': 'talk' }, icon('mic'), el('span.label', null, text('talk')))
        : el('label.row', null, icon('mic'), el('span.label', null, el('small', null, text('microphone')), this.select)),
      typing && !unvoiced ? flip('typing', 'type') : null,
      el('button.row', { type: 'button', 'data-action': 'keypad' }, icon('keypad'), el('span.label', null, text('keypad')), icon('next')),
      flip('captions', 'captions')));
    if (!unvoiced) this.listMicrophones();
    this.place();
    window.addEventListener('resize', this.place);
    attempt(() => this.panel.querySelector('select, button').focus());
  }

  /** Right above the controls, wherever this card has them. */
  place() {
    if (!this.isMenu) return;
    const controls = /** @type {HTMLElement} */ (this.view.card.querySelector('.acts'));
    this.panel.style.bottom = this.view.card.clientHeight - controls.offsetTop + 'px';
    this.panel.style.maxHeight = Math.max(60, controls.offsetTop - HEAD_PX) + 'px'; // what may get the focus stays in view
  }

  async listMicrophones() {
    const { select } = this;
    const found = this.isMenu && this.devices ? await this.devices.list() : null;
    if (!found || select !== this.select) return;
    const named = (device, at) => device.label || this.view.text('microphone.number', { n: at + 1 });
    fill(select, ...found.map((device, at) => el('option', { value: device.id, selected: device.used ? '' : null }, named(device, at))));
  }

  // ── The keypad ───────────────────────────────────────────────────────────────────────────────────────────────

  openKeypad() {
    const { text } = this.view;
    this.close(false);
    this.typed = '';
    const key = (digit) => el('button', { type: 'button', 'data-action': 'key', 'data-digit': digit, 'aria-label': digit },
      digit, LETTERS[digit] ? el('small', { 'aria-hidden': 'true' }, LETTERS[digit]) : null);
    this.put(el('div.keypad', { role: 'group', 'aria-label': text('keypad') },
      el('div.head', null,
        el('button.tool', { type: 'button', 'data-action': 'back', 'aria-label': text('keypad.back') }, icon('back')),
        el('p', null, el('b', null, text('keypad')), ' ', el('span.time', { role: 'timer', 'aria-label': text('call.time') }, this.view.card.querySelector('.time').textContent)),
        el('button.tool', { type: 'button', 'data-action': 'minimise', 'aria-label': text('minimise') }, icon('down'))),
      el('p.typed', { role: 'status', dir: 'ltr', 'aria-label': text('keypad.typed') }),
      el('div.keys', null, ...KEYS.map(key))));
    this.view.card.classList.add('with-keys');
    attempt(() => /** @type {HTMLElement} */ (this.panel.querySelector('[data-digit]')).focus());
  }

  type(digit) {
    this.press(digit);
    this.typed = (this.typed + digit).slice(-TYPED_MOST);
    this.panel.querySelector('.typed').textContent = this.typed;
  }

  // ── Both ─────────────────────────────────────────────────────────────────────────────────────────────────────

  act(action, event) {
    if (action === 'keypad') this.openKeypad();
    else if (action === 'back') this.close(true);
    else if (action === 'key') this.type(event.target.closest('[data-digit]').getAttribute('data-digit'));
  }

  heardKey(event) {
    if (!this.panel || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!this.isMenu && KEYS.includes(event.key)) this.type(event.key);
  }

  put(panel) {
    this.panel = panel;
    this.view.card.insertBefore(panel, this.view.card.querySelector('.acts'));
    this.view.panel = this;
    this.mark();
  }

  /** The screen below has been drawn anew, or the panel has come or gone. */
  mark() {
    const { card, captionsOn } = this.view;
    const button = card.querySelector('[data-action="more"]');
    card.classList.toggle('with-menu', this.isMenu);
    if (button) {
      button.setAttribute('aria-expanded', String(this.isMenu));
      button.classList.toggle('on', this.isMenu);
    }
    if (!this.isMenu) return;
    this.panel.querySelectorAll('[role="switch"]').forEach((one) => {
      const on = one.getAttribute('data-action') === 'captions' ? captionsOn : this.typing && this.typing.on;
      one.setAttribute('aria-checked', String(Boolean(on)));
    });
  }

  /** @param {boolean} back  whether focus goes back to the button that opened it */
  close(back) {
    if (!this.panel) return;
    const { card } = this.view;
    const inside = this.panel.contains(document.activeElement);
    this.panel.remove();
    this.panel = this.view.panel = null;
    window.removeEventListener('resize', this.place);
    card.classList.remove('with-keys');
    this.mark();
    const button = card.querySelector('[data-action="more"]');
    attempt(() => back && button ? button.focus() : inside && card.focus());
  }
}
