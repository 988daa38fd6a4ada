/**
 * All that a call begins with. The server sends these modules as one (widgets/delivery/joined.py), so a file more costs a visitor
 * nothing; whatever else wants something of them asks here, or it would get another copy. Each stands after those it needs.
 */

export * from './guard.js';
export * from './elements.js';
export * from './icons.js';
export * from './later.js';
export * from './strings.js';
export * from './screens.js';
export * from './view.js';
export * from './answers.js';
export * from './meters.js';
export * from './media.js';
export * from './events.js';
export * from './placing.js';
export * from './returning.js';
export * from './ending.js';
export * from './tabs.js';
export * from './call.js';
export * from './api.js';
export * from './keep.js';
export * from './lock.js';
export * from './signal.js';
export * from './asked.js';
export * from './frame.js';
