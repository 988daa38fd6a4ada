import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { attempt, load } from './part.js';

beforeEach(() => mock.timers.enable({ apis: ['Date'], now: 1e12 }));
afterEach(() => mock.timers.reset());

const KEY = '__pickup_open c';

function world(opened, kept = {}) {
  const given = {
    attempt, opened, PROPERTY: '__pickup', settings: { code: 'c' }, listen: (target, names, run) => { given.leave = run; },
    win: {
      sessionStorage: {
        getItem: (name) => (name in kept ? kept[name] : null), setItem: (name, value) => { kept[name] = String(value); }, removeItem: (name) => { delete kept[name]; },
      },
    },
  };
  return { kept, given, part: load('left.js', given) };
}

test('a card that is open when its page goes is open on the next, and told of once', () => {
  const { kept, given } = world(true);
  given.leave();
  assert.deepEqual(kept, { [KEY]: '1000000000000' });
  const next = world(false, kept);
  assert.deepEqual([next.part.left(), next.part.left(), kept], [true, false, {}]);
});

test('a closed one stays closed, and so does one whose chat is over by now', () => {
  const { kept, given } = world(false);
  given.leave();
  assert.deepEqual(kept, {});
  assert.equal(world(false, { [KEY]: String(1e12 - 600000) }).part.left(), false);
  assert.equal(world(false, { [KEY]: 'never' }).part.left(), false);
});

test('a page without storage is left as it was', () => {
  const { given, part } = world(true);
  delete given.win.sessionStorage;
  given.leave();
  assert.equal(part.left(), undefined);
});
