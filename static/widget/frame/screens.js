/** What stands in the card in each state: head, stage and actions. view.js puts it there and keeps it up to date. */

import { el, link } from './elements.js';
import { icon } from './icons.js';

export const voice = (kind) => el('div.voice' + (kind ? '.' + kind : ''), { 'aria-hidden': 'true' }, el('span'), el('span'));
export const sign = (name, kind) => el('div.sign' + (kind ? '.' + kind : ''), null, icon(name));
export const title = (words) => el('h2', { id: 'title' }, words);

export function button(action, words, kind, picture) {
  return el('button.btn' + (kind ? '.' + kind : ''), { type: 'button', 'data-action': action }, picture ? icon(picture) : null, words);
}

export const call = (action, words) => button(action, words, 'call', 'call');

function small(...parts) {
  return el('p.small', null, ...parts);
}

/** "You will talk to an AI assistant. Privacy policy" */
function smallPrint(text, first, policies) {
  const parts = [first];
  if (policies && policies.privacy_url) parts.push(' ', link(text('policy.privacy'), policies.privacy_url));
  if (policies && policies.terms_url) parts.push(parts.length > 1 ? ' · ' : ' ', link(text('policy.terms'), policies.terms_url));
  return small(...parts);
}

/** What a visitor may begin the call with, in place of the plain button. */
function questions({ text, config }) {
  const asks = config.words.questions;
  return asks ? el('div.asks', { role: 'group', 'aria-label': text('start.asks') }, el('small', { 'aria-hidden': 'true' }, text('start.asks')),
    ...asks.map((words) => el('button.ask', { type: 'button', 'data-action': 'ask', dir: 'auto' }, words))) : null;
}

function start(about) {
  const { text, config } = about;
  const asks = questions(about);
  return {
    stage: [voice(asks ? 'low' : ''), title(text('start.title')), el('p', { id: 'about', dir: 'auto' }, config.words.welcome), asks].filter(Boolean),
    acts: [call('start', config.words.start_label), smallPrint(text, text(config.recording === 'on' ? 'start.recorded' : 'start.small'), config.policies)],
    head: 'choice',
  };
}

/** The owner's wording, with links in the places that {privacy} and {terms} hold. */
function agreement(consent) {
  const used = new Set();
  const parts = consent.text.split(/\{(privacy|terms)\}/).map((part, at) => {
    if (at % 2 === 0) return part;
    const found = consent.links.find((one) => one.key === part);
    used.add(part);
    return found ? link(found.label, found.url) : part;
  });
  for (const one of consent.links) if (!used.has(one.key)) parts.push(' ', link(one.label, one.url));
  return parts;
}

/** One screen: who one will talk to, what for, what one agrees to, and one button. */
function consent({ text, config, consent }) {
  return {
    stage: [
      voice('low'),
      title(text('start.title')),
      el('p', { dir: 'auto' }, config.words.welcome),
      el('div.long', { tabindex: '0', role: 'region', 'aria-label': text('consent.region') }, el('p.agreement', { id: 'about', lang: consent.language, dir: 'auto' }, ...agreement(consent))),
    ],
    acts: [call('consent', consent.button), button('decline', text('consent.later'), 'plain')],
    head: 'choice',
  };
}

/**
 * @param {any} about
 * @param {boolean} waiting
 */
function controls({ text, config }, waiting) {
  const round = (action, words, picture, more) =>
    el('button.round' + (more && more.kind ? '.' + more.kind : ''), Object.assign({ type: 'button', 'data-action': action }, more && more.attributes),
      el('span.disc', null, icon(picture)), el('span.word', null, words));
  return el('div.controls', { role: 'group', 'aria-label': text('controls') },
    round('mute', text('mute'), 'mic', { attributes: { 'aria-disabled': waiting ? 'true' : null } }),
    round('more', text('more'), 'more', {
      attributes: { 'aria-disabled': waiting ? 'true' : null, 'aria-haspopup': 'dialog', 'aria-expanded': 'false' },
    }),
    round('end', config.words.end_label, 'end', { kind: 'end' }));
}

function recorded({ text, config }) {
  if (config.recording === 'off') return config.policies ? smallPrint(text, '', config.policies) : null;
  return smallPrint(text, text('call.recorded'), config.policies);
}

function asking({ text }) {
  return {
    stage: [sign('mic'), title(text('asking.title')), el('p', null, text('asking.words'))],
    acts: [button('end', text('cancel'), 'plain'), small(text('asking.small'))],
  };
}

function connecting(about) {
  if (about.state.reason === 'asking') return asking(about);
  const { text } = about;
  return {
    stage: [voice('turning'), el('p.state', null, text('connecting.state')), el('p.time', null, text('connecting.words'))],
    acts: [controls(about, true), recorded(about)],
  };
}

function inCall(about) {
  const { text, captionsOn, deaf } = about;
  const state = el('p.state');
  const time = el('p.time', { role: 'timer', 'aria-label': text('call.time') });
  const hear = deaf ? button('hear', text('call.tap')) : null;
  const acts = [el('p.note', { role: 'status' }), controls(about, false), recorded(about)];
  // The last words are there to be read by whoever has not understood them; a screen reader would say them twice.
  if (!captionsOn) return { stage: [voice(), state, time, hear, el('p.last', { dir: 'auto', 'aria-hidden': 'true' }), el('div.shown')], acts };
  const log = el('div.captions', { id: 'captions', role: 'log', 'aria-live': 'off', 'aria-label': text('captions.region'), tabindex: '0' });
  return { stage: [el('div.now', null, voice(), el('div', null, state, time, hear)), log, el('div.shown')], acts };
}

function reconnecting(about) {
  const { text } = about;
  return {
    stage: [
      voice('gone'), el('p.state', null, text('reconnecting.state')), el('p', null, text('reconnecting.words')),
      el('p.time', { role: 'timer', 'aria-label': text('call.time') }),
    ],
    acts: [controls(about, true), recorded(about)],
  };
}

/** What stands here for every failure until later/rare.js is there: with the network gone it never comes. */
function error({ text }) {
  const offline = navigator.onLine === false;
  return {
    stage: [sign('missed', 'bad'), title(text(offline ? 'offline.title' : 'error.title')), el('p', null, text(offline ? 'offline.words' : 'error.words'))],
    acts: [call('retry', text('retry'))],
  };
}

export const SCREENS = /** @type {Object<string, Function>} */ ({
  start, consent, connecting, 'in-call': inCall, reconnecting, error,
});
