import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { answers, load, use } from './part.js';

/* No clock of a test runs on behind it. */
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

function world(changes = {}) {
  const did = [], beacons = [];
  const note = (name) => (...given) => { did.push([name, ...given]); };
  const given = {
    use, settings: { code: 'c', frame: 'https://studio.example/f', no: { FRAME_UNREACHABLE: 'Not now.' } }, origin: 'https://studio.example',
    navigator: { sendBeacon: (to, what) => beacons.push(to.slice(22) + ' ' + what) }, told: '', reason: '', trouble: '', opened: false, sourced: false,
    gone: false, keys: false, slow: 0, peer: null, waiting: [], results: {}, connected: false, session: null, box: {}, roof: {}, style: () => {}, timer: '',
    frame: { focus: () => {} }, win: { location: { origin: 'https://shop.example' } }, ready: () => false, narrow: {}, calm: {}, holds: () => false, button: { focus: () => {} },
    unreached: () => ({ name: 'NetworkError', code: 'FRAME_UNREACHABLE' }), elsewhere: () => false, cover: () => null,
  };
  for (const name of ['say', 'fire', 'hold', 'remove', 'paint']) given[name] = note(name);
  Object.assign(given, changes);
  given.answer = answers(given.results);
  return { did, beacons, given, part: load('card.js', given) };
}

test('a card that somebody waits for is told, with what was seen, and kept once a page', () => {
  const refused = [];
  const { did, beacons, part } = world({ opened: true, results: { 1: { reject: (error) => refused.push(error.code) } } });
  part.fail('FRAME_BLOCKED', ': CSP frame-src must allow ');
  part.report('FRAME_BLOCKED');
  assert.deepEqual(refused, ['FRAME_UNREACHABLE']);
  assert.deepEqual(beacons, ['/api/v1/widget/unreached c FRAME_BLOCKED']);
  assert.match(did.find(([name]) => name === 'say')[1], /frame-src must allow https:\/\/studio\.example$/);
  assert.deepEqual(did.filter(([name]) => name === 'fire'), [['fire', 'error', [{ name: 'NetworkError', code: 'FRAME_UNREACHABLE' }]]]);
});

test('a card that opens by itself leaves the focus where it is', () => {
  for (const [keyboard, focused] of [[null, 0], [undefined, 1], [true, 1]]) {
    const told = [];
    let count = 0;
    const peer = { postMessage: (message) => told.push(message) };
    world({ ready: () => true, peer, frame: { focus: () => { count += 1; } } }).part.show(keyboard);
    assert.deepEqual([count, told.find((one) => one.type === 'open').keyboard], [focused, keyboard]);
  }
});

test('one that was only asked for beforehand goes without a word', () => {
  const { did, beacons, part } = world({ sourced: true });
  part.fail('FRAME_UNREACHABLE', ': no answer from ');
  assert.deepEqual(did.map(([name]) => name), ['hold', 'remove', 'paint']);
  assert.deepEqual(beacons, []);
});

test('a press where calls are not possible asks for nothing and is kept', () => {
  const { beacons, given, part } = world({ reason: 'INSECURE_PAGE', trouble: 'No.' });
  part.show(true);
  assert.deepEqual(beacons, ['/api/v1/widget/unreached c INSECURE_PAGE']);
  assert.equal(given.frame.src, undefined);
});

test('a browser without beacons, or one that refuses them, keeps to the rest', () => {
  for (const navigator of [{}, { sendBeacon: () => { throw new Error('no'); } }]) {
    const { did, part } = world({ opened: true, navigator });
    part.fail('FRAME_UNREACHABLE', ': no answer from ');
    assert.ok(did.some(([name]) => name === 'fire'));
  }
});

test('nothing is asked for again beforehand once it has failed, but by the next press', () => {
  const { given, part } = world({ trouble: 'Not now.' });
  part.source();
  assert.equal(given.frame.src, undefined);
  part.show(false);
  assert.equal(given.frame.src, 'https://studio.example/f?host=https%3A%2F%2Fshop.example');
});

test('a card that is long in coming is waited for, and the button says so in one sentence until it is there', () => {
  const shown = [];
  let here = false;
  const { did, beacons, part } = world({ ready: () => here, peer: { postMessage: () => {} }, paint: () => shown.push(true) });
  part.show(false);
  const before = shown.length;
  mock.timers.tick(14000);
  assert.equal(shown.length, before);
  mock.timers.tick(1000);
  assert.equal(shown.length, before + 1);
  assert.deepEqual([did.filter(([name]) => name !== 'paint'), beacons], [[], []], 'nothing was seen to fail');

  here = true;
  part.show(false);
  const drawn = shown.length;
  mock.timers.tick(60000);
  assert.equal(shown.length, drawn);
});
