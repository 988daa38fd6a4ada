/**
 * A call without its card: what a chat goes on aloud with, sent as one (widgets/delivery/joined.py) when somebody presses
 * "Talk instead". Each stands after those it needs.
 */

export * from './guard.js';
export * from './answers.js';
export * from './meters.js';
export * from './media.js';
export * from './events.js';
export * from './placing.js';
export * from './returning.js';
export * from './ending.js';
export * from './tabs.js';
export * from './call.js';
export * from './keep.js';
export * from './lock.js';
export * from './signal.js';
