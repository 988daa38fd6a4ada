/** Every promise of the page API is settled, whatever the other tabs do: only a visitor who is asked is waited for. */

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { CallLock } from '../../static/widget/frame/lock.js';
import { settle, world } from './fakes.js';

const held = { request: async (name, options, run) => run(null), query: async () => ({ held: [{ name: 'pickup-call' }] }) };
const free = { request: async (name, options, run) => run({ name }), query: async () => ({ held: [] }) };
const silent = { request: () => new Promise(() => {}), query: () => new Promise(() => {}) };
const refusing = { request: () => { throw new Error('no'); }, query: () => { throw new Error('no'); } };

// The other tabs: their lock as this browser tells it, and whether the page's key says that one of them has a call.
const OTHERS = {
  'none': [free, false, false],
  'one in a call': [held, true, true],
  'one that asks for the microphone': [held, false, true],
  'one that was closed in its call: its key is still fresh': [free, true, false],
  'one in a call, in a browser without locks': [undefined, true, true],
  'none, in a browser without locks': [undefined, false, false],
  'one in a call, where locks never answer': [silent, true, true],
  'none, where locks never answer': [silent, false, false],
  'one in a call, where locks are refused': [refusing, true, true],
};
const COMMANDS = ['connect', 'connectAndCall', 'startCall', 'endCall', 'disconnect', 'setMuted', 'sendInfo'];

async function asked(w, command, gesture) {
  const done = command === 'sendInfo' ? w.call.sendInfo('x', {}) : w.call[command](command === 'setMuted' ? true : gesture);
  const outcome = { settled: false, code: '' };
  Promise.resolve(done).then(() => { outcome.settled = true; }, (error) => {
    outcome.settled = true;
    outcome.code = error.code;
  });
  for (let at = 0; at < 15; at++) {
    await settle();
    if (w.signals.length && !w.told) {
      w.told = true;
      w.signals[0].registered();
      w.signals[0].event('answered');
      await settle();
    }
    mock.timers.tick(1000);
  }
  await settle();
  return outcome;
}

for (const other of Object.keys(OTHERS)) {
  test('every promise is settled with ' + other, async (t) => {
    const [locks, mirror, occupied] = OTHERS[other];
    for (const consent of [true, false]) {
      for (const gesture of [true, false]) {
        for (const command of COMMANDS) {
          mock.timers.enable({ apis: ['setTimeout'] });
          const w = world({ consent, lock: new CallLock(locks, () => mirror, () => {}) });
          const outcome = await asked(w, command, gesture);
          mock.timers.reset();
          const told = [other, consent, gesture, command, w.call.state.name, outcome.code].join(' ');
          const isAsked = ['start', 'consent'].includes(w.call.state.name) && !occupied && /onnect/.test(command) && command !== 'disconnect';
          assert.equal(outcome.settled, !isAsked, told);
          if (occupied && command === 'connectAndCall') assert.deepEqual([w.call.state.name, outcome.code], ['elsewhere', 'CALL_ELSEWHERE'], told);
        }
      }
    }
  });
}

test('who waits for the yes is told when another tab begins a call, and the card closes the start', async () => {
  const w = world({ consent: true });
  const done = w.call.connectAndCall(true);
  done.catch(() => {});
  await settle();
  assert.equal(w.call.state.name, 'consent');
  w.lockFree = false;
  w.call.tabs.occupied();
  assert.equal((await done.catch((error) => error)).code, 'CALL_ELSEWHERE');
  assert.deepEqual(w.history, ['onConnecting', 'consent', 'onFailed', 'onDisconnected', 'elsewhere/tab']);

  const quiet = world();
  quiet.call.tabs.occupied();
  assert.deepEqual(quiet.history, ['elsewhere/tab']);
});

test('a visitor who has said yes meanwhile is not sent away by a late answer about other tabs', async () => {
  let answer = () => {};
  const lock = { busy: () => new Promise((done) => { answer = done; }), take: async () => true, give: () => {} };
  const w = world({ consent: true, lock });
  w.call.connectAndCall(true).catch(() => {});
  w.call.agree();
  await settle();
  answer(true);
  await settle();
  assert.equal(w.call.state.name, 'connecting');
});
