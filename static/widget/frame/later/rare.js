/** The screens that most calls begin without: the end, and whatever gets in the way. They join the others when they come. */

import { attempt, button, call, el, icon, link, SCREENS, sign, title, voice } from '../card.js';
import { instead } from './typing.js';

/** Which words go with which code of the server; whatever is not listed gets the general ones. */
export const FAMILY = {
  UNKNOWN_WIDGET: 'closed', NOT_PUBLISHED: 'closed', WIDGET_OFF: 'closed', NO_VERSION: 'closed', OUT_OF_HOURS: 'closed',
  GRANT_INVALID: 'page', GRANT_EXPIRED: 'page', TICKET_INVALID: 'page', TICKET_SPENT: 'page',
  RESUME_INVALID: 'page', SESSION_GONE: 'page', CONSENT_INVALID: 'page', CONSENT_REQUIRED: 'page',
  HOST_NOT_ALLOWED: 'site', ORIGIN_NOT_ALLOWED: 'site',
  LINK_ENDED: 'link',
  RATE_LIMITED: 'often', SHUTTING_DOWN: 'restart', UNAVAILABLE: 'away',
  BROWSER_FAILED: 'browser', SOCKET_BLOCKED: 'socket',
  AGENT_FAILURE: 'server', HANDLER_ERROR: 'server', INVALID_MESSAGE: 'server', INVALID_ARGUMENT: 'server',
  MEDIA_BRIDGE_FAILURE: 'sound', CONNECT_TIMEOUT: 'sound', NO_UDP: 'sound', NO_AUDIO: 'sound', ICE_FAILED: 'sound', HIGH_LOSS: 'weak',
};

/** 45 -> "45 s", 125 -> "2 min 05 s". */
export function duration(text, seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return text('time.seconds', { s });
  return text('time.minutes', { m: Math.floor(s / 60), s: String(s % 60).padStart(2, '0') });
}

/** Inside a frame of another site the clipboard's own interface needs a permission that the page rarely gives. */
export function copy(words) {
  const field = /** @type {HTMLTextAreaElement} */ (el('textarea.unseen', { readonly: '', 'aria-hidden': 'true', tabindex: '-1' }, words));
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  document.querySelector('.pk').append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  attempt(() => focused && focused.focus());
  return done;
}

function copyable(action, shown, spoken) {
  return el('button.code', { type: 'button', 'data-action': action, 'aria-label': spoken }, shown, icon('copy'));
}

/** Other ways to the owner, where they gave some, for whoever cannot call from here. */
function ways({ text, config }) {
  const { phone, url } = config.contact || {};
  const way = (made) => {
    made.className = 'btn way';
    return made;
  };
  // A number is read from the left in every language, and stays on one line.
  const number = '\u2066' + (phone || '').replace(/ /g, '\u00a0').replace(/-/g, '\u2011') + '\u2069';
  return [
    phone ? way(el('a', { href: 'tel:' + phone.replace(/[^0-9+]/g, '') }, icon('call'), text('way.phone', { number }))) : null,
    url ? way(link(config.words.contact, url)) : null,
  ];
}

function ended({ text, state, config }) {
  const unheard = state.reason === 'failed' && ['sound', 'weak'].includes(FAMILY[state.code]);
  const words = state.reason === 'visitor_ended' ? 'ended.words' : unheard ? 'ended.sound' : 'ended.' + state.reason;
  return {
    stage: [
      voice(config.rating ? 'mid rated' : 'mid'), title(text('ended.title')), el('p', null, text(words, { time: duration(text, state.seconds) })),
      config.rating ? el('div.rate') : null, // its ticket may come a moment later
    ],
    acts: [
      call('restart', text('ended.button')),
      state.reference ? copyable('copy-reference', text('reference', { code: state.reference }), text('reference.copy', { code: state.reference })) : null,
    ],
  };
}

function error(about) {
  const { text, state } = about;
  const family = FAMILY[state.code] ? 'error.' + FAMILY[state.code] : navigator.onLine === false ? 'offline' : 'error';
  return {
    stage: [sign('missed', 'bad'), title(text(family + '.title')), el('p', null, text(family + '.words'))],
    acts: [call('retry', text('retry')), ...ways(about), copyable('copy-code', text('code', { code: state.code }), text('code.copy', { code: state.code }))],
  };
}

function full(about) {
  const { text } = about;
  return {
    stage: [sign('clock'), title(text('full.title')), el('p', null, text('full.words'))],
    acts: [call('retry', text('retry')), ...ways(about), button('minimise', text('close'), 'plain')],
  };
}

function elsewhere({ text }) {
  const closed = el('button.btn', { type: 'button', 'data-action': 'start', 'aria-disabled': 'true', 'aria-describedby': 'why' }, icon('call'), text('elsewhere.button'));
  return {
    stage: [sign('tabs'), title(text('elsewhere.title')), el('p', { id: 'why' }, text('elsewhere.words'))],
    acts: [button('move', text('elsewhere.move')), closed],
  };
}

function blocked(about) {
  const { text, state } = about;
  const words = 'blocked.' + state.reason;
  const pictures = { dismissed: sign('mic'), denied: sign('mic-off', 'bad'), policy: sign('mic-off', 'bad'), app: sign('app', 'warn'), missing: sign('mic-off', 'warn'), none: sign('mic-off', 'warn'), busy: sign('app', 'warn'), failed: sign('mic-off', 'warn') };
  const steps = () => el('ol.steps', null, ...[1, 2, 3].map((n) => el('li', null, el('span', null, text(words + '.' + n)))));
  return {
    stage: [pictures[state.reason], title(text(words + '.title')), state.reason === 'denied' ? steps() : el('p', null, text(words + '.words'))],
    acts: [
      call('retry', text('retry')),
      instead(about),
      ...ways(about),
      state.reason === 'policy' || state.reason === 'failed' ? copyable('copy-code', text('code', { code: state.code }), text('code.copy', { code: state.code })) : null,
    ],
  };
}

function unsupported(about) {
  const { text, config, state } = about;
  const closedNow = state.reason === 'closed';
  const closed = el('button.btn', { type: 'button', 'data-action': 'start', 'aria-disabled': 'true', 'aria-describedby': 'why' }, icon('call'), config.words.start_label);
  const why = closedNow ? 'error.closed' : 'unsupported';
  return { stage: [voice(config.contact ? 'gone.low' : 'gone'), title(text(closedNow ? why + '.title' : 'start.title')), el('p', { id: 'why', dir: 'auto' }, (state.late && config.words.closed) || text(why + '.words'))], acts: [closed, ...ways(about)] };
}

Object.assign(SCREENS, { ended, error, full, elsewhere, blocked, unsupported });
