/** Five stars after a call: a tap on one sends it. Keys move along the stars first, and Enter or "Send rating" sends. */

import { attempt, el, fill, icon } from '../card.js';

/** Codes that no second try changes. */
const FINAL = ['RATING_GIVEN', 'RATING_INVALID'];

/**
 * @param {Element} place
 * @param {(key: string, more?: object) => string} text
 * @param {(stars: number) => Promise<any>} give
 */
export function rating(place, text, give) {
  const labels = [1, 2, 3, 4, 5].map((n) =>
    el('label', null, el('input', { type: 'radio', name: 'stars', value: n, 'aria-label': text('rating.stars', { n }) }), icon('star')));
  const send = el('button.send', { type: 'button', hidden: '' }, text('rating.send'));
  const words = el('p.answer', { role: 'status' });
  const set = el('fieldset.rating', null, el('legend', null, text('rating.title')), ...labels);
  let stars = 0;
  let sending = false;
  let tapped = false;

  set.addEventListener('pointerdown', () => { tapped = true; });
  set.addEventListener('change', (event) => {
    stars = Number(/** @type {HTMLInputElement} */ (event.target).value);
    labels.forEach((label, at) => label.classList.toggle('on', at < stars));
    send.removeAttribute('hidden');
    words.textContent = '';
    if (tapped) submit();
  });
  set.addEventListener('keydown', (event) => {
    tapped = false;
    if (event.key === 'Enter' && stars) submit();
  });
  send.addEventListener('click', submit);

  async function submit() {
    if (sending) return;
    sending = true;
    try {
      await give(stars);
      thank('rating.thanks');
    } catch (error) {
      if (FINAL.includes(error.code)) thank('error.' + error.code);
      else words.textContent = text('rating.failed');
    }
    sending = false;
  }

  function thank(key) {
    const had = place.contains(document.activeElement);
    fill(place, words);
    words.textContent = text(key);
    words.setAttribute('tabindex', '-1');
    attempt(() => had && words.focus());
  }

  fill(place, set, send, words);
}
