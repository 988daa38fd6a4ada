import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Signal } from '../../static/widget/frame/signal.js';

class FakeSocket extends EventTarget {
  constructor() {
    super();
    this.readyState = 0;
    this.sent = [];
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  hears(message) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: typeof message === 'string' ? message : JSON.stringify(message) }));
  }

  closes(code) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

function line() {
  const socket = new FakeSocket();
  const heard = [];
  const ends = [];
  const signal = new Signal(() => socket, 'ws://x', { message: (m) => heard.push(m), closed: (final, code) => ends.push([final, code]) });
  return { socket, heard, ends, signal };
}

test('what is said before the socket is open goes out in its order once it is', () => {
  const { socket, signal } = line();
  signal.send({ type: 'hello' });
  signal.send({ type: 'offer' });
  assert.deepEqual(socket.sent, []);
  socket.opens();
  assert.deepEqual(socket.sent.map((m) => m.type), ['hello', 'offer']);
});

test('a ping is answered at once and handed to nobody', () => {
  const { socket, heard } = line();
  socket.opens();
  socket.hears({ type: 'ping', t: 7 });
  assert.deepEqual(socket.sent, [{ type: 'pong', t: 7 }]);
  assert.deepEqual(heard, []);
});

test('an event is heard once, whatever is replayed', () => {
  const { socket, heard, signal } = line();
  socket.opens();
  for (const n of [1, 2, 2, 1, 3]) socket.hears({ type: 'event', n, name: 'state', data: {} });
  assert.deepEqual(heard.map((m) => m.n), [1, 2, 3]);
  assert.equal(signal.lastEvent, 3);
});

test('what is not JSON is not heard', () => {
  const { socket, heard } = line();
  socket.opens();
  socket.hears('{');
  assert.deepEqual(heard, []);
});

test('some closings are final, others are worth another try', () => {
  for (const [code, final] of [[1000, true], [1008, true], [1009, true], [4008, true], [3008, false], [1006, false], [1011, false], [1012, false], [1013, false]]) {
    const { socket, ends } = line();
    socket.closes(code);
    assert.deepEqual(ends, [[final, code]]);
  }
});

test('a socket whose state cannot be asked for is a lost one', () => {
  const { socket, ends, signal } = line();
  socket.opens();
  Object.defineProperty(socket, 'readyState', { get() { throw new Error('no'); } });
  signal.send({ type: 'offer' });
  assert.equal(ends.length, 1);
  signal.send({ type: 'close' });
  assert.deepEqual([ends.length, socket.sent], [1, []]);
});

test('after closing nothing is heard or said', () => {
  const { socket, heard, ends, signal } = line();
  socket.opens();
  signal.close();
  socket.hears({ type: 'event', n: 1, name: 'state' });
  signal.send({ type: 'info' });
  socket.closes(1000);
  assert.equal(socket.closedWith, 1000);
  assert.deepEqual([heard, ends, socket.sent], [[], [], []]);
});
