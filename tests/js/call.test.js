import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { noMicrophone, refusal, settle, talking, world } from './fakes.js';

test('connectAndCall goes through the states and events in their one order', async () => {
  const w = await talking();
  w.signals[0].event('ended', { cause: 'agent_ended', code: '', reference: '7K4 QM9', seconds: 65 });
  assert.deepEqual(w.history, [
    'onConnecting', 'connecting', 'onConnected', 'onRegistered', 'onCaptureAudio', 'onRinging', 'in-call', 'onAnswered',
    'onAudioEnded', 'onEnded', 'onUnregistered', 'onDisconnected', 'ended/agent_ended',
  ]);
});

test('the offer goes out without waiting for registered, and after hello', async () => {
  const w = world();
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  assert.deepEqual(w.signals[0].types, ['hello', 'offer']);
  assert.deepEqual(w.signals[0].sent[0], { type: 'hello', ticket: 't', lastEvent: 0 });
  assert.equal(w.signals[0].sent[1].sessionId, null);
  assert.deepEqual(w.media[0].iceServers, [{ urls: ['stun:x'] }]);
});

test('the promise of connectAndCall resolves to the session when somebody answers', async () => {
  const w = await talking();
  const session = await w.done;
  assert.equal(session.id, 's-1');
  assert.equal(session.status, 'answered');
  assert.equal(session.direction, 'outgoing');
});

test('sound is unlocked before anything is waited for', () => {
  const w = world();
  w.call.start();
  assert.equal(w.media[0].unlocked, 1);
});

test('without a touch of the page the card waits for the press and no microphone opens', async () => {
  const w = world();
  w.call.connectAndCall(false).catch(() => {});
  await settle();
  assert.equal(w.call.state.name, 'start');
  assert.equal(w.media.length, 0);
});

test('with consent switched on no command opens the microphone before the yes', async () => {
  for (const command of ['connectAndCall', 'connect', 'startCall', 'start', 'again']) {
    const w = world({ consent: true });
    const done = w.call[command](true);
    if (done && done.catch) done.catch(() => {});
    await settle();
    assert.equal(w.media.length, 0, command);
    assert.deepEqual(w.requests, [], command);
  }
});

test('the yes is recorded before the ticket is asked for, and the ticket carries it', async () => {
  const w = world({ consent: true });
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  w.call.agree();
  await settle();
  assert.deepEqual(w.requests, [['consent', 'd1', 'en'], ['ticket', 'yes-1']]);
  assert.deepEqual(w.history.slice(0, 3), ['onConnecting', 'consent', 'connecting']);
});

test('connect with consent on waits at the consent screen and opens the line only, once agreed', async () => {
  const w = world({ consent: true });
  const done = w.call.connect();
  w.call.agree();
  await settle();
  w.signals[0].registered();
  await done;
  await settle();
  assert.equal(w.media.length, 0);
  assert.deepEqual(w.history, ['onConnecting', 'consent', 'connecting', 'onConnected', 'onRegistered', 'start']);
});

test('"Not now" tells the page whose command waits for the yes, and a card that nobody waits for nothing', async () => {
  const w = world({ consent: true });
  const done = w.call.connectAndCall(true);
  await settle();
  w.call.decline();
  assert.deepEqual(await refusal(done), ['AbortError', 'CANCELLED']);
  assert.deepEqual(w.history, ['onConnecting', 'consent', 'onFailed', 'onDisconnected']);

  const quiet = world({ consent: true });
  quiet.call.start();
  quiet.call.decline();
  assert.deepEqual([quiet.history, quiet.requests], [['consent'], []]);
});

test('whatever takes back a call that waits for the yes, or for a press, settles it', async () => {
  const ways = {
    disconnect: (call) => call.disconnect(),
    endCall: (call) => call.endCall(),
    'the card is put away': (call) => call.putAway(),
  };
  for (const [name, end] of Object.entries(ways)) {
    for (const options of [{ consent: true }, {}]) {
      const w = world(options);
      const done = refusal(w.call.connectAndCall(false));
      await settle();
      await end(w.call);
      assert.deepEqual(await done, ['AbortError', 'CANCELLED'], name);
      const screen = options.consent ? ['onConnecting', 'consent'] : ['start', 'onConnecting'];
      assert.deepEqual(w.history, [...screen, 'onFailed', 'onDisconnected'], name);
      assert.deepEqual([w.call.state.name, w.requests], [w.call.beginning().name, []]);
    }
  }
});

test('a line that waits for the yes is taken back in the same ways, and what nobody waits for is left alone', async () => {
  for (const end of ['disconnect', 'putAway']) {
    const w = world({ consent: true });
    const done = refusal(w.call.connect());
    await settle();
    await w.call[end]();
    assert.deepEqual(await done, ['AbortError', 'CANCELLED']);
    assert.deepEqual(w.history, ['onConnecting', 'consent', 'onDisconnected']);

    const quiet = world({ consent: true });
    await quiet.call[end]();
    assert.deepEqual(quiet.history, []);
  }
  const live = await talking();
  live.call.putAway();
  assert.ok(live.call.talking, 'a minimised card keeps its call');
});

test('a call on an open line uses that line', async () => {
  const w = world();
  const connected = w.call.connect();
  await settle();
  w.signals[0].registered();
  await connected;
  w.call.startCall(true).catch(() => {});
  await settle();
  w.signals[0].event('ringing');
  w.signals[0].event('answered');
  assert.equal(w.signals.length, 1);
  assert.deepEqual(w.history, [
    'onConnecting', 'onConnected', 'onRegistered', 'connecting', 'onCaptureAudio', 'onRinging', 'in-call', 'onAnswered',
  ]);
});

test('the visitor hangs up: everything is off at once and the server hears of it', async () => {
  const w = await talking();
  w.time_s += 42;
  await w.call.endCall();
  assert.equal(w.media[0].closed, true);
  assert.equal(w.signals[0].open, false);
  assert.deepEqual(w.signals[0].sent[w.signals[0].sent.length - 1], { type: 'close', sessionId: 's-1' });
  assert.deepEqual(w.call.state, { name: 'ended', reason: 'visitor_ended', code: '', seconds: 42, reference: '7K4 QM9', rating: '' });
});

test('hanging up while it connects goes back to the start and closes what had been opened', async () => {
  const w = world();
  const done = w.call.connectAndCall(true);
  await settle();
  w.call.hangUp();
  assert.deepEqual(await refusal(done), ['AbortError', 'CANCELLED']);
  assert.equal(w.media[0].closed, true);
  assert.equal(w.call.state.name, 'start');
  assert.equal(w.held, false);
});

test('a second call is refused while one is there', async () => {
  const w = await talking();
  assert.deepEqual(await refusal(w.call.connectAndCall(true)), ['InvalidStateError', 'CALL_EXISTS']);
  assert.equal(w.media.length, 1);
});

test('commands of a call are refused where there is none', async () => {
  const w = world();
  assert.deepEqual(await refusal(w.call.endCall()), ['InvalidStateError', 'NO_CALL']);
  assert.deepEqual(await refusal(w.call.setMuted(true)), ['InvalidStateError', 'NO_CALL']);
  assert.deepEqual(await refusal(w.call.sendInfo('x', {})), ['InvalidStateError', 'NO_CALL']);
  assert.deepEqual(await refusal(w.call.startCall(true)), ['InvalidStateError', 'NOT_CONNECTED']);
  assert.deepEqual(w.history, []);
});

test('mute and unmute tell the microphone, the server and the page, each once', async () => {
  const w = await talking();
  await w.call.setMuted(true);
  await w.call.setMuted(true);
  await w.call.setMuted(false);
  assert.deepEqual(w.signals[0].sent.slice(2), [{ type: 'muted', muted: true }, { type: 'muted', muted: false }]);
  assert.deepEqual(w.history.slice(-2), ['onMuted', 'onUnmuted']);
  assert.equal(w.media[0].muted, false);
});

test('a call in another tab ends this one before the microphone opens', async () => {
  const w = world({ lockFree: false });
  assert.deepEqual(await refusal(w.call.connectAndCall(true)), ['InvalidStateError', 'CALL_ELSEWHERE']);
  assert.equal(w.media[0].opened, 0);
  assert.deepEqual(w.history, ['onConnecting', 'connecting', 'onFailed', 'onDisconnected', 'elsewhere/tab']);
  w.call.tabs.free();
  assert.equal(w.call.state.name, 'start');
});

test('sound that wobbles for a moment is waited for, and back without a word', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = await talking();
  w.media[0].to.state('disconnected');
  mock.timers.tick(1900);
  w.media[0].to.state('connected');
  mock.timers.tick(10000);
  assert.ok(!w.history.some((step) => step.startsWith('reconnecting')));
  assert.equal(w.call.state.name, 'in-call');
});

test('a call that breaks off is told with its code', async () => {
  const w = await talking();
  w.signals[0].event('ended', { cause: 'failed', code: 'AGENT_FAILURE', seconds: 3 });
  assert.deepEqual(w.history.slice(-6), ['onError', 'onAudioEnded', 'onEnded', 'onUnregistered', 'onDisconnected', 'ended/failed']);
  assert.equal(w.events.find((e) => e[0] === 'error')[1][0].code, 'AGENT_FAILURE');
});

test('one yes is for one call: the next one asks again', async () => {
  const w = world({ consent: true });
  w.call.connectAndCall(true).catch(() => {});
  w.call.agree();
  await settle();
  w.signals[0].registered();
  w.signals[0].event('ringing');
  w.signals[0].event('answered');
  await w.call.endCall();
  w.call.again();
  assert.equal(w.call.state.name, 'consent');
  assert.equal(w.media.length, 1);
});

test('a line of the transcript with the same index replaces the earlier one', async () => {
  const w = await talking();
  w.signals[0].event('transcription', { index: 0, speaker: 'agent', text: 'Hel', final: false });
  w.signals[0].event('transcription', { index: 0, speaker: 'agent', text: 'Hello.', final: true });
  assert.deepEqual(w.call.lines, [{ speaker: 'agent', text: 'Hello.', final: true }]);
});

test('keys go to the server only in a call, and a weak connection is said until it is good again', async () => {
  const quiet = world();
  quiet.call.press('1');
  const w = await talking();
  w.call.press('#');
  assert.deepEqual(w.signals[0].sent.filter((message) => message.type === 'dtmf'), [{ type: 'dtmf', digit: '#' }]);
  assert.equal(quiet.signals.length, 0);
  w.signals[0].event('sound', { quality: 'poor', loss: 30 });
  assert.equal(w.call.weak, true);
  w.signals[0].event('sound', { quality: 'good', loss: 0 });
  assert.equal(w.call.weak, false);
});

test('what is said of the microphone stands for a while and is gone with the call', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = await talking();
  w.call.tell('microphone.changed', { name: 'Headset' });
  assert.deepEqual(w.call.note, { key: 'microphone.changed', values: { name: 'Headset' } });
  mock.timers.tick(8000);
  assert.equal(w.call.note, null);
  w.call.tell('microphone.refused');
  w.call.hangUp();
  assert.equal(w.call.note, null);
});

test('the end of a call brings the ticket for its rating', async () => {
  const w = await talking();
  w.signals[0].event('ended', { cause: 'agent_ended', code: '', reference: '7K4 QM9', seconds: 3, rating: 'r-1' });
  assert.equal(w.call.state.rating, 'r-1');
});

test('after hanging up the visitor can still rate: the ticket comes with the last word of the server', async () => {
  const w = await talking({ rates: true });
  w.call.hangUp();
  assert.deepEqual([w.call.state.name, w.call.state.rating, w.call.busy], ['ended', '', false]);
  w.signals[0].event('ended', { cause: 'visitor_ended', code: '', reference: 'another', seconds: 3, rating: 'r-0' });
  assert.equal(w.call.state.rating, '');
  w.signals[0].event('ended', { cause: 'visitor_ended', code: '', reference: '7K4 QM9', seconds: 3, rating: 'r-1' });
  assert.deepEqual([w.call.state.name, w.call.state.rating], ['ended', 'r-1']);
  assert.equal(w.history.filter((name) => name === 'onEnded').length, 1);
});

const told = (signal) => signal.sent.filter((message) => message.type === 'muted').map(({ muted, reason }) => (muted ? '+' : '-') + (reason || 'muted'));

test('a microphone that is gone is the state of the call as long as it lasts, and the server hears of it', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = await talking();
  for (const [reason, sent] of [['track_ended', '+track_ended'], ['taken', '+taken']]) {
    w.media[0].told(reason);
    assert.equal(w.call.unheard, reason);
    mock.timers.tick(600000);
    assert.equal(w.call.unheard, reason);
    assert.ok(told(w.signals[0]).slice(-4).includes(sent));
    w.media[0].told('');
    assert.equal(w.call.unheard, '');
    assert.deepEqual(told(w.signals[0]).slice(-4), ['-muted', '-track_ended', '-taken', '-typing']);
  }
  assert.deepEqual(w.history.filter((name) => /uted/.test(name)), []);
  const count = w.signals[0].sent.length;
  w.media[0].told('');
  assert.equal(w.signals[0].sent.length, count);
});

test('a microphone that was gone before somebody answered is told with the answer', async () => {
  const w = world();
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  w.signals[0].registered();
  w.media[0].told('taken');
  assert.deepEqual(told(w.signals[0]), []);
  w.signals[0].event('answered');
  assert.deepEqual(told(w.signals[0]), ['-muted', '-track_ended', '+taken', '-typing']);
});

test('who types has no microphone: the server is told, the card shows no trouble, and a new page types on', async () => {
  const w = world();
  w.call.typed = true;
  w.call.again();
  await settle();
  w.media[0].told('typing');
  w.signals[0].registered();
  w.signals[0].event('answered');
  assert.deepEqual(told(w.signals[0]), ['-muted', '-track_ended', '-taken', '+typing']);
  assert.deepEqual([w.call.trouble, w.call.says], ['', 'reading']);
  assert.equal(w.kept.typed, true);

  const next = world({ kept: w.kept });
  const resumed = [];
  Object.defineProperty(next.media, 'push', { value: () => resumed.push(next.call.typed) });
  next.call.resume();
  assert.deepEqual(resumed, [true]);
});

test('a call that the page places is not typed because the one before was', () => {
  const w = world();
  w.call.typed = true;
  w.call.connectAndCall(true).catch(() => {});
  assert.equal(w.call.typed, false);
});

test('the microphone of a call that is over tells nothing to the next one', async () => {
  const w = await talking();
  w.call.hangUp();
  w.call.again();
  await settle();
  w.media[0].told('track_ended');
  assert.equal(w.call.unheard, '');
});

test('a page or a card that cannot take what it is told ends no call', async (t) => {
  t.mock.method(console, 'error', () => {});
  const loud = world({ tells: () => { throw new Error('no'); } });
  loud.call.connectAndCall(true).catch(() => {});
  await settle();
  loud.signals[0].registered();
  loud.signals[0].event('answered');
  await settle();
  assert.equal(loud.call.state.name, 'in-call');
  loud.call.hangUp();
  assert.deepEqual([loud.call.state.name, loud.media[0].closed], ['ended', true]);
});

const asked = (signal) => signal.sent.filter((message) => message.type === 'ask').map((message) => message.text);

test('a question that the visitor began with is asked once somebody answers, and only in that call', async () => {
  const w = world();
  w.call.ask('When do you open?');
  await settle();
  w.signals[0].registered();
  w.signals[0].event('ringing');
  assert.deepEqual(asked(w.signals[0]), []);
  w.signals[0].event('answered');
  assert.deepEqual(asked(w.signals[0]), ['When do you open?']);
  w.call.hangUp();
  w.call.again();
  await settle();
  w.signals[1].registered();
  w.signals[1].event('answered');
  assert.deepEqual(asked(w.signals[1]), []);
});

test('a question survives the microphone that was refused first, and not the plain button', async () => {
  let free = false;
  const w = world({ microphone: async () => { if (free) return { deviceLabel: 'Built-in', sampleRate: 48000 }; throw noMicrophone('denied'); } });
  w.call.ask('When do you open?');
  await settle();
  assert.equal(w.call.state.name, 'blocked');
  free = true;
  w.call.again();
  await settle();
  assert.equal(w.call.question, 'When do you open?');
  w.call.hangUp();
  w.call.ask('');
  assert.equal(w.call.question, '');
});

test('what the agent shows is told to the page, and stands on the card until the call is over', async () => {
  const w = await talking();
  const body = { kind: 'link', title: 'Prices', url: 'https://example.com/prices' };
  w.signals[0].event('info', { body });
  assert.deepEqual(w.call.link, body);
  assert.deepEqual(w.events.find(([name]) => name === 'infoReceived')[1], [{ originator: 'remote', info: { body } }]);
  for (const other of [{ kind: 'link', title: 'x', url: 'javascript:alert(1)' }, { kind: 'card' }, 'text', null]) w.signals[0].event('info', { body: other });
  assert.deepEqual(w.call.link, body);
  assert.equal(w.events.filter(([name]) => name === 'infoReceived').length, 5);
  w.call.hangUp();
  assert.equal(w.call.link, null);
});
