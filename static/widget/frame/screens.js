/** What stands in the card in each state: head, stage and actions. view.js puts it there and keeps it up to date. */

import { el, link } from './elements.js';
import { icon } from './icons.js';
import { FAMILY, duration } from './strings.js';

const voice = (kind) => el('div.voice' + (kind ? '.' + kind : ''), { 'aria-hidden': 'true' }, el('span'), el('span'));
const sign = (name, kind) => el('div.sign' + (kind ? '.' + kind : ''), null, icon(name));
const title = (words) => el('h2', { id: 'title' }, words);

function button(action, words, kind, picture) {
  return el('button.btn' + (kind ? '.' + kind : ''), { type: 'button', 'data-action': action }, picture ? icon(picture) : null, words);
}

const call = (action, words) => button(action, words, 'call', 'call');

function copyable(action, shown, spoken) {
  return el('button.code', { type: 'button', 'data-action': action, 'aria-label': spoken }, shown, icon('copy'));
}

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

function start({ text, config }) {
  return {
    stage: [voice(), title(text('start.title')), el('p', null, config.words.welcome)],
    acts: [call('start', text('start.button')), smallPrint(text, text('start.small'), config.policies)],
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

function consent({ text, consent }) {
  return {
    stage: [
      voice('mid'),
      title(text('consent.title')),
      el('div.long', { tabindex: '0', role: 'region', 'aria-label': text('consent.region') }, el('p.agreement', null, ...agreement(consent))),
    ],
    acts: [call('consent', consent.button || text('consent.button')), button('minimise', text('consent.later'), 'plain')],
  };
}

/**
 * @param {Function} text
 * @param {{waiting?: boolean, captions?: boolean, captionsOn?: boolean}} what
 */
function controls(text, { waiting, captions, captionsOn }) {
  const round = (action, words, picture, more) =>
    el('button.round' + (more && more.kind ? '.' + more.kind : ''), Object.assign({ type: 'button', 'data-action': action }, more && more.attributes),
      el('span.disc', null, icon(picture)), el('span.word', null, words));
  return el('div.controls', { role: 'group', 'aria-label': text('controls') },
    round('mute', text('mute'), 'mic', { attributes: { 'aria-disabled': waiting ? 'true' : null } }),
    round('captions', text('captions'), 'captions', {
      kind: captionsOn ? 'on' : '',
      attributes: { 'aria-disabled': captions ? null : 'true', 'aria-expanded': String(Boolean(captionsOn)), 'aria-controls': captionsOn ? 'captions' : null },
    }),
    round('end', text('end'), 'end', { kind: 'end' }));
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
    acts: [controls(text, { waiting: true }), recorded(about)],
    head: 'agent',
  };
}

function inCall(about) {
  const { text, captionsOn, deaf } = about;
  const state = el('p.state');
  const time = el('p.time', { role: 'timer', 'aria-label': text('call.time') });
  const hear = deaf ? button('hear', text('call.tap'), 'plain') : null;
  const acts = [controls(text, { captions: true, captionsOn }), recorded(about)];
  if (!captionsOn) return { stage: [voice(), state, time, hear], acts, head: 'agent' };
  const log = el('div.captions', { id: 'captions', role: 'log', 'aria-label': text('captions.region'), tabindex: '0' });
  return { stage: [el('div.now', null, voice(), el('div', null, state, time, hear)), log], acts, head: 'agent' };
}

function reconnecting(about) {
  const { text } = about;
  return {
    stage: [
      voice('gone'), el('p.state', null, text('reconnecting.state')), el('p', null, text('reconnecting.words')),
      el('p.time', { role: 'timer', 'aria-label': text('call.time') }),
    ],
    acts: [controls(text, { waiting: true }), recorded(about)],
    head: 'agent',
  };
}

function ended({ text, state }) {
  const words = state.reason === 'visitor_ended' ? 'ended.words' : 'ended.' + state.reason;
  return {
    stage: [voice('mid'), title(text('ended.title')), el('p', null, text(words, { time: duration(text, state.seconds) }))],
    acts: [
      call('restart', text('ended.button')),
      state.reference ? copyable('copy-reference', text('reference', { code: state.reference }), text('reference.copy', { code: state.reference })) : null,
    ],
  };
}

function error({ text, state }) {
  const family = FAMILY[state.code] ? 'error.' + FAMILY[state.code] : 'error';
  return {
    stage: [sign('missed', 'bad'), title(text(family + '.title')), el('p', null, text(family + '.words'))],
    acts: [call('retry', text('retry')), copyable('copy-code', text('code', { code: state.code }), text('code.copy', { code: state.code }))],
  };
}

function full({ text }) {
  return {
    stage: [sign('clock'), title(text('full.title')), el('p', null, text('full.words'))],
    acts: [call('retry', text('retry')), button('minimise', text('close'), 'plain')],
  };
}

function elsewhere({ text }) {
  const closed = el('button.btn', { type: 'button', 'data-action': 'start', 'aria-disabled': 'true', 'aria-describedby': 'why' }, icon('call'), text('elsewhere.button'));
  return {
    stage: [sign('tabs'), title(text('elsewhere.title')), el('p', { id: 'why' }, text('elsewhere.words'))],
    acts: [closed, button('move', text('elsewhere.move'), 'plain')],
  };
}

function blocked({ text, state }) {
  const words = 'blocked.' + state.reason;
  const pictures = { dismissed: sign('mic'), denied: sign('mic-off', 'bad'), policy: sign('mic-off', 'bad'), app: sign('app', 'warn'), none: sign('mic-off', 'warn'), busy: sign('app', 'warn') };
  const steps = () => el('ol.steps', null, ...[1, 2, 3].map((n) => el('li', null, el('span', null, text(words + '.' + n)))));
  return {
    stage: [pictures[state.reason], title(text(words + '.title')), state.reason === 'denied' ? steps() : el('p', null, text(words + '.words'))],
    acts: [
      call('retry', text('retry')),
      state.reason === 'policy' ? copyable('copy-code', text('code', { code: state.code }), text('code.copy', { code: state.code })) : null,
    ],
  };
}

function unsupported({ text }) {
  const closed = el('button.btn', { type: 'button', 'data-action': 'start', 'aria-disabled': 'true', 'aria-describedby': 'why' }, icon('call'), text('start.button'));
  return { stage: [voice('gone'), title(text('start.title')), el('p', { id: 'why' }, text('unsupported.words'))], acts: [closed] };
}

export const SCREENS = {
  start, consent, connecting, 'in-call': inCall, reconnecting, ended, error, full, elsewhere, blocked, unsupported,
};
