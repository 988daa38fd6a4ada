import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attempt, load, use } from './part.js';

function world(changes = {}) {
  const told = [], did = [];
  const phone = { open: 'false', getAttribute: () => phone.open, click: () => { did.push('phone'); } };
  const beside = { style: { right: '20px' }, shadowRoot: { querySelector: () => phone } };
  const given = Object.assign({
    attempt, use, listen: () => {}, setInterval: () => 1, clearInterval: () => { did.push('clear'); }, settings: { side: 'right' }, gone: false, opened: false, BEAT_MS: 5000,
    win: { Event: class { constructor(type) { this.type = type; } }, dispatchEvent: (event) => { told.push(event.type); } },
    doc: { querySelector: () => beside }, host: { offsetWidth: 60, style: { display: 'block' } }, root: {}, button: {}, frame: { focus: () => { did.push('frame'); } },
    hide: () => { did.push('hide'); }, bubble: (given) => { did.push(['bubble', given]); }, inform: () => { did.push('inform'); },
  }, changes);
  return { told, did, given, phone, beside, part: load('row.js', given) };
}

test('a Phone in the same corner is told how far the chat reaches, once', () => {
  const { told, given, part } = world();
  part.reach();
  assert.deepEqual([given.win.__pickupx, told], [72, ['pickup']]);
});

test('one on the other side, or none at all, is told nothing', () => {
  for (const doc of [{ querySelector: () => null }, { querySelector: () => ({ style: { left: '20px' }, shadowRoot: { querySelector: () => null } }) }]) {
    const { told, given } = world({ doc });
    assert.deepEqual([given.win.__pickupx, told], [undefined, []]);
  }
});

test('a card that opens puts the Phone\'s away and keeps the focus, and leaves one that is closed alone', () => {
  const { did, phone, part } = world({ opened: true });
  did.length = 0;
  part.yielded();
  assert.deepEqual(did, []);
  phone.open = 'true';
  part.yielded();
  assert.deepEqual(did, ['phone', 'frame']);
});

test('beside a Phone that opens, the chat closes and the words that invite go: they would lie under its card', () => {
  const { did, phone, part } = world();
  did.length = 0;
  part.turned();
  assert.deepEqual([did, Boolean(part.lifted())], [[], false]);
  phone.open = 'true';
  part.turned();
  assert.deepEqual([did, part.lifted()], [[['bubble', null], 'hide'], true]);
});

test('a chat that is taken off the page gives its place back', () => {
  const { given } = world({ gone: true, win: { __pickupx: 72, Event: class {}, dispatchEvent: () => {} } });
  assert.equal(given.win.__pickupx, 0);
});
