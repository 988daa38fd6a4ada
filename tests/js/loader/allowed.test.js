import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attempt, load } from './part.js';

function allowed(changes, listed = true) {
  const said = [];
  const location = { host: 'shop.example.com', origin: 'https://shop.example.com' };
  const win = { location, origin: location.origin, isSecureContext: true, Promise, RTCPeerConnection: Object };
  Object.defineProperties(win, Object.getOwnPropertyDescriptors(changes));
  win.parent = win.parent || win;
  const doc = { createElement: () => ({ noModule: false }) };
  const given = { win, doc, attempt, PROPERTY: '__pickup', settings: { code: "c" }, say: (words) => { said.push(words); }, listed: () => listed };
  const part = load(['phone.js', 'allowed.js'], given);
  return { allowed: Boolean(part.allowed()), cannot: part.cannot(), said };
}

test('a listed page is allowed and hears nothing', () => {
  assert.deepEqual(allowed({}), { allowed: true, cannot: '', said: [] });
});

test('a second tag of the same widget is quiet, one of another says so', () => {
  assert.deepEqual(allowed({ __pickup: 'c' }).said, []);
  assert.equal(allowed({ __pickup: 'c' }).allowed, false);
  assert.match(allowed({ __pickup: 'other' }).said[0], /has another/);
});

test('inside a frame of another site, or one without an origin, there is no button', () => {
  const other = { location: { origin: 'https://evil.example' } };
  other.parent = other;
  const closed = { get location() { throw new Error('SecurityError'); } };
  const mute = { get origin() { throw new Error('InvalidStateError'); } };
  for (const changes of [{ parent: other }, { parent: closed }, { origin: 'null' }, mute]) {
    const told = allowed(changes);
    assert.equal(told.allowed, false);
    assert.match(told.said[0], /inside a frame/);
  }
});

test('a site that is not listed is named', () => {
  assert.match(allowed({}, false).said[0], /shop\.example\.com is not among/);
});

test('an insecure page and an old browser are told apart', () => {
  assert.equal(allowed({ isSecureContext: false }).cannot, 'INSECURE_PAGE');
  assert.equal(allowed({ RTCPeerConnection: undefined }).cannot, 'UNSUPPORTED_BROWSER');
});
