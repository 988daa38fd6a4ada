import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { FAMILY, duration } from '../../static/widget/frame/later/rare.js';
import { EN, add, clock, words } from '../../static/widget/frame/strings.js';
import { EN_LATER } from '../../static/widget/frame/strings/en-later.js';

add('en', EN_LATER);

const FRAME = new URL('../../static/widget/frame/', import.meta.url);
const text = words({ language: 'en' }, { agent: 'Robin' });

test('names are filled in, an unknown language falls back to English', () => {
  assert.equal(text('start.title'), 'Talk to Robin');
  assert.equal(words({ language: 'xx' }, { agent: 'Ana' })('call.speaking'), 'Ana is speaking');
  assert.throws(() => text('no.such.key'));
});

test('durations and clocks read as people write them', () => {
  assert.deepEqual([0, 45.4, 125, 3600].map((s) => duration(text, s)), ['0 s', '45 s', '2 min 05 s', '60 min 00 s']);
  assert.deepEqual([0, 9.9, 134, 3661].map(clock), ['00:00', '00:09', '02:14', '61:01']);
});

test('every code of the server that has words of its own is one the server knows, and has them', () => {
  const refusals = readFileSync(new URL('../../widgets/refusals.py', import.meta.url), 'utf8');
  for (const [code, family] of Object.entries(FAMILY)) {
    assert.ok(refusals.includes('"' + code + '"'), code);
    assert.ok(text('error.' + family + '.title') && text('error.' + family + '.words'));
  }
});

test('every ending has its sentence', () => {
  for (const cause of ['agent_ended', 'silence', 'time_limit', 'connection_lost', 'shutdown', 'failed']) assert.ok(text('ended.' + cause));
});

test('every reason for no microphone, every turn of a call and every failure has its words', () => {
  for (const reason of ['dismissed', 'policy', 'app', 'missing', 'none', 'busy', 'failed']) assert.ok(text('blocked.' + reason + '.title') && text('blocked.' + reason + '.words'));
  for (const n of ['title', 1, 2, 3]) assert.ok(text('blocked.denied.' + n));
  for (const turn of ['listening', 'thinking', 'speaking', 'muted', 'unmuted', 'unheard', 'track_ended', 'taken', 'weak', 'reading']) assert.ok(text('call.' + turn));
  for (const failure of ['error', 'offline', 'full', 'elsewhere']) assert.ok(text(failure + '.title') && text(failure + '.words'));
});

test('every text that the screens name exists', () => {
  const later = readdirSync(new URL('later/', FRAME)).map((name) => 'later/' + name);
  for (const file of [...readdirSync(FRAME), ...later].filter((name) => name.endsWith('.js'))) {
    const source = readFileSync(new URL(file, FRAME), 'utf8');
    for (const [, key] of source.matchAll(/\btext\('([\w.-]+)'[,)]/g)) assert.ok(text(key), file + ': ' + key);
  }
});

test('every language has every text, with the same places to fill in', async () => {
  for (const language of ['de', 'fr', 'es', 'ar']) {
    const [first, later] = await Promise.all(['', '-later'].map((part) => import('../../static/widget/frame/strings/' + language + part + '.js')));
    const table = Object.assign({}, first.table, later.table);
    assert.deepEqual(Object.keys(table).sort(), Object.keys(EN).sort(), language);
    for (const key of Object.keys(EN)) {
      const places = (words) => (words.match(/\{\w+\}/g) || []).sort();
      assert.deepEqual(places(table[key]), places(EN[key]), language + ': ' + key);
    }
  }
});

test('a card that changes its language says the next word in the new one', async () => {
  await import('../../static/widget/frame/strings/de.js');
  const card = { language: 'en' };
  const said = words(card, {});
  assert.equal(said('mute'), 'Mute');
  card.language = 'de';
  assert.equal(said('mute'), 'Stumm');
});
