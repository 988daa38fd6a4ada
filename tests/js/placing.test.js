import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { noMicrophone, refusal, settle, world } from './fakes.js';

test('while the browser asks for the microphone no line is kept busy', async () => {
  let allow = null;
  const w = world({ asks: true, microphone: () => new Promise((done) => { allow = done; }) });
  w.call.start();
  await settle();
  assert.equal(w.call.state.reason, 'asking');
  assert.deepEqual(w.requests, []);
  allow({ deviceLabel: 'Built-in', sampleRate: 48000 });
  await settle();
  assert.deepEqual(w.requests, [['ticket', '']]);
});

test('each refusal of the microphone has its own screen, and nothing stays open', async () => {
  for (const reason of ['denied', 'dismissed', 'policy', 'app', 'none', 'busy']) {
    const w = world({ microphone: async () => { await settle(); throw noMicrophone(reason); } });
    const done = w.call.connectAndCall(true);
    assert.deepEqual(await refusal(done), ['NotAllowedError', 'MICROPHONE_' + reason.toUpperCase()]);
    assert.deepEqual([w.call.state.name, w.call.state.reason], ['blocked', reason]);
    assert.equal(w.media[0].closed, true);
    assert.equal(w.held, false);
    assert.deepEqual(w.history.slice(-4), ['onError', 'onFailed', 'onDisconnected', 'blocked/' + reason]);
    assert.deepEqual(w.signals[0].sent.slice(-2), [{ type: 'report', code: 'MICROPHONE_' + reason.toUpperCase() }, { type: 'close', sessionId: null }]);
    assert.deepEqual(w.requests, [['ticket', '']]);
  }
});

test('a microphone that is refused before there is a line is told by itself', async () => {
  for (const early of [{ asks: true }, { connecting: true }]) {
    const w = world(Object.assign({ microphone: async () => { throw noMicrophone('denied'); } }, early));
    await refusal(w.call.connectAndCall(true));
    assert.deepEqual(w.requests.filter(([name]) => name === 'missed'), [['missed', 'MICROPHONE_DENIED', '']]);
  }
});

test('the yes that was given before a microphone was refused is kept with it', async () => {
  const w = world({ consent: true, asks: true, microphone: async () => { throw noMicrophone('denied'); } });
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  w.call.agree();
  await settle();
  assert.deepEqual(w.requests, [['consent', 'd1', 'en'], ['missed', 'MICROPHONE_DENIED', 'yes-1']]);
});

test('a full house closes the microphone and says so', async () => {
  const w = world({ ticket: async () => { throw Object.assign(new Error('busy'), { code: 'FULL' }); } });
  assert.deepEqual(await refusal(w.call.connectAndCall(true)), ['NetworkError', 'FULL']);
  assert.equal(w.call.state.name, 'full');
  assert.equal(w.media[0].closed, true);
  assert.deepEqual(w.requests, [['ticket', ''], ['missed', 'FULL', '']]);
});

test('a refusal with a code is not tried again', async () => {
  const w = world({ ticket: async () => { throw Object.assign(new Error('off'), { code: 'WIDGET_OFF' }); } });
  assert.deepEqual(await refusal(w.call.connectAndCall(true)), ['NetworkError', 'WIDGET_OFF']);
  assert.equal(w.requests.length, 1);
});

test('a network that fails is tried three times more, after 1, 2 and 4 seconds', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world({ ticket: async () => { throw Object.assign(new Error('no'), { code: 'NETWORK' }); } });
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  const counts = [w.requests.filter(([name]) => name === 'ticket').length];
  for (const ms of [1000, 2000, 4000]) {
    mock.timers.tick(ms - 1);
    await settle();
    counts.push(w.requests.filter(([name]) => name === 'ticket').length);
    mock.timers.tick(1);
    await settle();
    counts.push(w.requests.filter(([name]) => name === 'ticket').length);
  }
  assert.deepEqual(counts, [1, 1, 2, 2, 3, 3, 4]);
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'NETWORK']);
});

test('a socket that closes before hello was answered is opened again with a fresh ticket and the same offer', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world();
  w.call.start();
  await settle();
  w.signals[0].to.closed(false, 1006);
  await settle();
  mock.timers.tick(1000);
  await settle();
  assert.equal(w.requests.length, 2);
  assert.deepEqual(w.signals[1].types, ['hello', 'offer']);
});

test('a socket that opens and swallows what it is given is told of by another way', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world();
  w.call.start();
  for (let s = 0; s < 15; s++) {
    await settle();
    mock.timers.tick(1000);
  }
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'NETWORK']);
  assert.deepEqual(w.requests.filter(([name]) => name === 'missed'), [['missed', 'NETWORK', '']]);
});

test('without an answer in time it gives up and tells the server why', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world();
  w.call.start();
  await settle();
  w.signals[0].registered();
  mock.timers.tick(15000);
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'CONNECT_TIMEOUT']);
  assert.deepEqual(w.signals[0].types, ['hello', 'offer', 'report', 'close']);
});

test('machines that hang are given up within 15 seconds, whatever they are', async (t) => {
  const never = () => new Promise(() => {});
  const hangs = {
    'a ticket for a call': [{ ticket: never }, (call) => call.connectAndCall(true), 'NETWORK'],
    'a ticket for a line': [{ ticket: never }, (call) => call.connect(), 'NETWORK'],
    'a socket for a call': [{ connecting: true }, (call) => call.connectAndCall(true), 'SOCKET_BLOCKED'],
    'a socket for a line': [{ connecting: true }, (call) => call.connect(), 'SOCKET_BLOCKED'],
    'a microphone that needs no question': [{ microphone: never }, (call) => call.connectAndCall(true), 'MICROPHONE_FAILED'],
  };
  for (const [name, [options, ask, code]] of Object.entries(hangs)) {
    mock.timers.enable({ apis: ['setTimeout'] });
    t.after(() => mock.timers.reset());
    const w = world(options);
    let told = '';
    ask(w.call).catch((error) => { told = error.code; });
    for (let s = 0; s < 15 && !told; s++) {
      await settle();
      mock.timers.tick(1000);
      await settle();
    }
    assert.equal(told, code, name);
    assert.equal(w.call.busy, false);
    mock.timers.reset();
  }
});

test('a person who is asked something has the time they take, and then machines have theirs', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  let allow;
  const w = world({ asks: true, microphone: () => new Promise((done) => { allow = done; }) });
  let told = '';
  w.call.connectAndCall(true).catch((error) => { told = error.code; });
  await settle();
  mock.timers.tick(60000);
  await settle();
  assert.deepEqual([told, w.call.state.reason], ['', 'asking']);
  allow({ deviceLabel: '', sampleRate: 1 });
  await settle();
  mock.timers.tick(15000);
  await settle();
  assert.equal(told, 'NETWORK');
});

test('a line that is up is not given up', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const w = world();
  const done = w.call.connect();
  await settle();
  w.signals[0].registered();
  await done;
  mock.timers.tick(60000);
  await settle();
  assert.deepEqual([w.call.registered, w.history], [true, ['onConnecting', 'onConnected', 'onRegistered']]);
});

test('sound that finds no way is reported before the line is closed', async () => {
  const w = world();
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  w.signals[0].registered();
  await settle();
  w.media[0].to.state('failed');
  assert.deepEqual(w.signals[0].sent.slice(-2), [{ type: 'report', code: 'ICE_FAILED' }, { type: 'close', sessionId: 's-1' }]);
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'ICE_FAILED']);
});

test('a press that was taken back while it waited leaves the next one alone, whatever it waited for', async () => {
  const waits = {
    'the lock, which is free': (w, later) => { w.take = later(true); },
    'the lock, which another tab has': (w, later) => { w.take = later(false); },
    'the microphone, which is refused': (w, later) => { w.microphone = () => later(null)().then(() => { throw noMicrophone('denied'); }); },
    'the microphone': (w, later) => { w.microphone = later({ deviceLabel: '', sampleRate: 1 }); },
    'a ticket': (w, later) => { w.ticket = later({ ticket: 'old', iceServers: [] }); },
    'a ticket that is refused': (w, later) => { w.ticket = () => later(null)().then(() => { throw Object.assign(new Error('no'), { code: 'WIDGET_OFF' }); }); },
  };
  for (const what of Object.keys(waits)) {
    const w = world();
    const { microphone, ticket } = w;
    let go = () => {};
    waits[what](w, (value) => () => new Promise((done) => { go = () => done(value); }));
    w.call.start();
    await settle();
    w.call.hangUp();
    Object.assign(w, { microphone, ticket, take: null });
    w.call.start();
    await settle();
    go();
    await settle();
    assert.equal(w.call.state.name, 'connecting', what);
    assert.equal(w.held, true, what);
    const latest = w.signals[w.signals.length - 1];
    assert.deepEqual(latest.types, ['hello', 'offer'], what);
    assert.equal(latest.sent[0].ticket, 't', what);
    assert.deepEqual(w.media.map((one) => one.closed), [true, false], what);
  }
});

test('a yes that was taken back puts no screen over what came after', async () => {
  let answer = () => {};
  const w = world({ consent: true, ticket: () => new Promise((done) => { answer = done; }) });
  w.call.connect().catch(() => {});
  w.call.agree();
  await settle();
  w.call.hangUp();
  w.call.go('full', { code: 'FULL' });
  answer({ ticket: 't', iceServers: [] });
  await settle();
  assert.equal(w.call.state.name, 'full');
});

test('a socket that never opens, closed or hanging, is told as one and kept, though the server answers', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  for (const closes of [true, false]) {
    const w = world({ connecting: true });
    const done = w.call.connectAndCall(true);
    done.catch(() => {});
    for (let second = 0; second <= 30; second++) {
      await settle();
      if (closes && w.signals[w.signals.length - 1].open) w.signals[w.signals.length - 1].to.closed(false, 1006);
      await settle();
      mock.timers.tick(1000);
    }
    assert.deepEqual(await refusal(done), ['NetworkError', 'SOCKET_BLOCKED']);
    assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'SOCKET_BLOCKED']);
    assert.deepEqual(w.requests.slice(-1), [['missed', 'SOCKET_BLOCKED', '']]);
    assert.ok(w.signals.length > 1 && w.signals.every((signal) => !signal.open));
  }
});

test('a line that is lost after the server knew of the call is not kept a second time', async () => {
  const w = world();
  w.call.connectAndCall(true).catch(() => {});
  await settle();
  w.signals[0].registered();
  w.signals[0].waiting = [];
  w.signals[0].to.closed(false, 1006);
  await settle();
  assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'NETWORK']);
  assert.deepEqual(w.requests, [['ticket', '']]);
});

test('what the browser throws is shown and reported by a code of ours, whatever code it has itself', async () => {
  for (const thrown of [Object.assign(new Error('no'), { name: 'InvalidStateError', code: 11 }), 'no', undefined, null, 5]) {
    const w = world();
    w.call.newMedia = () => { throw thrown; };
    assert.deepEqual(await refusal(w.call.connectAndCall(true)), ['OperationError', 'BROWSER_FAILED']);
    assert.deepEqual([w.call.state.name, w.call.state.code], ['error', 'BROWSER_FAILED']);
    await settle();
    assert.deepEqual(w.requests, [['missed', 'BROWSER_FAILED', '']]);
  }
});
