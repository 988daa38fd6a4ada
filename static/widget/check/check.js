/**
 * The check page: one thing after the other, each with a line in plain words, and all of it as text for support.
 *
 * The sound that is sent is a tone made here; the microphone's level is measured and goes nowhere.
 */

import { Link } from './link.js';
import { quiet } from '../frame/guard.js';
import { Media, NoMicrophone } from '../frame/media.js';

const LISTEN_MS = 5000;
const HEARD = 0.02; // loudness from 0 to 1 that counts as a voice
const MEASURE_MS = 8000;
const POOR_PERCENT = 8;
const SLOW_MS = 400;
const LONGEST_MS = 60000;

const { socket, words } = JSON.parse(document.getElementById('check').textContent);
const button = /** @type {HTMLButtonElement} */ (document.querySelector('[data-action="check"]'));
const copy = /** @type {HTMLButtonElement} */ (document.querySelector('[data-action="copy"]'));
const verdict = /** @type {HTMLElement} */ (document.querySelector('[data-verdict]'));
const level = /** @type {HTMLElement} */ (document.querySelector('.level'));
const report = /** @type {HTMLTextAreaElement} */ (document.querySelector('[data-report]'));
const rows = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll('[data-check]')));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Errors of the browser's own have numbers for codes. */
const codeOf = (error, otherwise) => (error && typeof error.code === 'string' ? error.code : otherwise);

let codes = [];

rows.forEach((row) => mark(row, 'wait', ''));
button.addEventListener('click', check);
copy.addEventListener('click', copied);

/** @param {string} state one of words.state; @param {string} text */
function mark(row, state, text) {
  row.dataset.state = state;
  row.querySelector('[data-mark]').textContent = words.state[state];
  row.querySelector('[data-said]').textContent = text;
}

function tell(name, state, said, values, code) {
  const text = Object.keys(values || {}).reduce((all, key) => all.replace('{' + key + '}', values[key]), said);
  mark(rows.find((row) => row.dataset.check === name), state, text);
  if (code) codes.push(code);
  return state !== 'bad';
}

async function check() {
  if (button.getAttribute('aria-disabled') === 'true') return;
  codes = [];
  button.setAttribute('aria-disabled', 'true'); // and not disabled, which would take the focus away
  copy.hidden = true;
  report.parentElement.hidden = true;
  verdict.dataset.state = 'busy';
  verdict.textContent = words.verdict.busy;
  rows.forEach((row) => mark(row, 'wait', ''));
  // Inside the press: from here on this page may make a tone and open the microphone.
  const link = new Link(socket);
  const media = new Media();
  try {
    media.unlock();
    link.unlock();
    const ready = [secure(), browser()].every(Boolean);
    const steps = ready ? [microphone(media), Promise.race([network(link), wait(LONGEST_MS)])] : [];
    await Promise.all(steps.map((step) => step.catch(() => {})));
  } catch (error) {
    // What was not reached says so below.
  } finally {
    media.close();
    link.close();
    level.hidden = true;
    rows.filter((row) => row.dataset.state === 'busy').forEach((row) => tell(row.dataset.check, 'bad', words.failed, {}, 'BROWSER_FAILED'));
    conclude();
    button.removeAttribute('aria-disabled');
  }
}

function secure() {
  return window.isSecureContext ? tell('secure', 'good', words.secure.good) : tell('secure', 'bad', words.secure.bad, {}, 'INSECURE_PAGE');
}

function browser() {
  return window.RTCPeerConnection ? tell('browser', 'good', words.browser.good) : tell('browser', 'bad', words.browser.bad, {}, 'UNSUPPORTED_BROWSER');
}

// ── Microphone ─────────────────────────────────────────────────────────────────────────────────────────────────

async function microphone(media) {
  tell('microphone', 'busy', words.microphone.ask);
  let device = '';
  try {
    device = (await media.openMicrophone()).deviceLabel || words.microphone.unnamed;
  } catch (error) {
    const { code, reason } = error instanceof NoMicrophone ? error : new NoMicrophone('MICROPHONE_FAILED');
    return tell('microphone', 'bad', words.microphone[reason], {}, code);
  }
  tell('microphone', 'busy', words.microphone.listen);
  const loudest = await listen(media.stream).catch(() => null);
  if (loudest === null) return tell('microphone', 'warn', words.microphone.unmeasured, { device });
  return loudest >= HEARD
    ? tell('microphone', 'good', words.microphone.good, { device })
    : tell('microphone', 'warn', words.microphone.warn, { device });
}

/** The loudest moment of the next seconds, from 0 to 1. The bar follows it; screen readers get the number. */
async function listen(stream) {
  const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
  const context = new Context();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const bar = /** @type {HTMLElement} */ (level.firstElementChild);
  level.hidden = false;
  let loudest = 0;
  for (const until = Date.now() + LISTEN_MS; Date.now() < until; await wait(50)) {
    analyser.getByteTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128) / 128), 0);
    loudest = Math.max(loudest, peak);
    bar.style.transform = 'scaleX(' + Math.min(1, peak * 2).toFixed(2) + ')';
    level.setAttribute('aria-valuenow', String(Math.round(Math.min(1, peak * 2) * 100)));
  }
  quiet(() => context.close());
  return loudest;
}

// ── Network ────────────────────────────────────────────────────────────────────────────────────────────────────

async function network(link) {
  tell('socket', 'busy', '');
  try {
    await link.open();
  } catch (error) {
    const said = navigator.onLine === false ? words.socket.OFFLINE : words.socket[codeOf(error, '')];
    return tell('socket', 'bad', said || words.socket.bad, {}, codeOf(error, 'BROWSER_FAILED'));
  }
  tell('socket', 'good', words.socket.good);
  tell('sound', 'busy', '');
  const relayed = relay(link);
  try {
    const way = await link.connect();
    tell('sound', 'good', words.sound.good, { way: way ? words.sound[way] : words.quality.unknown });
  } catch (error) {
    await relayed;
    const code = codeOf(error, 'BROWSER_FAILED');
    return tell('sound', 'bad', code === 'BROWSER_FAILED' ? words.failed : words.sound.bad, {}, code);
  }
  tell('quality', 'busy', '');
  await wait(MEASURE_MS);
  await quality(link);
  return relayed;
}

async function quality(link) {
  const { up, down, ms } = await link.measured();
  if (up === null || down === null) return tell('quality', 'warn', words.quality.bad);
  const poor = up >= POOR_PERCENT || down >= POOR_PERCENT || (ms !== null && ms >= SLOW_MS);
  const values = { up: up.toFixed(1), down: down.toFixed(1), ms: ms === null ? words.quality.unknown : Math.round(ms) };
  return tell('quality', poor ? 'warn' : 'good', words.quality.good, values, poor ? 'HIGH_LOSS' : '');
}

async function relay(link) {
  if (!link.hasRelay) return tell('relay', 'none', words.relay.none);
  tell('relay', 'busy', '');
  return (await link.reachesRelay()) ? tell('relay', 'good', words.relay.good) : tell('relay', 'warn', words.relay.bad);
}

// ── The result ─────────────────────────────────────────────────────────────────────────────────────────────────

function conclude() {
  const states = rows.map((row) => row.dataset.state);
  const state = states.includes('bad') ? 'bad' : states.includes('warn') ? 'warn' : 'good';
  verdict.dataset.state = state;
  verdict.textContent = words.verdict[state];
  report.value = [
    words.verdict[state],
    ...rows.map((row) => row.querySelector('h2').textContent + ': ' + words.state[row.dataset.state] + '. ' + row.querySelector('[data-said]').textContent),
    codes.join(' '),
    location.origin + ', ' + new Date().toISOString(),
    navigator.userAgent,
  ].filter(Boolean).join('\n');
  copy.hidden = false;
  report.parentElement.hidden = false;
}

async function copied() {
  try {
    await navigator.clipboard.writeText(report.value);
    verdict.textContent = words.copied;
  } catch (error) {
    report.focus();
    report.select();
    verdict.textContent = words.select;
  }
}
