import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { load } from './part.js';

const hash = (text) => {
  const digest = createHash('sha256').update(text).digest();
  return digest.readInt32BE(0) + '.' + digest.readInt32BE(4);
};
const page = (hostname, port = '', protocol = 'https:') => ({ hostname, port, protocol });

function listed(hosts, location) {
  return load('listed.js', { settings: { code: 's', hosts: hosts.map((host) => hash('s' + host)) } }).listed(location);
}

test('the hash written out is SHA-256, whatever the length', () => {
  const { sha256 } = load('listed.js', { settings: {} });
  for (let size = 0; size < 200; size++) {
    const text = 'abc.-:='.repeat(40).slice(0, size);
    assert.equal(sha256(text), hash(text), String(size));
  }
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
