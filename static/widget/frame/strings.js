/**
 * Every text of the card, by key, in one table a language. English is complete; another language may leave keys out.
 * {agent}, {site}, {time} and the like are filled in by `text()`.
 */

const EN = {
  'card': 'Call with {agent}',
  'minimise': 'Minimise',
  'controls': 'Call controls',
  'start.title': 'Talk to {agent}',
  'start.small': 'You will talk to an AI assistant.',
  'start.button': 'Start call',
  'consent.title': 'Before we start',
  'consent.region': 'What you agree to',
  'consent.button': 'I consent to call',
  'consent.later': 'Not now',
  'policy.privacy': 'Privacy policy',
  'policy.terms': 'Terms',
  'asking.title': 'Allow your microphone',
  'asking.words': 'Your browser is asking at the top of this window. Choose Allow so that {agent} can hear you.',
  'asking.small': 'Your microphone is only open during the call.',
  'cancel': 'Cancel',
  'connecting.state': 'Connecting…',
  'connecting.words': 'Usually a second or two',
  'call.listening': 'Listening',
  'call.thinking': 'Thinking',
  'call.speaking': '{agent} is speaking',
  'call.muted': 'You are muted',
  'call.unmuted': 'Your microphone is on again',
  'call.time': 'Call time',
  'call.recorded': 'This call is recorded.',
  'call.tap': 'Tap here to hear {agent}',
  'reconnecting.state': 'Reconnecting…',
  'reconnecting.words': 'Your call is kept. Stay on this page.',
  'mute': 'Mute',
  'unmute': 'Unmute',
  'end': 'End call',
  'captions': 'Captions',
  'captions.region': 'What was said',
  'captions.none': 'What you both say is written here.',
  'you': 'You',
  'ended.title': 'Call ended',
  'ended.words': 'You talked with {agent} for {time}.',
  'ended.agent_ended': '{agent} ended the call after {time}.',
  'ended.silence': '{agent} could not hear anybody any more, so the call ended after {time}.',
  'ended.time_limit': 'Calls here last {time} at most. You can start a new one.',
  'ended.connection_lost': 'The connection was lost after {time}. What you said until then is kept.',
  'ended.shutdown': 'The service had to restart, so the call ended after {time}. You can start a new one.',
  'ended.failed': 'Something broke on our side after {time}. What you said until then is kept.',
  'ended.button': 'Start new call',
  'reference': 'Reference {code}',
  'reference.copy': 'Copy reference {code}',
  'copied': 'Copied',
  'code': 'Code {code}',
  'code.copy': 'Copy code {code}',
  'retry': 'Try again',
  'close': 'Close',
  'time.seconds': '{s} s',
  'time.minutes': '{m} min {s} s',

  'error.title': 'The call did not connect',
  'error.words': 'Nothing was recorded. Check your internet connection and try again.',
  'error.closed.title': 'Calls are not open right now',
  'error.closed.words': 'This site has switched its calls off for the moment. Please come back later.',
  'error.link.title': 'This link has ended',
  'error.link.words': 'Ask the person who sent it for a new one.',
  'error.page.title': 'This page was open for a long time',
  'error.page.words': 'Nothing was lost. Try again and the call starts afresh.',
  'error.site.title': 'Calls do not work on this page',
  'error.site.words': 'This site is not on the list of pages that may start calls here. Please tell its owner.',
  'error.often.title': 'Too many tries',
  'error.often.words': 'Wait a minute, then try again.',
  'error.server.title': 'Something broke on our side',
  'error.server.words': 'Please try again. If it happens again, tell the owner of this site the code below.',
  'error.sound.title': 'No sound could get through',
  'error.sound.words': 'Your network may block calls. Try another network, or mobile data, and call again.',
  'error.restart.title': 'Back in a moment',
  'error.restart.words': 'The service is restarting. Try again in a minute.',

  'full.title': 'Everyone is on a call',
  'full.words': 'Your microphone is off again. A place is usually free within a minute.',

  'elsewhere.title': 'You are already in a call',
  'elsewhere.words': 'Call active in another tab. End it there, and you can call from here.',
  'elsewhere.button': 'Start call',
  'elsewhere.move': 'Move the call here',

  'blocked.dismissed.title': 'We need your microphone',
  'blocked.dismissed.words': 'The question was closed without an answer. Try again and choose Allow.',
  'blocked.denied.title': 'Your microphone is blocked',
  'blocked.denied.1': 'Press the sign beside the address of this page.',
  'blocked.denied.2': 'Set Microphone to Allow.',
  'blocked.denied.3': 'Come back here and try again.',
  'blocked.policy.title': 'This page may not use the microphone',
  'blocked.policy.words': 'The site you are on forbids it for all its pages. Its owner can change that: please tell them the code below.',
  'blocked.app.title': 'This app keeps the microphone to itself',
  'blocked.app.words': 'Look in its menu for “Open in browser”, and call from there.',
  'blocked.none.title': 'No microphone was found',
  'blocked.none.words': 'Connect a microphone or a headset, then try again.',
  'blocked.busy.title': 'Another app has your microphone',
  'blocked.busy.words': 'Close it, a video meeting for example, and try again.',

  'unsupported.words': 'This browser cannot make calls. Open this page in a current Chrome, Edge, Firefox or Safari.',
};

const TABLES = { en: EN };

/** Which words go with which code of the server; whatever is not listed gets the general ones. */
export const FAMILY = {
  UNKNOWN_WIDGET: 'closed', NOT_PUBLISHED: 'closed', WIDGET_OFF: 'closed', NO_VERSION: 'closed',
  GRANT_INVALID: 'page', GRANT_EXPIRED: 'page', TICKET_INVALID: 'page', TICKET_SPENT: 'page',
  CONSENT_INVALID: 'page', CONSENT_REQUIRED: 'page',
  HOST_NOT_ALLOWED: 'site', ORIGIN_NOT_ALLOWED: 'site',
  LINK_ENDED: 'link',
  RATE_LIMITED: 'often', SHUTTING_DOWN: 'restart',
  AGENT_FAILURE: 'server', HANDLER_ERROR: 'server', INVALID_MESSAGE: 'server', INVALID_ARGUMENT: 'server',
  MEDIA_BRIDGE_FAILURE: 'sound', CONNECT_TIMEOUT: 'sound', NO_AUDIO: 'sound', ICE_FAILED: 'sound',
};

/** A function that finds a text: the owner's own words first, then the language's table, then English. */
export function words(language, own, values) {
  const table = TABLES[language] || TABLES[String(language).split('-')[0]] || EN;
  /** @param {string} key @param {object} [more] */
  return function text(key, more) {
    const found = own[key] || table[key] || EN[key];
    if (found === undefined) throw new Error('No text for ' + key);
    return found.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = more && name in more ? more[name] : values[name];
      return value === undefined ? whole : String(value);
    });
  };
}

/** 45 -> "45 s", 125 -> "2 min 05 s". */
export function duration(text, seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return text('time.seconds', { s });
  return text('time.minutes', { m: Math.floor(s / 60), s: String(s % 60).padStart(2, '0') });
}

/** 125 -> "02:05". */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const pad = (n) => String(n).padStart(2, '0');
  return pad(Math.floor(s / 60)) + ':' + pad(s % 60);
}
