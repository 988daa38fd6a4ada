import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAILED, Journal, SENDING, SENT } from '../../../static/widget/chat/journal.js';

let made = 0;
function event(type, payload = {}, sequence = null, custom = {}) {
  made += 1;
  return { id: 'e' + made, sequence, timestamp: '2026-01-01T10:00:00Z', type: 'EVENT_TYPE_' + type, payload, metadata: { custom } };
}
const chunk = (id, index, text, last, more) => ({ message_id: id, text, chunk_index: index, is_complete: Boolean(last), ...more });
const texts = (journal) => journal.entries.map((entry) => entry.who + ': ' + entry.text);

test('an answer in chunks is one entry that grows and ends with its suggestions', () => {
  const journal = new Journal();
  journal.hear(event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 1, 'We are open '), 3));
  assert.equal(journal.entries[0].done, false);
  journal.hear(event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 2, 'until **six**.'), 4));
  journal.hear(event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 3, '', true, { response_suggestions: [{ message_text: 'And on Sunday?' }, {}, null] }), 5));
  assert.deepEqual(texts(journal), ['agent: We are open until **six**.']);
  assert.deepEqual([journal.entries[0].done, journal.entries[0].chips, journal.cursor], [true, ['And on Sunday?'], 5]);
});

test('a replay after a reload gives the same as what was heard live, and what comes twice is one', () => {
  const told = [
    event('SESSION_START', { context_id: 'c1', capabilities: { heartbeat_interval_seconds: 20 } }, 1), event('REQUEST_POLY_AGENT_JOIN', {}, 2), event('POLY_AGENT_JOINED', { agent_name: 'Robin' }, 3),
    event('POLY_AGENT_MESSAGE', { message_id: 'm0', text: 'Hello' }, 4), event('USER_MESSAGE', { text: 'Hi', message_id: 'u1' }, 5, { local_id: 'l1' }),
    event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 1, 'Yes '), 6), event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 2, 'sir'), 7),
  ];
  const live = new Journal();
  live.say('Hi', 'l1', 'now');
  told.forEach((one) => live.hear(one));
  told.forEach((one) => live.hear(one));
  const replayed = new Journal();
  replayed.hear(event('EVENT_BATCH', { events: told.slice().reverse() }));
  replayed.hear(event('EVENT_BATCH', { events: told }));
  assert.deepEqual(texts(live), ['agent: Hello', 'you: Hi', 'agent: Yes sir']);
  assert.deepEqual(texts(replayed), texts(live));
  assert.deepEqual([replayed.cursor, replayed.joined, replayed.contextId, replayed.heartbeat_s], [7, true, 'c1', 20]);
  assert.equal(replayed.entries[2].done, false);
});

test('a message stands there at once, and its echo makes it kept, in the order of the server', () => {
  const journal = new Journal();
  journal.say('first', 'l1', 'now');
  assert.equal(journal.say('first', 'l1', 'now'), journal.entries[0]);
  journal.say('second', 'l2', 'now');
  assert.deepEqual(journal.unsent().map((one) => one.localId), ['l1', 'l2']);
  journal.hear(event('USER_MESSAGE', { text: 'of another tab' }, 5, { local_id: 'other' }));
  journal.hear(event('USER_MESSAGE', { text: 'second' }, 6, { local_id: 'l2' }));
  journal.hear(event('USER_MESSAGE', { text: 'first' }, 7, { local_id: 'l1' }));
  assert.deepEqual(texts(journal), ['you: of another tab', 'you: second', 'you: first']);
  assert.deepEqual(journal.entries.map((one) => one.state), [SENT, SENT, SENT]);
});

test('a refusal marks its message; one that could not be kept is sent again by itself', () => {
  const journal = new Journal();
  journal.say('a', 'l1', 'now');
  journal.say('b', 'l2', 'now');
  journal.hear(event('SYSTEM_MESSAGE', { code: 'RATE_LIMITED' }, null, { local_id: 'l1' }));
  journal.hear(event('SYSTEM_MESSAGE', { code: 'UNAVAILABLE' }, null, { local_id: 'l2' }));
  assert.deepEqual(journal.entries.map((one) => one.state), [FAILED, SENDING]);
});

test('thinking ends with the answer, and suggestions with the next word of anybody', () => {
  const journal = new Journal();
  journal.hear(event('POLY_AGENT_THINKING'));
  assert.equal(journal.thinking, true);
  journal.hear(event('POLY_AGENT_MESSAGE', { text: 'A', response_suggestions: [{ message_text: 'x' }] }, 2));
  assert.equal(journal.thinking, false);
  journal.say('no', 'l1', 'now');
  assert.deepEqual(journal.entries[0].chips, []);
});

test('a new answer finishes one that never ended, and the end of the chat finishes all', () => {
  const journal = new Journal();
  journal.hear(event('POLY_AGENT_MESSAGE_CHUNK', chunk('m1', 1, 'half'), 1));
  journal.hear(event('POLY_AGENT_MESSAGE_CHUNK', chunk('m2', 1, 'other'), 2));
  assert.deepEqual(journal.entries.map((one) => one.done), [true, false]);
  journal.hear(event('SESSION_END', { reason: 'REASON_USER_END' }, 3));
  assert.deepEqual([journal.over, journal.entries[1].done], ['REASON_USER_END', true]);
});

test('what an answer carries is kept once, and nonsense does no harm', () => {
  const journal = new Journal();
  const link = { title: 'Brakes', content_url: 'https://a.example/b', content_type: 'ATTACHMENT_CONTENT_TYPE_URL' };
  journal.hear(event('POLY_AGENT_MESSAGE', { text: 'x', attachments: [link, link, null, 5], chat_call_actions: [{ title: 'Ring', contact_number: '020 55-5' }, {}] }, 1));
  assert.deepEqual(journal.entries[0].cards.map((one) => one.url), ['https://a.example/b', 'tel:020555']);
  for (const bad of [null, 5, {}, { type: 'EVENT_TYPE_EVENT_BATCH' }, { type: 'EVENT_TYPE_USER_MESSAGE', id: 'q' }, event('EVENT_BATCH', { events: [null, 3] }), event('SOMETHING_NEW', {}, 9), event('POLY_AGENT_MESSAGE', { text: 5 }, 10)]) journal.hear(bad);
  assert.equal(journal.entries[0].text, 'x');
});
