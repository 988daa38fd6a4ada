import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attempt, load } from './part.js';

const KEY = 'POLY_AI_POLYPHONE_CALL_ACTIVE';

class Storage {
  constructor(kept = {}) { this.kept = kept; }
  getItem(name) { return name in this.kept ? this.kept[name] : null; }
  setItem(name, value) { this.kept[name] = String(value); }
  removeItem(name) { delete this.kept[name]; }
}

function lock(kept = {}, changes = {}) {
  const win = { localStorage: new Storage(kept), sessionStorage: new Storage() };
  const given = { win, attempt, listen: () => {}, tab: 0.5, beat: 0, PROPERTY: '__pickup', settings: { code: 'c' }, setInterval: () => 1, clearInterval: () => {} };
  return { kept, win, part: load(['mark.js', 'lock.js'], Object.assign(given, changes)) };
}

test('the key is written while a call is held and taken away after it', () => {
  const { kept, part } = lock();
  part.hold(true);
  assert.equal(JSON.parse(kept[KEY]).tab, 0.5);
  assert.equal(part.elsewhere(), false);
  part.hold(false);
  assert.equal(KEY in kept, false);
});

test('a fresh key of another tab is a call elsewhere, an old one or a broken one is not', () => {
  const key = (at, tab = 0.1) => lock({ [KEY]: JSON.stringify({ tab, at }) }).part;
  assert.equal(key(Date.now()).elsewhere(), true);
  assert.equal(key(Date.now() - 20000).elsewhere(), false);
  assert.equal(lock({ [KEY]: '{broken' }).part.elsewhere(), false);
});

test("another tab's key stays when this tab lets go", () => {
  const { kept, part } = lock({ [KEY]: JSON.stringify({ tab: 0.1, at: Date.now() }) });
  part.hold(false);
  assert.equal(KEY in kept, true);
});

test('the mark is for this widget only', () => {
  const { win, part } = lock();
  part.mark('set');
  assert.equal(part.mark('get'), true);
  win.sessionStorage.setItem('__pickup', 'another');
  assert.equal(part.mark('get'), false);
});

test('storage that throws is as if there were none', () => {
  const win = { get localStorage() { throw new Error('denied'); }, get sessionStorage() { throw new Error('denied'); } };
  const { part } = lock({}, { win });
  part.hold(true);
  part.hold(false);
  assert.equal(part.elsewhere(), false);
  assert.equal(part.mark('get'), undefined);
});
