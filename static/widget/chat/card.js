/**
 * All that a chat is made of, sent as one (widgets/delivery/joined.py) and only to visitors of a Chat widget. Each stands
 * after those it needs.
 */

export * from '../frame/guard.js';
export * from '../frame/elements.js';
export * from './icons.js';
export * from './later.js';
export * from './strings.js';
export * from './markdown.js';
export * from './journal.js';
export * from './link.js';
export * from './keep.js';
export * from './api.js';
export * from './admission.js';
export * from './outbox.js';
export * from './hand.js';
export * from './page.js';
export * from './survey.js';
export * from './chat.js';
export * from './log.js';
export * from './asks.js';
export * from './composer.js';
export * from './view.js';
export * from './frame.js';
