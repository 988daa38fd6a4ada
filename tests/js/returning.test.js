import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { settle, talking, world } from './fakes.js';

/** A call that talks, on a clock of the test's own. */
async function lasting(t) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  return talking();
}

const offers = (signal) => signal.sent.filter((message) => message.type === 'offer');

test('a lost socket is opened anew at once and says hello with the token and the last event', async (t) => {
  const w = await lasting(t);
  const last = w.signals[0].n;
  w.signals[0].to.closed(false, 1006);
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['reconnecting', 'socket']);
  mock.timers.tick(0);
  await settle();
  assert.deepEqual(w.signals[1].sent, [{ type: 'hello', resumeToken: w.kept.token, lastEvent: last }]);
  assert.equal(w.signals[1].lastEvent, last);
  w.signals[1].attached({ token: 'r-new' });
  await settle();
  assert.equal(w.call.state.name, 'in-call');
  assert.equal(w.kept.token, 'r-new');
  assert.equal(w.media[0].closed, false);
  assert.deepEqual(offers(w.signals[1]), []);
});

test('a server that hears no sound asks for a new connection, made with the same microphone', async (t) => {
  const w = await lasting(t);
  w.signals[0].to.message({ type: 'reconnect', sessionId: 's-1' });
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['reconnecting', 'sound']);
  assert.equal(offers(w.signals[0]).length, 2);
  assert.equal(offers(w.signals[0])[1].sessionId, 's-1');
  assert.equal(w.media.length, 1);
  assert.equal(w.media[0].opened, 1);
  w.media[0].to.state('connected');
  assert.equal(w.call.state.name, 'in-call');
});

test('when both are lost, hello comes first and the offer after it', async (t) => {
  const w = await lasting(t);
  w.signals[0].to.closed(false, 1006);
  w.media[0].to.state('failed');
  mock.timers.tick(0);
  await settle();
  w.signals[1].attached({ sound: false });
  await settle();
  assert.deepEqual(w.signals[1].types.filter((type) => type !== 'muted'), ['hello', 'offer']);
  assert.equal(w.call.state.name, 'reconnecting');
  w.media[0].to.state('connected');
  assert.equal(w.call.state.name, 'in-call');
});

test('a network that stays away is asked again and again, and given up when the server has given up', async (t) => {
  const w = await lasting(t);
  w.signals[0].to.closed(false, 1006);
  for (const ms of [0, 500, 1000]) {
    mock.timers.tick(ms);
    await settle();
    w.signals[w.signals.length - 1].to.closed(false, 1006);
    await settle();
  }
  assert.equal(w.signals.length, 4);
  mock.timers.tick(30000);
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['ended', 'connection_lost']);
  assert.equal(w.kept, null);
  assert.equal(w.held, false);
  assert.equal(w.media[0].closed, true);
});

test('a call that is over on the server ends here as well', async (t) => {
  const w = await lasting(t);
  w.signals[0].to.closed(false, 1006);
  mock.timers.tick(0);
  await settle();
  w.signals[1].to.message({ type: 'error', data: { code: 'SESSION_GONE', message: '' } });
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['ended', 'connection_lost']);
  assert.equal(w.kept, null);
});

test('a page that comes back goes on with its call: no ticket, no consent, muted as before', async () => {
  const w = world({ consent: true, kept: { token: 'r-9', iceServers: [{ urls: ['turn:x'] }] } });
  w.call.resume();
  await settle();
  assert.deepEqual(w.signals[0].sent[0], { type: 'hello', resumeToken: 'r-9', lastEvent: 0 });
  w.signals[0].event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
  w.signals[0].event('ringing');
  w.signals[0].event('answered');
  w.signals[0].event('transcription', { index: 0, speaker: 'agent', text: 'Hello.', final: true });
  w.signals[0].attached({ token: 'r-10', seconds: 42, muted: true, sound: false });
  await settle();
  assert.deepEqual(w.requests, []);
  assert.deepEqual(w.media[0].iceServers, [{ urls: ['turn:x'] }]);
  assert.equal(w.media[0].muted, true);
  assert.equal(w.held, true);
  assert.equal(offers(w.signals[0])[0].sessionId, 's-1');
  assert.equal(w.call.elapsed_s(), 42);
  assert.equal(w.call.lines[0].text, 'Hello.');
  assert.equal(w.call.state.name, 'reconnecting');
  w.media[0].to.state('connected');
  assert.equal(w.call.state.name, 'in-call');
  assert.equal(w.kept.token, 'r-10');
  const told = w.history.filter((one) => one.startsWith('on') && one !== 'onTranscription');
  assert.deepEqual(told, ['onConnecting', 'onConnected', 'onRegistered', 'onAnswered', 'onCaptureAudio']);
});

test('what was written lately goes along to the next page, and ends with its call', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [], written: [1000, 2000] } });
  w.call.resume();
  await settle();
  w.signals[0].event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
  w.signals[0].attached({ token: 'r-10', seconds: 42, muted: false, sound: false });
  await settle();
  assert.deepEqual([w.call.written, w.kept.written], [[1000, 2000], [1000, 2000]]);
  w.signals[0].event('ended', { cause: 'agent_ended', code: '', seconds: 65 });
  assert.deepEqual([w.call.written, w.kept], [[], null]);
});

test('the page is told when its call began, whichever page it began on', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [], began_s: 1000 } });
  w.call.resume();
  await settle();
  w.signals[0].event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
  w.signals[0].attached({ token: 'r-10', seconds: 42, muted: false, sound: false });
  await settle();
  assert.equal(w.call.page().startTime, new Date(1000 * 1000).toISOString());
  assert.equal(w.kept.began_s, 1000);
});

test('what the page is told first of when its call began stays, and goes to the next page', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  w.signals[0].event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
  const first = w.call.page().startTime;
  w.time_s += 0.003; // as long as two messages are apart
  w.signals[0].attached({ token: 'r-10', seconds: 42, muted: false, sound: false });
  await settle();
  assert.equal(w.call.page().startTime, first);
  assert.equal(new Date(w.kept.began_s * 1000).toISOString(), first);
});

test('a page that comes back too late stands at its beginning, and the microphone is closed', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  w.signals[0].to.message({ type: 'error', data: { code: 'SESSION_GONE', message: '' } });
  await settle();
  assert.equal(w.call.state.name, 'start');
  assert.equal(w.kept, null);
  assert.equal(w.media[0].closed, true);
});

test('a copied tab learns that the call is elsewhere and leaves it alone', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  w.signals[0].to.message({ type: 'error', data: { code: 'CALL_ELSEWHERE', message: '' } });
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['elsewhere', 'tab']);
  assert.deepEqual(w.signals[0].types, ['hello']);
  assert.equal(w.held, false);
});

test('moving a call here takes it over from the tab that has it', async () => {
  const w = world();
  w.call.ending.elsewhere();
  await w.call.tabs.move(async () => null).catch(() => {});
  const again = world();
  const moved = again.call.tabs.move(async () => ({ token: 'r-5', iceServers: [] }));
  await settle();
  assert.deepEqual(again.signals[0].sent[0], { type: 'hello', resumeToken: 'r-5', lastEvent: 0, move: true });
  again.signals[0].registered();
  again.signals[0].event('answered');
  again.signals[0].attached({ seconds: 5 });
  await moved;
  again.media[0].to.state('connected');
  assert.equal(again.call.state.name, 'in-call');
});

test('a call that was moved away ends here without a word to the server', async () => {
  const w = await talking();
  w.signals[0].to.message({ type: 'error', data: { code: 'CALL_ELSEWHERE', message: '' } });
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['elsewhere', 'tab']);
  assert.ok(!w.signals[0].types.includes('close'));
  assert.deepEqual(w.history.slice(-5), ['onAudioEnded', 'onEnded', 'onUnregistered', 'onDisconnected', 'elsewhere/tab']);
  assert.equal(w.media[0].closed, true);
});

test('an offer that the server refused, lost or could not use is followed by another when it asks again', async (t) => {
  const troubles = {
    refused: (w) => w.signals[0].to.message({ type: 'error', data: { code: 'MEDIA_BRIDGE_FAILURE', message: '' } }),
    silent: () => {},
    unusable: (w) => {
      w.media[0].answer = async () => { throw new Error('no'); };
      w.signals[0].to.message({ type: 'answer', sessionId: 's-1', data: { type: 'answer', sdp: 'v=0' } });
    },
    failed: (w) => w.media[0].to.state('failed'),
  };
  for (const trouble of Object.keys(troubles)) {
    const w = await lasting(t);
    const ask = () => w.signals[0].to.message({ type: 'reconnect', sessionId: 's-1' });
    ask();
    await settle();
    troubles[trouble](w);
    await settle();
    mock.timers.tick(3000);
    await settle();
    ask();
    await settle();
    assert.equal(offers(w.signals[0]).length, 3, trouble);
    assert.equal(w.call.state.name, 'reconnecting', trouble);
    w.media[0].to.state('connected');
    assert.equal(w.call.state.name, 'in-call', trouble);
    mock.timers.reset();
  }
});

test('a request for sound that has crossed an offer on its way brings no second one', async (t) => {
  const w = await lasting(t);
  w.media[0].to.state('failed');
  await settle();
  mock.timers.tick(100);
  w.signals[0].to.message({ type: 'reconnect', sessionId: 's-1' });
  await settle();
  assert.equal(offers(w.signals[0]).length, 2);
});

test('new sound that fails by itself is tried again, slower than the server refuses offers', async (t) => {
  const w = await lasting(t);
  w.media[0].to.state('failed');
  await settle();
  for (let second = 0; second < 20; second++) {
    w.media[0].to.state('failed');
    await settle();
    mock.timers.tick(1000);
    await settle();
  }
  const made = offers(w.signals[0]).length - 1;
  assert.ok(made > 3 && made <= 10, String(made));
  mock.timers.tick(11000);
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.reason], ['ended', 'connection_lost']);
});

test('an offer that cannot be made does not end the call: the next request tries again', async (t) => {
  const w = await lasting(t);
  const { offer } = w.media[0];
  w.media[0].offer = async () => { throw Object.assign(new Error('no'), { code: 11 }); };
  const ask = () => w.signals[0].to.message({ type: 'reconnect', sessionId: 's-1' });
  ask();
  await settle();
  assert.equal(w.call.state.name, 'reconnecting');
  w.media[0].offer = offer;
  mock.timers.tick(3000);
  await settle();
  ask();
  await settle();
  assert.equal(offers(w.signals[0]).length, 2);
});

test('a page that comes back asks for its call as long as the server keeps it', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  const refuse = [
    (signal) => signal.to.closed(false, 1006),
    (signal) => signal.to.message({ type: 'error', data: { code: 'RATE_LIMITED', message: '' } }),
    (signal) => signal.to.closed(false, 1006),
  ];
  for (const one of refuse) {
    one(w.signals[w.signals.length - 1]);
    await settle();
    assert.equal(w.call.state.name, 'reconnecting');
    mock.timers.tick(2000);
    await settle();
  }
  assert.deepEqual(w.signals.map((signal) => signal.sent[0].resumeToken), ['r-9', 'r-9', 'r-9', 'r-9']);
  w.signals[3].registered();
  w.signals[3].event('answered');
  w.signals[3].attached({ seconds: 8, sound: false });
  await settle();
  w.media[0].to.state('connected');
  assert.equal(w.call.state.name, 'in-call');
});

test('a page that never gets back says so when the server has given the call up', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  for (let at = 0; at < 31; at++) {
    w.signals[w.signals.length - 1].to.closed(false, 1006);
    await settle();
    mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'NETWORK']);
  assert.deepEqual([w.kept, w.held, w.media[0].closed], [null, false, true]);
});

test('a page that was left again while it waited for the lock leaves what came after alone', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world({ kept: { token: 'r-9', iceServers: [] }, lockFree: false });
  w.call.resume();
  await settle();
  w.signals[0].registered();
  await settle();
  w.call.hangUp();
  w.lockFree = true;
  w.call.start();
  await settle();
  mock.timers.tick(250);
  await settle();
  assert.equal(w.call.state.name, 'connecting');
  assert.equal(w.held, true);
});

const said = (signal) => signal.sent.filter((message) => message.type === 'muted').map(({ muted, reason }) => (muted ? '+' : '-') + (reason || 'muted'));

test('what changed while the socket was away is told when it is back', async (t) => {
  const w = await lasting(t);
  w.signals[0].to.closed(false, 1006);
  w.call.setMuted(true);
  w.media[0].told('taken');
  await settle();
  w.signals[1].attached({});
  await settle();
  assert.deepEqual(said(w.signals[1]).slice(-4), ['+muted', '-track_ended', '+taken', '-typing']);
});

test('a new page takes back what the server still holds of the microphone before', async () => {
  const w = world({ kept: { token: 'r-9', iceServers: [] } });
  w.call.resume();
  await settle();
  w.signals[0].event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
  w.signals[0].event('answered');
  w.signals[0].attached({ seconds: 42, muted: true, sound: false });
  await settle();
  assert.deepEqual(said(w.signals[0]), ['+muted', '-track_ended', '-taken', '-typing']);
});

test('a line without a call is nothing that another page comes back to', async () => {
  const w = world();
  w.call.connect();
  await settle();
  w.signals[0].attached();
  w.signals[0].registered();
  await settle();
  assert.equal(w.kept, null);
  w.call.startCall(true).catch(() => {});
  await settle();
  assert.ok(w.kept.token);
});
