import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { CallLock } from '../../static/widget/frame/lock.js';

/** Locks of a browser with several tabs. */
class Locks {
  constructor() {
    this.holder = false;
    this.queue = [];
  }

  async request(name, options, run) {
    if (this.holder && options.ifAvailable) return run(null);
    if (this.holder) await new Promise((next) => this.queue.push(next));
    this.holder = true;
    await run({ name });
    this.holder = false;
    const next = this.queue.shift();
    if (next) next();
    return undefined;
  }

  async query() {
    return { held: this.holder ? [{ name: 'pickup-call' }] : [] };
  }
}

function tab(locks, mirror) {
  const told = [];
  return { lock: new CallLock(locks, () => Boolean(mirror), (held) => told.push(held)), told };
}

test('one tab has the call, the other does not, until it is given back', async () => {
  const locks = new Locks();
  const [one, two] = [tab(locks), tab(locks)];
  assert.equal(await one.lock.take(), true);
  assert.equal(await two.lock.take(), false);
  assert.equal(await two.lock.busy(), true);
  assert.equal(await one.lock.busy(), false);
  one.lock.give();
  await new Promise(setImmediate);
  assert.equal(await two.lock.take(), true);
  assert.deepEqual([one.told, two.told], [[true, false], [true]]);
});

test('who waits is told when the other call is over', async () => {
  const locks = new Locks();
  const [one, two] = [tab(locks), tab(locks)];
  await one.lock.take();
  const free = new Promise((done) => two.lock.whenFree(done));
  one.lock.give();
  await free;
});

test('without locks, refused or silent ones, the mark on the page decides', async (t) => {
  const refuses = { request: () => Promise.reject(new Error('no')) };
  for (const locks of [undefined, refuses]) {
    assert.equal(await tab(locks, false).lock.take(), true);
    assert.equal(await tab(locks, true).lock.take(), false);
  }
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const silent = { request: () => new Promise(() => {}) };
  const taking = tab(silent, false).lock.take();
  mock.timers.tick(1000);
  assert.equal(await taking, true);
});

test('a lock that is given back before it came is not held, and one asked for again meanwhile is', async () => {
  const locks = new Locks();
  const [one, two] = [tab(locks), tab(locks)];
  const early = one.lock.take();
  one.lock.give();
  await early;
  assert.equal(await two.lock.take(), true);
  two.lock.give();
  await new Promise(setImmediate);

  const first = one.lock.take();
  one.lock.give();
  const second = one.lock.take();
  assert.deepEqual([await first, await second], [true, true]);
  assert.equal(await two.lock.take(), false);
  assert.equal(one.told[one.told.length - 1], true);
});
