import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Keep, LIVES_MS } from '../../../static/widget/chat/keep.js';
import { Link } from '../../../static/widget/chat/link.js';
import { Clock, FakeSocket, event, settled } from './fakes.js';

function world(random = 0.5) {
  const clock = new Clock();
  const made = { clock, sockets: [], told: [], at: [] };
  made.link = new Link({
    open: (url) => { made.at.push(clock.now); made.sockets.push(new FakeSocket(url)); return made.sockets[made.sockets.length - 1]; },
    url: () => 'wss://x', heartbeat_s: () => 30, random: () => random, later: clock.later, never: clock.never,
  }, {
    event: (one) => made.told.push(one.type.slice(11)), opened: () => made.told.push('opened'), lost: () => made.told.push('lost'), over: (why) => made.told.push('over ' + why),
  });
  made.last = () => made.sockets[made.sockets.length - 1];
  return made;
}

test('it comes back by itself, later each time up to half a minute, and at once when it is told to', async () => {
  const made = world();
  made.link.open();
  made.last().open();
  made.last().say(event('EVENT_BATCH', { events: [] }));
  made.last().lose();
  await made.clock.pass(999);
  assert.equal(made.sockets.length, 1);
  await made.clock.pass(1);
  assert.equal(made.sockets.length, 2);
  made.last().lose();
  made.link.now();
  assert.equal(made.sockets.length, 3);
  assert.deepEqual(made.told, ['EVENT_BATCH', 'opened', 'lost']);
});

test('a chat that is over, a session that is refused and a door that stays shut are told apart', () => {
  for (const [code, why] of [[1000, 'over over'], [4001, 'over refused']]) {
    const made = world();
    made.link.open();
    made.last().open();
    made.last().say(event('EVENT_BATCH', {}));
    made.last().lose(code);
    assert.deepEqual(made.told.slice(-1), [why]);
  }
  const shut = world();
  shut.link.open();
  shut.last().lose();
  assert.deepEqual(shut.told, ['over unopened']);
});

test('a heart beats while it is quiet, and a socket that says nothing for long is left for another', async () => {
  const made = world();
  made.link.open();
  made.last().open();
  made.last().say(event('EVENT_BATCH', {}));
  await made.clock.pass(31000);
  assert.deepEqual(made.last().types, ['HEARTBEAT']);
  await made.clock.pass(50000);
  assert.equal(made.sockets.length, 2);
});

test('a message that is no JSON, and a late word of a socket that was left, do nothing', async () => {
  const made = world();
  made.link.open();
  const [first] = made.sockets;
  first.open();
  first.heard.message({ data: '{' });
  first.heard.message({ data: '5' });
  made.link.close();
  first.heard.message({ data: JSON.stringify(event('HEARTBEAT')) });
  assert.deepEqual(made.told, []);
  assert.equal(made.link.send('HEARTBEAT', {}), false);
});

// ── What a tab keeps ─────────────────────────────────────────────────────────────────────────────────────────

class Channel {
  constructor(all) {
    this.all = all;
    all.push(this);
  }

  addEventListener(name, run) {
    this.run = run;
  }

  postMessage(data) {
    for (const one of this.all) if (one !== this) one.run({ data });
  }
}

function keeps() {
  const all = [];
  const clock = new Clock();
  const make = (storage = {}) => new Keep('w', {
    storage: () => ({ getItem: (name) => storage[name] || null, setItem: (name, value) => { storage[name] = value; }, removeItem: (name) => { delete storage[name]; } }),
    channel: () => new Channel(all), now: () => clock.now, later: clock.later,
  });
  return { clock, make };
}

test('a tab finds its chat again for ten minutes and not a moment longer', async () => {
  const { clock, make } = keeps();
  const storage = {};
  make(storage).save({ token: 't', session: 's', pending: [] });
  clock.now += LIVES_MS - 1;
  assert.equal((await make(storage).find()).session, 's');
  clock.now += 1;
  const late = make(storage).find();
  await clock.pass(300);
  assert.equal(await late, null);
});

test('a second tab is given the chat of the first, without what that one has still to send', async () => {
  const { clock, make } = keeps();
  make().mine = () => ({ token: 't', session: 's', at: clock.now, pending: [{ text: 'x' }] });
  assert.deepEqual(await make().find(), { token: 't', session: 's', at: clock.now, pending: [] });
});

test('storage that is refused, broken or forged is as if there were none', async () => {
  const { clock } = keeps();
  for (const storage of [() => { throw new Error('refused'); }, () => ({ getItem: () => '{' }), () => ({ getItem: () => '{"token":5}' })]) {
    const keep = new Keep('w', { storage, channel: () => { throw new Error('none'); }, now: () => clock.now, later: clock.later });
    keep.save({ token: 't', session: 's', pending: [] });
    keep.held = null;
    keep.clear();
    assert.equal(await keep.find(), null);
  }
  await settled();
});
