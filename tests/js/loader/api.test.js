import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answers, load, use } from './part.js';

function world(changes = {}) {
  const tells = [], shows = [];
  const given = Object.assign({
    use, reason: '', trouble: '', win: { Promise }, navigator: {}, sourced: false, connected: false, session: null, results: {}, waiting: [], lastId: 0,
    handlers: {}, settings: { consent: false }, gone: false, source: () => {}, show: () => { shows.push(1); }, ready: () => false, tell: (message) => { tells.push(message); },
    report: () => {}, unreached: () => ({}),
  }, changes);
  given.answer = answers(given.results);
  return { tells, shows, given, api: load(['phone.js', 'asking.js', 'api.js'], given).api };
}

test('a command that does not fit a page without a call is refused and told, before there is a card', async () => {
  const { api } = world();
  const told = [];
  api.onError((error) => told.push(error.name + ' ' + error.code));
  const commands = { mute: 'NO_CALL', unmute: 'NO_CALL', endCall: 'NO_CALL', startCall: 'NOT_CONNECTED' };
  for (const name of Object.keys(commands)) {
    await assert.rejects(api[name](), { name: 'InvalidStateError', code: commands[name] });
  }
  await assert.rejects(api.sendInfo('x'), { code: 'NO_CALL' });
  assert.deepEqual(told, [...Object.values(commands), 'NO_CALL'].map((code) => 'InvalidStateError ' + code));
});

test('closing what is not open is no mistake', async () => {
  const { api } = world();
  const told = [];
  api.onError(() => told.push(1));
  assert.equal(await api.disconnect(), null);
  assert.deepEqual(told, []);
});
