import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CHARS_MOST, Chat } from '../../../static/widget/chat/chat.js';
import { Link } from '../../../static/widget/chat/link.js';
import { Clock, FakeSocket, Server, settled } from './fakes.js';

function world(changes = {}) {
  const made = { clock: new Clock(), server: new Server(), sockets: [], events: [], asked: [], kept: null, reach: true, ids: 0, place: null };
  const { clock } = made;
  const world_ = Object.assign({
    api: {
      token: async () => { made.asked.push('token'); return 't1'; },
      session: async (token, wanted) => { made.asked.push(['session', token, wanted.consent]); return 's' + made.asked.length; },
      renew: async () => { if (!made.reach) throw Object.assign(new Error('no'), { code: 'NETWORK' }); },
      rate: async (token, session, stars, comment) => { made.asked.push(['rate', session, stars, comment]); },
    },
    keep: { find: async () => made.place, save: (place) => { made.kept = place; }, clear: () => { made.kept = null; } },
    newLink: (url, beat, to) => new Link({
      open: (address) => { made.sockets.push(new FakeSocket(address)); return made.sockets[made.sockets.length - 1]; },
      url, heartbeat_s: beat, random: () => 0.5, later: clock.later, never: clock.never,
    }, to),
    socket: 'wss://x/ws', wanted: () => ({}), consent: null, begin: () => made.chat.begin(), now: () => new Date(clock.now), id: () => 'l' + (made.ids += 1),
    later: clock.later, never: clock.never, context: async () => '', data: () => made.data || {}, emit: (name, args) => made.events.push([name, args[0]]), show: () => {},
  }, changes);
  made.chat = new Chat(world_);
  made.socket = () => made.sockets[made.sockets.length - 1];
  made.open = async () => {
    await made.chat.begin();
    made.server.welcome(made.socket());
    await settled();
  };
  made.texts = () => made.chat.journal.entries.map((entry) => entry.who + ': ' + entry.text + (entry.who === 'you' ? ' (' + entry.state + ')' : ''));
  return made;
}

test('a chat opens, asks for the agent once, and tells the page what was said', async () => {
  const made = world();
  await made.open();
  assert.deepEqual(made.socket().types, ['REQUEST_POLY_AGENT_JOIN']);
  assert.equal(made.chat.say('  When are you open? '), true);
  made.server.tell('POLY_AGENT_MESSAGE', { message_id: 'm1', text: 'At nine.' });
  assert.deepEqual(made.texts(), ['agent: Hello', 'you: When are you open? (sent)', 'agent: At nine.']);
  assert.deepEqual(made.events.map(([name, about]) => name + ' ' + about.text), ['messageReceived Hello', 'messageSent When are you open?', 'messageReceived At nine.']);
});

test('what is written before the chat is there goes out once, after the greeting was asked for', async () => {
  const made = world();
  const opening = made.chat.begin();
  await settled();
  assert.equal(made.chat.say('Hi'), true);
  await opening;
  made.server.welcome(made.socket());
  await settled();
  assert.deepEqual(made.socket().types, ['REQUEST_POLY_AGENT_JOIN', 'USER_MESSAGE']);
  assert.deepEqual(made.server.messages, ['Hi']);
});

test('what is written before the page has told that the card is open begins the chat and goes out', async () => {
  const made = world();
  assert.equal(made.chat.say('Hi'), true);
  await settled();
  made.server.welcome(made.socket());
  await settled();
  assert.deepEqual(made.server.messages, ['Hi']);
  await made.chat.begin();
  assert.equal(made.sockets.length, 1);
});

test('a chat that is closed begins by no word', async () => {
  const made = world({ begin: () => made.chat.go('closed') });
  assert.equal(made.chat.say('Hi'), false);
  assert.deepEqual([made.chat.journal.entries, made.asked], [[], []]);
});

test('an agent that greets nobody keeps the first words for two seconds', async () => {
  const made = world();
  made.server.take = (socket, frame) => {
    if (/JOIN/.test(frame.type)) made.server.tell('POLY_AGENT_JOINED', { agent_name: 'Robin' });
    else made.server.tell('USER_MESSAGE', frame.payload, frame.metadata.custom);
  };
  await made.open();
  made.chat.say('Hi');
  assert.deepEqual(made.server.messages, []);
  await made.clock.pass(2000);
  assert.deepEqual(made.server.messages, ['Hi']);
});

test('nothing, and too much, is not taken', async () => {
  const made = world();
  await made.open();
  for (const text of ['', '   \n', 'x'.repeat(CHARS_MOST + 1)]) assert.equal(made.chat.say(text), false);
  assert.deepEqual(made.server.messages, []);
});

test('offline words wait, go out once, and the answer that was missed comes by the cursor', async () => {
  const made = world();
  await made.open();
  made.socket().lose();
  made.chat.say('one');
  made.chat.say('two');
  assert.deepEqual(made.texts().slice(1), ['you: one (waiting)', 'you: two (waiting)']);
  await made.clock.pass(1600);
  assert.equal(made.chat.away, true);
  made.server.tell('POLY_AGENT_MESSAGE', { message_id: 'm1', text: 'Meanwhile' });
  assert.match(made.socket().url, /cursor=3/);
  made.server.welcome(made.socket());
  await settled();
  assert.equal(made.chat.away, false);
  assert.deepEqual(made.server.messages, ['one', 'two']);
  assert.deepEqual(made.texts(), ['agent: Hello', 'agent: Meanwhile', 'you: one (sent)', 'you: two (sent)']);
  await made.clock.pass(60000);
  assert.deepEqual(made.server.messages, ['one', 'two']);
});

test('a message whose echo was lost is sent again under its id and stands once', async () => {
  const made = world();
  await made.open();
  made.server.deaf = true;
  made.chat.say('one');
  const sent = made.socket().sent.length;
  await made.clock.pass(5000);
  assert.equal(made.socket().sent.length, sent + 1);
  assert.equal(new Set(made.socket().sent.slice(1).map((frame) => frame.metadata.custom.local_id)).size, 1);
  made.server.deaf = false;
  await made.clock.pass(5000);
  assert.deepEqual(made.texts().slice(1), ['you: one (sent)']);
  assert.deepEqual(made.server.messages, ['one']);
});

test('after three tries without an echo the visitor is asked, and the next press sends it', async () => {
  const made = world();
  await made.open();
  made.server.deaf = true;
  made.chat.say('one');
  await made.clock.pass(16000);
  assert.deepEqual(made.texts().slice(1), ['you: one (failed)']);
  made.server.deaf = false;
  made.chat.outbox.retry('l1');
  assert.deepEqual(made.texts().slice(1), ['you: one (sent)']);
});

test('a reload goes on with the chat: nothing lost, nothing doubled, nothing told to the page again', async () => {
  const before = world();
  await before.open();
  before.chat.say('one');
  before.socket().lose();
  before.chat.say('two');
  const { kept } = before;
  assert.deepEqual(kept.pending.map((one) => one.text), ['two']);

  const after = world();
  after.server = before.server;
  after.place = kept;
  await after.chat.resume();
  await after.chat.begin();
  assert.doesNotMatch(after.socket().url, /cursor/);
  after.server.welcome(after.socket());
  await settled();
  assert.deepEqual(after.asked, []);
  assert.deepEqual(after.server.messages, ['one', 'two']);
  assert.deepEqual(after.texts(), ['agent: Hello', 'you: one (sent)', 'you: two (sent)']);
  assert.deepEqual(after.events.map(([name, about]) => name + ' ' + about.text), ['messageSent two']);
});

test('a chat that was over when the page came back begins anew, with what waited', async () => {
  const made = world();
  made.place = { token: 'old', session: 'gone', pending: [{ text: 'still here', localId: 'p1', at: '' }] };
  await made.chat.resume();
  made.socket().lose(1006);
  await settled();
  await made.clock.pass(10);
  made.server.welcome(made.socket());
  await settled();
  assert.deepEqual(made.server.messages, ['still here']);
  assert.equal(made.chat.state.name, 'open');
});

test('a server that cannot be reached is tried again, later each time, and no chat is given up for it', async () => {
  const made = world();
  await made.open();
  made.reach = false;
  made.socket().lose();
  for (let i = 0; i < 12; i += 1) {
    await made.clock.pass(40000);
    if (made.socket().readyState === 0) made.socket().lose();
    await settled();
  }
  assert.equal(made.chat.state.name, 'open');
  await made.clock.pass(40000);
  made.server.welcome(made.socket());
  await settled();
  assert.equal(made.chat.away, false);
});

test('a session that the server refuses is over, and a new one is the next press', async () => {
  const made = world();
  await made.open();
  made.socket().lose(4001);
  await settled();
  assert.deepEqual([made.chat.state.name, made.chat.state.reason, made.kept], ['ended', 'REASON_USER_ABANDONED', null]);
  made.chat.fresh();
  await settled();
  assert.equal(made.chat.state.name, 'open');
  assert.equal(made.asked.filter((one) => one === 'token').length, 1);
});

test('ending tells the server, and nothing is kept', async () => {
  const made = world();
  await made.open();
  made.chat.say('Bye');
  made.chat.end();
  await settled();
  assert.deepEqual([made.chat.state.name, made.chat.state.reason, made.kept], ['ended', 'REASON_USER_END', null]);
  assert.deepEqual(made.events.filter(([name]) => name === 'sessionEnded').length, 1);
  assert.equal(made.chat.say('more'), false);
});

test('stars go to the chat that was ended, once', async () => {
  const made = world();
  await made.open();
  made.chat.say('x');
  const { session } = made.chat;
  made.chat.end();
  await settled();
  await made.chat.survey.rate(4, 'good');
  assert.deepEqual(made.asked.slice(-1), [['rate', session, 4, 'good']]);
  assert.equal(made.chat.survey.state, 'sent');
});

test('where consent is asked nothing is asked of the server before the yes, and the yes goes along', async () => {
  const made = world({ consent: { digest: 'd1' } });
  await made.chat.begin();
  assert.deepEqual([made.chat.state.name, made.asked], ['consent', []]);
  assert.equal(made.chat.say('x'), false);
  made.chat.agree();
  await settled();
  assert.deepEqual(made.asked, ['token', ['session', 't1', 'd1']]);
});

test('a wording that was replaced is shown before anything else', async () => {
  const made = world();
  made.chat.world.api.session = async () => { throw Object.assign(new Error('no'), { code: 'CONSENT_REQUIRED', body: { consent: { digest: 'd2' } } }); };
  await made.chat.begin();
  assert.deepEqual([made.chat.state.name, made.chat.consent.digest], ['consent', 'd2']);
});

test('a chat that cannot begin says why, and begins when the network is back', async () => {
  const made = world();
  const { token } = made.chat.world.api;
  made.chat.world.api.token = async () => { throw Object.assign(new Error('no'), { code: 'NETWORK' }); };
  await made.chat.begin();
  assert.deepEqual([made.chat.state.name, made.chat.state.code], ['error', 'NETWORK']);
  made.chat.world.api.token = token;
  made.chat.online();
  await settled();
  assert.equal(made.chat.state.name, 'open');
});

test('the page signs its context before the agent is asked for; one that never answers delays it by five seconds', async () => {
  const signed = world({ context: async ({ contextId }) => 'jwt of ' + contextId });
  await signed.open();
  assert.deepEqual(signed.socket().sent[0].payload, { context: 'jwt of c1' });
  const slow = world({ context: () => new Promise(() => {}) });
  await slow.open();
  assert.deepEqual(slow.socket().sent, []);
  await slow.clock.pass(5000);
  assert.deepEqual(slow.socket().types, ['REQUEST_POLY_AGENT_JOIN']);
});

test('what the page knows of itself goes along with the request for the agent, and again when it changes', async () => {
  const made = world();
  made.data = { cart: 2 };
  await made.open();
  made.data = { cart: 3 };
  made.chat.page.inform();
  assert.deepEqual(made.socket().sent.map((frame) => frame.payload), [{ data: { cart: 2 } }, { data: { cart: 3 } }]);
});

test('a context that is signed anew replaces the one before, one question at a time, and words wait for it', async () => {
  const answers = [];
  const made = world({ context: () => new Promise((met) => { answers.push(met); }) });
  const opening = made.open();
  await settled();
  answers.shift()('first');
  await opening;
  await settled();
  made.chat.page.refresh();
  made.chat.page.refresh();
  made.chat.say('Hi');
  assert.equal(answers.length, 1);
  answers.shift()('second');
  await settled();
  assert.deepEqual(made.socket().types, ['REQUEST_POLY_AGENT_JOIN', 'USER_CONTEXT', 'USER_MESSAGE']);
  assert.deepEqual(made.socket().sent[1].payload, { context: 'second' });
});

test('another tab writes, and this one shows it', async () => {
  const made = world();
  await made.open();
  made.server.tell('USER_MESSAGE', { text: 'from there', message_id: 'u9' }, { local_id: 'z' });
  assert.deepEqual(made.texts(), ['agent: Hello', 'you: from there (sent)']);
});

test('typing is told at most every three seconds, and that it stopped', async () => {
  const made = world();
  await made.open();
  for (let i = 0; i < 5; i += 1) made.chat.hand.typing(true);
  await made.clock.pass(6000);
  assert.deepEqual(made.socket().sent.slice(1).map((frame) => frame.payload.state), ['TYPING_STATE_STARTED', 'TYPING_STATE_STOPPED']);
});

test('a call takes what is typed, once, and what it does not take goes the usual way when it is over', async () => {
  const made = world();
  await made.open();
  const wrote = [];
  const voice = { busy: true, most: 20, takes: false, write(text, id) { if (voice.takes) wrote.push([text, id]); return voice.takes; } };
  made.chat.outbox.lend(voice);
  made.chat.say('While it rings');
  made.server.tell('VOICE_STARTED', {});
  voice.takes = true;
  made.chat.flush();
  made.chat.flush();
  made.chat.say('x'.repeat(21));
  made.server.tell('VOICE_TURN', { turn: 3, speaker: 'visitor', text: 'While it rings', medium: 'text' }, { local_id: 'l1' });
  made.server.tell('VOICE_TURN', { turn: 4, speaker: 'agent', text: 'At', medium: 'voice' });
  made.server.tell('VOICE_TURN', { turn: 4, speaker: 'agent', text: 'At nine.', medium: 'voice' });
  assert.deepEqual(wrote, [['While it rings', 'l1']]);
  assert.deepEqual(made.server.messages, []);
  assert.deepEqual(made.texts().slice(1, 4), ['mark: aloud.began', 'you: While it rings (sent)', 'agent: At nine.']);

  voice.busy = false;
  made.chat.outbox.hungUp();
  made.chat.flush();
  assert.deepEqual(made.server.messages, [], 'the server has not given the chat back yet');
  made.server.tell('VOICE_ENDED', { seconds: 12 });
  assert.deepEqual(made.server.messages, ['x'.repeat(21)]);
});

test('a call that does not come up leaves nothing waiting', async () => {
  const made = world();
  await made.open();
  made.chat.outbox.lend({ busy: false, most: 2000, write: () => false });
  made.chat.say('Hi');
  assert.deepEqual(made.server.messages, []);
  made.chat.outbox.hungUp();
  assert.deepEqual(made.server.messages, ['Hi']);
});

test('what a browser throws has a number for a code, and the visitor is told one of ours', async () => {
  const refuse = async () => { throw Object.assign(new Error('The object is in an invalid state.'), { name: 'InvalidStateError', code: 11 }); };
  const made = world({ api: { token: refuse, session: refuse, renew: refuse, rate: refuse } });
  await made.chat.begin();
  assert.deepEqual([made.chat.state.name, made.chat.state.code], ['error', 'BROWSER_FAILED']);
});
