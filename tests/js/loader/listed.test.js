import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { load } from './part.js';

const SAMPLES = JSON.parse(readFileSync(new URL('../../hash_samples.json', import.meta.url), 'utf8'));
const hash = load('listed.js', { settings: {} }).hashed;
const page = (hostname, port = '', protocol = 'https:') => ({ hostname, port, protocol });

function listed(hosts, location) {
  return load('listed.js', { settings: { code: 's', hosts: hosts.map((host) => hash('s' + host)) } }).listed(location);
}

/** As in tests/widgets/test_short_hash.py, which reads the same table. */
test('page and server work out the same hash, whatever the length', () => {
  for (const [text, hashed] of SAMPLES) assert.equal(hash(text), hashed, text);
});

test('a domain admits itself and what stands under it, and nobody else', () => {
  assert.equal(listed(['example.com'], page('example.com')), true);
  assert.equal(listed(['example.com'], page('shop.example.com')), true);
  assert.equal(listed(['example.com'], page('example.com.')), true);
  assert.equal(listed(['example.com'], page('anexample.com')), false);
  assert.equal(listed(['example.com'], page('example.com.evil.org')), false);
  assert.equal(listed(['=example.com'], page('shop.example.com')), false);
  assert.equal(listed([], page('example.com')), false);
});

test('a port that is named is the only one, and addresses have no parents', () => {
  assert.equal(listed(['example.com:8443'], page('example.com', '8443')), true);
  assert.equal(listed(['example.com:8443'], page('example.com')), false);
  assert.equal(listed(['example.com:80'], page('example.com', '', 'http:')), true);
  assert.equal(listed(['0.0.1'], page('127.0.0.1')), false);
});
