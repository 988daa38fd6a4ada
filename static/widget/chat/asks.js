/** What stands where one would write, while there is a question: consent, a failure, stars, the end. */

import { el, link } from '../frame/elements.js';
import { icon } from './icons.js';

export function button(action, words, kind, picture) {
  return el('button.btn' + (kind ? '.' + kind : ''), { type: 'button', 'data-action': action }, picture ? icon(picture, 'm') : null, words);
}

function ask(title, words, ...answers) {
  return el('div.ask', null, el('h2', { tabindex: '-1', dir: 'auto' }, title), words, el('div.answers', null, ...answers));
}

/** The owner's wording, with links in the places that {privacy} and {terms} hold. */
export function wording({ text, links }) {
  const used = new Set();
  const parts = text.split(/\{(privacy|terms)\}/).map((part, at) => {
    const found = at % 2 ? links.find((one) => one.key === part) : null;
    if (at % 2) used.add(part);
    return found ? link(found.label, found.url) : part;
  });
  for (const one of links) if (!used.has(one.key)) parts.push(' ', link(one.label, one.url));
  return parts;
}

export function consent(text, asked) {
  const words = el('p.words', { tabindex: '0', role: 'region', 'aria-label': text('consent.region'), lang: asked.language, dir: 'auto' }, ...wording(asked));
  return ask(text('consent.title'), words, button('agree', asked.button || text('consent.button')), button('minimise', text('consent.later'), 'plain'));
}

const BUSY = ['FULL', 'RATE_LIMITED', 'UNAVAILABLE', 'SHUTTING_DOWN'];
const OLD = ['GRANT_INVALID', 'GRANT_EXPIRED', 'TOKEN_INVALID', 'CONSENT_INVALID'];

export function failure(text, code) {
  const kind = BUSY.includes(code) ? 'error.busy' : OLD.includes(code) ? 'error.page' : 'error';
  return ask(text(kind + '.title'), el('p.words', null, text(kind + '.words')), button('retry', text('again'), '', 'again'),
    code === 'NETWORK' ? null : el('p.small', null, text('code', { code })));
}

export function closed(text, config, late) {
  const words = (late && config.words.closed) || text('closed.words');
  const contact = config.contact || {};
  const ways = [];
  if (contact.phone) ways.push(el('a.btn.soft', { href: 'tel:' + contact.phone.replace(/[^\d+]/g, '') }, icon('call', 'm'), text('ring', { number: contact.phone })));
  if (contact.url) ways.push(el('a.btn.plain', { href: contact.url, target: '_blank', rel: 'noopener noreferrer' }, config.words.contact || contact.url));
  return ask(text('closed.title'), el('p.words', { dir: 'auto' }, words), ...ways);
}

export function over(text, chat) {
  const done = chat.survey.state === 'sent' ? el('p.done', { role: 'status' }, icon('done', 's'), text('rating.thanks')) : null;
  return el('div.ask.end', null, done, button('new', text('new'), 'soft', 'plus'));
}

/**
 * Five stars, and a word if one likes.
 * @param {(key: string, more?: object) => string} text
 * @param {{title?: string, question?: string}} own  the owner's words
 * @param {(stars: number, comment: string) => void} give
 */
export function survey(text, own, give) {
  const labels = [1, 2, 3, 4, 5].map((n) =>
    el('label', null, el('input', { type: 'radio', name: 'stars', value: n, 'aria-label': text('rating.stars', { n }) }), icon('star')));
  const stars = el('fieldset.stars', null, el('legend.unseen', null, own.title || text('rating.title')), ...labels);
  const comment = /** @type {HTMLTextAreaElement} */ (el('textarea', { id: 'better', maxlength: '1000', dir: 'auto' }));
  const box = el('div.box', { hidden: '' }, el('label', { for: 'better' }, text('rating.better') + ' ', el('small', null, text('rating.optional'))), comment);
  const send = el('button.btn', { type: 'button', hidden: '' }, text('rating.send'));
  const problem = el('p.words.bad', { role: 'status' });
  let given = 0;
  stars.addEventListener('change', (event) => {
    given = Number(/** @type {HTMLInputElement} */ (event.target).value);
    labels.forEach((label, at) => label.classList.toggle('on', at < given));
    box.removeAttribute('hidden');
    send.removeAttribute('hidden');
  });
  send.addEventListener('click', () => give(given, comment.value.trim()));
  const made = ask(own.title || text('rating.title'), el('p.words', { dir: 'auto' }, own.question || text('rating.question')),
    stars, el('p.ends', { 'aria-hidden': 'true' }, el('span', null, text('rating.least')), el('span', null, text('rating.most'))), box, problem, send, button('skip', text('rating.skip'), 'plain'));
  return { element: made, tell: (words) => { problem.textContent = words; } };
}
