import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load } from './part.js';

/** What the parts that only some owners need are given of the others. */
function world(changes) {
  const heard = [], painted = [];
  const given = Object.assign({
    win: { location: { pathname: '/shop/a' }, navigation: { named: 'navigation' } }, off: false, gone: false, BEAT_MS: 5000,
    listen: (target, names, run) => { heard.push([target, names, run]); }, paint: () => { painted.push(1); },
    setInterval: () => 7, clearInterval: (which) => { given.cleared = which; },
  }, changes);
  return { heard, painted, given };
}

test('the button goes from pages that are not named, and comes back, as the address changes without a reload', () => {
  const { heard, painted, given } = world({ settings: { pages: '^(?:/shop(?:/.*)?)/?$' } });
  const { turn } = load('pages.js', given);
  assert.deepEqual(heard.map(([target, names]) => [target.named, names]), [['navigation', 'navigatesuccess']]);
  turn();
  assert.equal(painted.length, 0);
  given.win.location.pathname = '/';
  turn();
  turn();
  assert.equal(painted.length, 1);
  given.win.location.pathname = '/shop';
  turn();
  assert.equal(painted.length, 2);
});

test('once the tag is taken off the page nothing is looked at any more', () => {
  const { painted, given } = world({ settings: { pages: '^/shop/?$' }, gone: true });
  load('pages.js', given).turn();
  assert.deepEqual([painted, given.cleared], [[], 7]);
});

test('a browser without the navigation interface is no trouble', () => {
  const { heard, given } = world({ settings: { pages: '' }, win: { location: { pathname: '/' } } });
  load('pages.js', given);
  assert.equal(heard.length, 1);
});

test('where there are no calls a press leads to the owner, and the button is no longer disabled', () => {
  const removed = [];
  const button = { removeAttribute: (name) => removed.push(name) };
  const { heard, given } = world({ reason: 'INSECURE_PAGE', button, settings: { out: 'tel:+4930' } });
  load('out.js', given);
  heard[0][2]();
  assert.deepEqual([heard[0][0], heard[0][1], given.win.location.href], [button, 'click', 'tel:+4930']);
  assert.deepEqual(removed, ['aria-disabled', 'aria-haspopup']);
});

test('where calls are possible the owner is called by the card', () => {
  const { heard, given } = world({ reason: '', button: {}, settings: { out: 'tel:+4930' } });
  load('out.js', given);
  assert.deepEqual(heard, []);
});
