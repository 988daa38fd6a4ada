import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { noMicrophone, settle, talking, world } from './fakes.js';

// What the documented product's events bring, field by field: its kinds, and what each may be.
const TEXT = (value) => typeof value === 'string';
const TIME = (value) => TEXT(value) && new Date(value).toISOString() === value;
const SESSION = {
  id: TEXT,
  reference: TEXT, // ours
  status: (value) => ['init', 'ringing', 'answered', 'failed', 'ended'].includes(value),
  direction: (value) => value === 'outgoing',
  startTime: TIME,
  answerTime: (value) => value === null || TIME(value),
  duration: (value) => typeof value === 'number' && value >= 0,
  muted: (value) => typeof value === 'boolean',
  localHold: (value) => value === false,
  remoteHold: (value) => value === false,
};
const END = { cause: TEXT, originator: (value) => value === 'local' || value === 'remote', description: TEXT };
const INFO = { originator: (value) => value === 'remote', info: (value) => 'body' in value };
const WORDS = {
  originator: (value) => value === 'local' || value === 'remote',
  messages: (value) => value.length === 1 && TEXT(value[0].text),
  index: Number.isInteger, // ours
  final: (value) => typeof value === 'boolean', // ours
};
const CAPTURE = { deviceLabel: TEXT, sampleRate: Number.isInteger };
const ERROR = { name: TEXT, code: TEXT, message: TEXT };
const NONE = [];
const EVENTS = {
  connecting: NONE, connected: NONE, disconnected: NONE, registered: NONE, unregistered: NONE, audioEnded: NONE,
  ringing: [SESSION], answered: [SESSION], muted: [SESSION], unmuted: [SESSION],
  ended: [SESSION, END], failed: [SESSION, END],
  captureAudio: [CAPTURE], infoSent: [TEXT, (value) => typeof value === 'object'], infoReceived: [INFO], transcription: [WORDS], error: [ERROR],
};

function check(name, args) {
  const shapes = EVENTS[name];
  assert.equal(args.length, shapes.length, name);
  shapes.forEach((shape, at) => {
    if (typeof shape === 'function') return assert.ok(shape(args[at]), name);
    // A call that failed before it had one has no session.
    if (shape === SESSION && args[at] === null) return assert.equal(name, 'failed');
    assert.deepEqual(Object.keys(args[at]).sort(), Object.keys(shape).sort(), name);
    for (const field of Object.keys(shape)) assert.ok(shape[field](args[at][field]), name + '.' + field + ': ' + JSON.stringify(args[at][field]));
  });
}

/** Calls of every kind, and what was told of them. */
async function told() {
  const calls = [];
  const whole = await talking();
  calls.push(whole);
  whole.time_s += 65;
  await whole.call.setMuted(true);
  await whole.call.setMuted(false);
  await whole.call.sendInfo('cart_opened', { items: 2 });
  whole.signals[0].event('info', { body: { kind: 'link' } });
  whole.signals[0].event('transcription', { index: 0, speaker: 'agent', text: 'Hello.', final: true });
  whole.signals[0].event('ended', { cause: 'agent_ended', code: '', reference: '7K4 QM9', seconds: 65 });

  const broken = await talking();
  broken.signals[0].event('ended', { cause: 'failed', code: 'AGENT_FAILURE', seconds: 3 });
  const moved = await talking();
  moved.call.ending.elsewhere();
  const refused = world({ microphone: async () => { throw noMicrophone('denied'); } });
  const cancelled = world();
  const late = world();
  calls.push(broken, moved, refused, cancelled, late);
  for (const one of [refused, cancelled, late]) {
    one.call.connectAndCall(true).catch(() => {});
    await settle();
  }
  for (const one of [cancelled, late]) one.signals[0].registered();
  cancelled.call.hangUp();
  late.call.ending.fail({ code: 'NO_UDP', message: 'No packet.' });
  return calls.map((one) => one.events);
}

test('every event of the page API has the documented arguments, field by field', async () => {
  const met = new Set();
  for (const events of await told()) {
    for (const [name, args] of events) {
      check(name, args);
      met.add(name);
    }
  }
  assert.deepEqual([...met].sort(), Object.keys(EVENTS).sort());
});

test('a session says how far its call came', async () => {
  const statuses = (await told()).map((events) => events.filter(([, args]) => args[0] && args[0].status).map(([name, args]) => name + ' ' + args[0].status));
  assert.deepEqual(statuses, [
    ['ringing ringing', 'answered answered', 'muted answered', 'unmuted answered', 'ended ended'],
    ['ringing ringing', 'answered answered', 'ended ended'],
    ['ringing ringing', 'answered answered', 'ended ended'],
    [],
    ['failed failed'],
    ['failed failed'],
  ]);
  const [whole] = await told();
  const { startTime, answerTime, duration } = whole.find(([name]) => name === 'ended')[1][0];
  assert.deepEqual([duration, startTime, answerTime], [65, new Date(1000000).toISOString(), new Date(1000000).toISOString()]);
});

test('the types for editors name the same fields', () => {
  const types = readFileSync(new URL('../../docs/polyphone-api.d.ts', import.meta.url), 'utf8');
  const fields = (name) => [...types.split('interface ' + name + ' {')[1].split('\n}')[0].matchAll(/^ {2}(\w+)\??:/gm)].map((found) => found[1]).sort();
  const tables = { PolyphoneSession: SESSION, PolyphoneEnd: END, PolyphoneInfo: INFO, PolyphoneTranscription: WORDS, PolyphoneCapture: { ...CAPTURE, port: null } };
  for (const name of Object.keys(tables)) assert.deepEqual(fields(name), Object.keys(tables[name]).sort(), name);
});
