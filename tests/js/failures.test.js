/** Whatever interface of the browser fails, at whatever call of it: a screen that says so, and nothing left open. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mock, test } from 'node:test';

import { Api, Call, CallLock, Keep, Media, Signal } from '../../static/widget/frame/card.js';
import { Devices } from '../../static/widget/frame/later/devices.js';
import { Handover } from '../../static/widget/frame/later/handover.js';
import { Browser, THROWN } from './browser.js';

const CODES = [...readFileSync(new URL('../../widgets/refusals.py', import.meta.url), 'utf8').matchAll(/^ {4}"([A-Z_]+)": Code\(/gm)].map((found) => found[1]);
const RESTING = ['blocked', 'error', 'full', 'ended', 'elsewhere'];

/** What a call does well without. */
const ORNAMENTS = new RegExp('^(' + [
  'new AudioContext', 'context\\.', 'analyser\\.', 'source\\.', 'storage\\.', 'locks\\.', 'permissions\\.', 'permissionsPolicy', 'track\\.getSettings',
  'track\\.addEventListener', 'track\\.(enabled|muted|readyState|label)$', 'peer\\.(iceC|c)onnectionState', 'peer.remoteDescription', 'heard\\.', 'closed\\.', 'devices\\.', 'enumerateDevices', 'sender\\.', 'peer\\.getSenders', 'new BroadcastChannel', 'channel\\.', 'peer\\.close',
  'track\\.stop', 'socket\\.close', 'audio\\.play', 'audio\\.setAttribute',
].join('|') + ')');

async function pass(ms, step = 50) {
  for (let at = 0; at < ms; at += step) {
    mock.timers.tick(step);
    for (let i = 0; i < 25; i++) await Promise.resolve();
  }
}

function made(browser) {
  const settings = { grant: 'g' };
  const states = [];
  const events = [];
  const api = new Api(settings, { grant: '', consent: '', ticket: '', missed: '' }, window.fetch);
  const call = new Call({
    api,
    openSignal: (to, lastEvent) => new Signal((url) => new WebSocket(url), 'wss://x', to, lastEvent),
    newMedia: () => new Media(),
    lock: new CallLock(navigator.locks, () => false, () => {}),
    checkInfo: async () => {},
    keep: new Keep(() => window.sessionStorage, () => {}),
    consent: null,
    now_s: () => 1000,
    emit: (name, args) => events.push([name, structuredClone(args)]),
    show: (state) => states.push(state),
  });
  return { browser, call, states, events };
}

/** A call from the press to the end: muted, another microphone, lost sound, a lost socket. */
async function callThrough(w) {
  const { call, browser } = w;
  let devices = null;
  call.connectAndCall(true).then(() => { w.settled = true; }, (error) => {
    w.settled = true;
    w.refused = error;
  });
  await pass(1500);
  w.began = call.state.name;
  if (call.talking) {
    call.media.meters.watch(() => {});
    await call.setMuted(true).catch(() => {});
    await call.setMuted(false).catch(() => {});
    await call.sendInfo('x', {}).catch(() => {});
    new Handover((name) => new BroadcastChannel(name), () => call.tabs.place()).ask().catch(() => { w.unanswered = true; });
    try {
      devices = new Devices(call.media, (key) => call.tell(key));
    } catch (error) {
      w.deviceless = error;
    }
    if (devices) {
      devices.list().catch((error) => { w.deviceless = error; });
      devices.choose('b');
      await pass(200);
    }
  }
  if (call.talking) browser.connections[browser.connections.length - 1].become('failed');
  await pass(3000, 100);
  if (call.talking) browser.sockets[browser.sockets.length - 1].drop(1006);
  await pass(3000, 100);
  w.later = call.state.name;
  if (call.talking) call.hangUp();
  await pass(40000, 500);
  if (call.talking) call.hangUp(); // it came up late
  await pass(6000, 500);
}

/** A page that is back in its call after a reload. */
async function comeBack(w) {
  w.call.returning.keep.save({ token: 'r-0', iceServers: [] });
  w.settled = true;
  w.call.resume();
  await pass(1500);
  w.began = w.call.state.name;
  await pass(40000, 500);
  w.later = w.call.state.name;
  if (w.call.talking) w.call.hangUp();
  await pass(6000, 500);
}

async function run(scene, failing) {
  const browser = new Browser(failing);
  const unhandled = [];
  // Node's own would end the test at once, and the run would go on beside the next one.
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => unhandled.push(error));
  const remove = browser.install();
  const w = made(browser);
  w.unhandled = unhandled;
  try {
    await scene(w);
  } catch (error) {
    w.thrown = [error];
  } finally {
    remove();
    await new Promise(setImmediate);
    process.removeAllListeners('unhandledRejection');
    before.forEach((listener) => process.on('unhandledRejection', listener));
  }
  return w;
}

const healthy = { call: await run(callThrough), reload: await run(comeBack) };
const SCENES = { call: callThrough, reload: comeBack };

test('a call that nothing fails goes through every interface of the table', () => {
  assert.deepEqual([healthy.call.began, healthy.call.later, healthy.call.call.state.name], ['in-call', 'in-call', 'ended']);
  assert.deepEqual([healthy.reload.began, healthy.reload.later, healthy.reload.call.state.name], ['in-call', 'in-call', 'ended']);
  assert.deepEqual([healthy.call.unhandled, healthy.reload.unhandled], [[], []]);
  assert.ok(healthy.call.browser.connections.length >= 2 && healthy.call.browser.sockets.length >= 2);
});

const ASYNC = ['getUserMedia', 'enumerateDevices', 'fetch', 'response.json', 'permissions.query', 'locks.request', 'locks.query', 'context.resume',
  'context.close', 'audio.play', 'peer.createOffer', 'peer.setLocalDescription', 'peer.setRemoteDescription', 'sender.replaceTrack'];

function check(w, what, told) {
  const { browser, call } = w;
  assert.ok(RESTING.includes(call.state.name), told);
  assert.ok(w.states.every((state) => !state.code || CODES.includes(state.code)), told);
  for (const [name, args] of w.events) if (name === 'error') assert.ok(CODES.includes(args[0].code), told);
  assert.equal(w.settled, true, told + ': a promise that is not settled');
  if (w.refused) assert.ok(CODES.includes(w.refused.code), told);
  assert.deepEqual([w.unhandled, w.thrown], [[], undefined], told);
  assert.equal(w.deviceless || w.unanswered, undefined, told);
  if (ORNAMENTS.test(what)) assert.deepEqual([w.began, w.later, call.state.name], ['in-call', 'in-call', 'ended'], told);
  // What cannot be closed stays open; everything else is closed all the same.
  if (!/^(track\.stop|stream\.)/.test(what)) assert.ok(browser.tracks.every((track) => track.state === 'ended'), told);
  assert.ok(browser.connections.every((one) => one.state === 'closed'), told);
  if (what !== 'socket.close') assert.ok(browser.sockets.every((one) => one.state === 3), told);
  assert.ok(browser.contexts.every((one) => one.state === 'closed'), told);
  assert.equal(call.busy, false, told);
}

for (const scene of Object.keys(SCENES)) {
  const { calls } = healthy[scene].browser;
  for (const what of Object.keys(calls)) {
    test(what + ' fails in a ' + scene + ': there is a screen for it, and nothing stays open', async () => {
      for (let nth = 0; nth <= Math.min(3, calls[what]); nth++) {
        for (const how of ASYNC.includes(what) ? ['throws', 'refuses', 'hangs'] : ['throws']) {
          for (const thrown of how === 'hangs' ? ['nothing'] : Object.keys(THROWN)) {
            const w = await run(SCENES[scene], { what, nth, how, thrown });
            check(w, what, [what, nth, how, thrown, w.began, w.later, w.call.state.name, w.call.state.code].join(' '));
          }
        }
      }
    });
  }
}
