/**
 * The texts that a call begins with, by key, in one table a language. strings/en-later.js has the others, strings/ the
 * other languages, which may leave keys out: English stands in.
 * {agent}, {site}, {time} and the like are filled in by `text()`.
 */

export const EN = {
  'card': 'Call with {agent}',
  'minimise': 'Minimise',
  'controls': 'Call controls',
  'start.title': 'Talk to {agent}',
  'start.small': 'You will talk to an AI assistant.',
  'start.recorded': 'You will talk to an AI assistant. The call is recorded.',
  'start.asks': 'Or start with a question',
  'consent.region': 'What you agree to',
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
  'reconnecting.words': 'Trying to get you back into your call.',
  'mute': 'Mute',
  'unmute': 'Unmute',
  'more': 'More',
  'captions': 'Captions',
  'call.weak': 'Your connection is weak.',
  'call.unheard': '{agent} cannot hear you',
  'call.track_ended': 'Your microphone is gone. Connect one, and {agent} hears you again.',
  'call.taken': 'No sound comes from your microphone. Does another app or a switch hold it?',
  'captions.region': 'What was said',
  'captions.none': 'What you both say is written here.',
  'you': 'You',
  'retry': 'Try again',
  'error.title': 'The call did not connect',
  'error.words': 'Nothing was recorded. Check your internet connection and try again.',
  'offline.title': 'You are offline',
  'offline.words': 'Nothing was recorded. Connect to the internet, then try again.',
};

const TABLES = /** @type {Object<string, Object<string, string>>} */ ({ en: EN });

/** Words that came later, or of another language. */
export function add(language, table) {
  TABLES[language] = Object.assign(TABLES[language] || {}, table);
}

/**
 * A function that finds a text in the language that the card has now, else in English.
 * @param {{language: string}} settings
 * @param {object} values
 */
export function words(settings, values) {
  /** @param {string} key @param {object} [more] */
  return function text(key, more) {
    const found = (TABLES[settings.language] || EN)[key] || EN[key];
    if (found === undefined) throw new Error('No text for ' + key);
    return found.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = more && name in more ? more[name] : values[name];
      return value === undefined ? whole : String(value);
    });
  };
}

/** 125 -> "02:05". */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const pad = (n) => String(n).padStart(2, '0');
  return pad(Math.floor(s / 60)) + ':' + pad(s % 60);
}
