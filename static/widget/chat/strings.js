/**
 * What the chat says by itself, by key; strings/ holds the other languages, English stands in where one lacks a key.
 * {agent}, {n} and the like are filled in by `text()`.
 */

export const EN = {
  'card': 'Chat with {agent}',
  'who': '{agent}, AI assistant',
  'assistant': 'AI assistant',
  'more': 'More',
  'minimise': 'Minimise',
  'log': 'Conversation',
  'hello': 'Write your question. {agent} answers straight away.',
  'starts': 'Questions to begin with',
  'message': 'Message',
  'write': 'Write to {agent}',
  'send': 'Send',
  'long': '{n} characters too many',
  'small': 'Answers are written by AI and can be wrong.',
  'policy.privacy': 'Privacy policy',
  'policy.terms': 'Terms',
  'opens': '(opens in a new tab)',
  'thinking': '{agent} is thinking',
  'said': '{agent}: {words}',
  'sending': 'Sending…',
  'sent': 'Sent',
  'waiting': 'Waits for the connection',
  'failed': 'Not sent',
  'again': 'Try again',
  'you': 'You',
  'chips': 'Suggestions',
  'ring': 'Call {number}',
  'picture': 'Picture: {title}',
  'page': 'Open the page',
  'talk': 'Talk instead',
  'aloud': 'Aloud',
  'aloud.began': 'You went on talking, {time}',
  'aloud.ended': 'You talked for {time}',
  'time.seconds': '{s} s',
  'time.minutes': '{m} min {s} s',
  'offline': 'You are offline',
  'offline.words': 'Go on writing. It is sent when you are back.',
  'consent.title': 'Before we start',
  'consent.region': 'What you agree to',
  'consent.button': 'I consent and start chat',
  'consent.later': 'Not now',
  'error.title': 'The chat did not start',
  'error.words': 'Nothing was sent. Check your connection and try again.',
  'error.busy.title': 'Everyone is busy right now',
  'error.busy.words': 'Nothing was lost. Try again in a minute.',
  'error.page.title': 'This page was open for a long time',
  'error.page.words': 'Nothing was lost. Try again and the chat starts afresh.',
  'closed.title': 'The chat is closed right now',
  'closed.words': 'Nobody can be written to for the moment. Please come back later.',
  'code': 'Code {code}',
  'new': 'Start new chat',
  'end': 'End chat',
  'ended': 'Chat ended, {time}',
  'ended.idle': 'The chat ended after 10 minutes without a message.',
  'rating.title': 'How did {agent} do?',
  'rating.question': 'Did you get what you came for?',
  'rating.least': 'Bad',
  'rating.most': 'Very good',
  'rating.stars': '{n} of 5',
  'rating.better': 'What could be better?',
  'rating.optional': 'Optional',
  'rating.send': 'Send',
  'rating.skip': 'Skip',
  'rating.thanks': 'Thank you. Your rating was sent.',
  'rating.failed': 'Your rating could not be sent. Try again.',
  'unread': '{n} unread',
};

const TABLES = /** @type {Object<string, Object<string, string>>} */ ({ en: EN });

/** Words that came later, or of another language. */
export function add(language, table) {
  TABLES[language] = Object.assign(TABLES[language] || {}, table);
}

/**
 * A function that finds a text in the language that the card has now, else in English.
 * @param {{language: string}} settings
 * @param {() => object} values
 */
export function words(settings, values) {
  /** @param {string} key @param {object} [more] */
  return function text(key, more) {
    const found = (TABLES[settings.language] || EN)[key] || EN[key];
    if (found === undefined) throw new Error('No text for ' + key);
    const all = Object.assign({}, values(), more);
    return found.replace(/\{(\w+)\}/g, (whole, name) => (all[name] === undefined ? whole : String(all[name])));
  };
}
