import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { FAMILY, clock, duration, words } from '../../static/widget/frame/strings.js';

const FRAME = new URL('../../static/widget/frame/', import.meta.url);
const text = words('en', { end: 'Stop' }, { agent: 'Robin' });

test('the owner\u2019s words win, names are filled in, an unknown language falls back to English', () => {
  assert.equal(text('end'), 'Stop');
  assert.equal(text('start.title'), 'Talk to Robin');
  assert.equal(words('xx', {}, { agent: 'Ana' })('call.speaking'), 'Ana is speaking');
  assert.throws(() => text('no.such.key'));
});

test('durations and clocks read as people write them', () => {
  assert.deepEqual([0, 45.4, 125, 3600].map((s) => duration(text, s)), ['0 s', '45 s', '2 min 05 s', '60 min 00 s']);
  assert.deepEqual([0, 9.9, 134, 3661].map(clock), ['00:00', '00:09', '02:14', '61:01']);
});

test('every code of the server that has words of its own is one the server knows, and has them', () => {
  const refusals = readFileSync(new URL('../../widgets/refusals.py', import.meta.url), 'utf8');
  for (const [code, family] of Object.entries(FAMILY)) {
    if (code !== 'ICE_FAILED') assert.ok(refusals.includes('"' + code + '"'), code);
    assert.ok(text('error.' + family + '.title') && text('error.' + family + '.words'));
  }
});

test('every ending has its sentence', () => {
  for (const cause of ['agent_ended', 'silence', 'time_limit', 'connection_lost', 'shutdown', 'failed']) assert.ok(text('ended.' + cause));
});

test('every text that the screens name exists', () => {
  for (const file of readdirSync(FRAME).filter((name) => name.endsWith('.js'))) {
    const source = readFileSync(new URL(file, FRAME), 'utf8');
    for (const [, key] of source.matchAll(/\btext\('([\w.-]+)'[,)]/g)) assert.ok(text(key), file + ': ' + key);
  }
});
