/**
 * The chat's frame: answers the page, and puts card, chat and server together.
 *
 * It listens to its parent only, at the origin that the grant was made for.
 */

import { attempt } from '../frame/guard.js';
import { Api } from './api.js';
import { CHARS_MOST, Chat } from './chat.js';
import { Keep } from './keep.js';
import { bring } from './later.js';
import { Link } from './link.js';
import { words } from './strings.js';
import { View } from './view.js';

const CONTEXT_MS = 4000;
const has = (table, name) => typeof name === 'string' && Object.prototype.hasOwnProperty.call(table, name);

function random() {
  const bytes = new Uint8Array(16).map(() => Math.random() * 256); // it tells messages apart, no more
  attempt(() => window.crypto.getRandomValues(bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {any} settings  what the server put into the document */
export function begin(settings) {
  const { config, urls } = settings;
  const page = { full: false, platform: 'web', header: true, minimise: true, data: {} };
  let known = '{}';
  const agent = { name: settings.name, avatar: config.style.avatar || '' };
  const text = words(settings, () => ({ agent: agent.name }));
  const draft = 'pickup-chat-draft ' + settings.code;
  const calling = 'pickup-chat-call ' + settings.code;
  const asking = /** @type {Object<number, (value: any) => void>} */ ({});
  let open = false;
  let marked = null;
  let unread = 0;
  let heard = 0;
  let asked = 0;
  let talk = null; // later/talk.js, once somebody has wanted to
  let signs = false; // the page has something that signs its context

  const post = (message) => window.parent.postMessage(Object.assign({ pickup: 1 }, message), settings.host);
  const emit = (name, args) => post({ type: 'event', name, args });

  const keep = new Keep(settings.code + ' ' + settings.host, {
    storage: () => window.sessionStorage,
    channel: (name) => new window.BroadcastChannel(name),
    now: () => Date.now(),
  });
  const api = new Api(settings, window.fetch.bind(window));
  const chat = new Chat({
    api,
    keep,
    newLink: (url, beat, to) => new Link({ open: (address) => new WebSocket(address), url, heartbeat_s: beat }, to),
    socket: urls.socket,
    wanted: () => ({ streaming_enabled: (config.chat || {}).streams !== false, platform: page.platform, device_type: page.full ? 'mobile' : 'desktop', language: settings.language }),
    consent: settings.consent,
    now: () => new Date(),
    id: random,
    later: (run, ms) => setTimeout(run, ms),
    never: (timer) => clearTimeout(timer),
    begin: () => begins(),
    context: (about) => (signs ? askPage('contextRequired', about) : Promise.resolve('')),
    data: () => page.data,
    emit,
    show,
  });
  keep.mine = () => (chat.running ? { token: chat.token, session: chat.session, at: Date.now() } : null);

  document.documentElement.lang = settings.language;
  document.documentElement.dir = settings.language === 'ar' ? 'rtl' : 'ltr';
  const view = new View(document.body, settings, text, act, {
    most: CHARS_MOST,
    say: (said) => {
      view.trouble = '';
      return chat.say(said);
    },
    typing: () => chat.hand.typing(true),
    draft: (said) => attempt(() => {
      if (said === null) return window.sessionStorage.getItem(draft) || '';
      if (said) window.sessionStorage.setItem(draft, said);
      else window.sessionStorage.removeItem(draft);
      return said;
    }, said || ''),
  });

  /** What only the page knows: answered by its handler, or by nobody within a while. */
  function askPage(name, about) {
    asked += 1;
    const id = asked;
    return new Promise((met) => {
      asking[id] = met;
      post({ type: 'ask', id, name, about });
      setTimeout(() => settle(id, ''), CONTEXT_MS);
    });
  }

  function settle(id, value) {
    const met = asking[id];
    delete asking[id];
    if (met) met(typeof value === 'string' ? value : '');
  }

  let drawing = 0;

  /** Events come in heaps: what they change is drawn once. */
  function show() {
    if (!drawing) drawing = setTimeout(draw, 0);
  }

  function draw() {
    drawing = 0;
    if (chat.journal.agent.name) Object.assign(agent, { name: chat.journal.agent.name, avatar: chat.journal.agent.avatar || agent.avatar });
    if (talk) talk.show();
    view.show(chat, agent);
    count();
    const held = chat.running;
    if (held !== marked) {
      marked = held;
      post({ type: 'mark', held });
    }
  }

  /** Answers that came while the card was closed. */
  function count() {
    const answers = chat.journal.entries.filter((entry) => entry.who === 'agent' && entry.done && !entry.aloud);
    const quiet = answers.filter((entry) => entry.quiet).length;
    if (open || heard > answers.length) heard = answers.length;
    const now = open ? 0 : Math.max(0, answers.length - Math.max(heard, quiet));
    if (now !== unread && (config.chat || {}).unread !== false) {
      unread = now;
      post({ type: 'unread', n: unread, words: text('unread', { n: unread }) });
    }
  }

  function act(action, target) {
    const does = {
      minimise: () => post({ type: 'card', open: false }),
      more: () => view.toggle(chat),
      agree: () => chat.agree(),
      retry: () => retry(),
      again: () => chat.outbox.retry(target.getAttribute('data-id')),
      chip: () => chat.say(target.getAttribute('data-words')) && view.focus(),
      new: () => hangUp(() => chat.fresh()),
      end: () => hangUp(() => chat.end()),
      skip: () => chat.survey.skip(),
      talk: () => goAloud((here) => here.start()),
      mute: () => talk.mute(),
      hangup: () => hangUp(() => view.focus()),
    };
    if (has(does, action)) does[action]();
    if (/^(?:new|end)$/.test(action)) view.focus();
  }

  function hangUp(then) {
    if (talk) talk.hangUp();
    then();
  }

  /** The modules of a call come when somebody wants to talk; the microphone is asked for when they are there. */
  async function goAloud(does) {
    try {
      const parts = await bring(urls.talk);
      if (!talk) talk = new parts.Talk({ settings, text, view, chat, api, agent, post, show, key: calling });
      does(talk);
    } catch (error) {
      view.trouble = 'offline';
    }
    show();
  }

  function retry() {
    // A grant that cannot be renewed any more comes back with the document.
    if (['GRANT_INVALID', 'GRANT_EXPIRED', 'CONSENT_INVALID'].includes(chat.state.code)) window.location.reload();
    else chat.begin();
  }

  function begins() {
    if (settings.closed) chat.go('closed', { reason: settings.closed === 'hours' ? 'hours' : '' });
    else chat.begin();
  }

  const commands = {
    endSession: () => chat.end(),
    refreshVerifiedContext: () => (signs ? chat.page.refresh() : null),
    getConfig: () => ({ agent: agent.name, language: settings.language, theme: config.style.theme }),
  };

  const hear = {
    open({ keyboard }) {
      open = true;
      begins();
      show();
      if (keyboard !== null && (!page.full || keyboard)) view.focus();
      emit('open', []);
    },
    close() {
      if (open) emit('closed', []);
      open = false;
      view.close(false);
      show();
    },
    page(message) {
      for (const key of ['full', 'platform', 'header', 'minimise', 'data']) if (key in message) page[key] = message[key];
      if ('signs' in message) signs = Boolean(message.signs);
      view.size(Boolean(page.full), page.header === false, page.minimise === false);
      const now = JSON.stringify(page.data);
      if (now !== known) chat.page.inform();
      known = now;
    },
    answer({ id, value }) {
      settle(id, value);
    },
    command({ id, name, args }) {
      if (!has(commands, name) || typeof id !== 'number') return;
      new Promise((done) => done(commands[name](...(args || [])))).then(
        (value) => post({ type: 'result', id, value: value === undefined ? null : value }),
        (error) => post({ type: 'result', id, error: { name: error.name, code: error.code || '', message: error.message } }));
    },
  };

  window.addEventListener('message', (event) => {
    const message = event.data;
    if (event.source !== window.parent || event.origin !== settings.host || !message || message.pickup !== 1) return;
    if (has(hear, message.type)) hear[message.type](message);
  });
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) {
      if (view.menu) view.close(true);
      else act('minimise', null);
    }
    // Over the whole window the card would hide what has the focus next.
    if (event.key === 'Tab' && page.full) setTimeout(() => document.hasFocus() || act('minimise', null));
  });
  window.addEventListener('online', () => chat.online());
  window.addEventListener('pagehide', () => chat.save());

  const able = urls.talk && window.RTCPeerConnection && attempt(() => window.isSecureContext && navigator.mediaDevices);
  view.talk(Boolean(able));
  view.composer.way.addEventListener('pointerenter', () => bring(urls.talk).catch(() => {}));
  draw();
  post({ type: 'ready' });
  if (!settings.closed) {
    chat.resume().then((resumed) => {
      if (resumed && able && attempt(() => window.sessionStorage.getItem(calling))) goAloud((here) => here.resume());
    });
  }
}
