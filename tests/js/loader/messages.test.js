import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answers, attempt, load } from './part.js';

function world() {
  const did = [], listeners = {};
  const note = (name) => (...given) => { did.push([name, ...given]); };
  const frame = { contentWindow: {} };
  const given = {
    frame, win: {}, origin: 'https://studio.example', attempt, results: {}, connected: false, session: null, peer: null, late: 0, timer: '', trouble: '', opened: false,
    problem: (name, code, words) => ({ name, code, words }), listen: (target, name, run) => { listeners[name] = run; }, clearTimeout: () => {},
  };
  for (const name of ['drop', 'redraw', 'tellOpen', 'ask', 'fire', 'hide', 'show', 'paint', 'hold', 'mark']) given[name] = note(name);
  given.answer = answers(given.results);
  const part = load('messages.js', given);
  const hear = (data, event = {}) => listeners.message(Object.assign({ data: Object.assign({ pickup: 1 }, data), origin: given.origin, source: frame.contentWindow }, event));
  return { did, hear, given, part };
}

test('only the frame is heard, from its own origin', () => {
  const { did, hear } = world();
  hear({ type: 'lock', held: true }, { origin: 'https://evil.example' });
  hear({ type: 'lock', held: true }, { source: {} });
  hear({ type: 'lock', held: true, pickup: 2 });
  hear({}, { data: null });
  assert.deepEqual(did, []);
  hear({ type: 'lock', held: true });
  assert.deepEqual(did, [['hold', true], ['mark', 'set']]);
});

test('a result settles what was asked, once', () => {
  const { hear, given } = world();
  const told = [];
  given.results[3] = { resolve: (value) => told.push(value), reject: (error) => told.push(error.code) };
  given.results[4] = { resolve: (value) => told.push(value), reject: (error) => told.push(error.code) };
  hear({ type: 'result', id: 3, value: 'yes' });
  hear({ type: 'result', id: 3, value: 'again' });
  hear({ type: 'result', id: 4, error: { name: 'E', code: 'FULL', message: 'm' } });
  hear({ type: 'result', id: 99 });
  assert.deepEqual(told, ['yes', 'FULL']);
});

test('what the frame tells reaches the handlers; of an error only the error', () => {
  const { did, hear } = world();
  hear({ type: 'event', name: 'answered', args: [{ agent: 'Robin' }] });
  hear({ type: 'event', name: 'error', args: [{ name: 'E', code: 'FULL', message: 'm' }] });
  assert.deepEqual(did, [
    ['fire', 'answered', [{ agent: 'Robin' }]],
    ['fire', 'error', [{ name: 'E', code: 'FULL', words: 'm' }]],
  ]);
});

test('nonsense does nothing and throws nothing', () => {
  const { hear } = world();
  for (const data of [{ type: 'event', args: 5 }, { type: 'result', id: 'toString' }, { type: 'nothing' }, { type: 'event', name: {}, args: [null] }]) hear(data);
});
