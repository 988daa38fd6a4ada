/** The frame: puts card, call, server and page together. */

import { CommandFailed } from './answers.js';
import { Api } from './api.js';
import { answerPage } from './asked.js';
import { Call } from './call.js';
import { attempt } from './guard.js';
import { Keep } from './keep.js';
import { bring, parts } from './later.js';
import { CallLock } from './lock.js';
import { Media, microphones, without } from './media.js';
import { Signal } from './signal.js';
import { SCREENS } from './screens.js';
import { View } from './view.js';
import { clock, words } from './strings.js';

const SETTLED_MS = 1500;
const OVER_MS = 20000;
const CAPTIONS = 'pickup-captions';

/** @param {any} settings  what the server put into the document */
export function begin(settings) {
  const { config, urls } = settings;
  const text = words(settings, { agent: settings.name });
  const page = { open: false, full: false, reducedMotion: false, elsewhere: false };
  // By a clock that nobody sets: a computer that corrects its own in a call would have it last for days.
  const ticks = () => attempt(() => performance.now(), Date.now());
  const began_s = (Date.now() - ticks()) / 1000;
  let stopWaiting = null;
  let more = null;
  let devices = null;
  let typing = null;
  let handover = null;
  let rated = '';

  const post = (message, ports) => window.parent.postMessage(Object.assign({ pickup: 1 }, message), settings.host, ports || []);
  const lock = new CallLock(attempt(() => navigator.locks), () => page.elsewhere, (held) => post({ type: 'lock', held }));
  const view = new View(document.body, settings, text, act);
  const chosen = attempt(() => window.sessionStorage.getItem(CAPTIONS));
  view.captionsOn = chosen ? chosen === 'true' : Boolean(settings.captions);
  const api = new Api(settings, urls, window.fetch.bind(window));
  const call = new Call({
    api,
    openSignal: (to, lastEvent) => new Signal((url) => new WebSocket(url), urls.signal, to, lastEvent),
    newMedia: () => (call.typed && parts.voiceless ? parts.voiceless(new Media()) : new Media()),
    lock,
    keep: new Keep(() => window.sessionStorage, (said) => console.warn(said)),
    consent: agreement(),
    rates: Boolean(config.rating),
    checkInfo,
    now_s: () => began_s + ticks() / 1000,
    emit: (name, args) => {
      const ports = name === 'captureAudio' && urls.sound ? attempt(() => hearAlong(args), []) : [];
      post({ type: 'event', name, args, session: call.page() }, ports);
    },
    show,
  });

  speak();
  if (parts.languages) {
    view.choice = parts.languages(settings, () => {
      speak();
      call.consent = agreement();
      view.built = '';
      show();
    });
  }
  let shown = '';
  let over = ''; // what a minimised card's button says of a call that has just ended
  let levels = null;
  let ticking = 0;

  function speak() {
    document.documentElement.lang = settings.language;
    document.documentElement.dir = settings.language === 'ar' ? 'rtl' : 'ltr';
  }

  /** What a yes is given to: the words, and the language of the card that shows them. */
  function agreement() {
    return settings.consent && { digest: settings.consent.digest, language: settings.language };
  }

  /** Screens that few calls need come when they are needed; without the network there is one for every failure. */
  function show() {
    const { name, code } = call.state;
    if (parts.More || (SCREENS[name] && (name !== 'error' || code === 'NETWORK'))) draw();
    else bring(urls.later).then(draw, draw);
  }

  function draw() {
    const { state } = call;
    view.show(state, call);
    if (writing()) typing.show();
    const live = call.talking;
    if (state.name !== shown) {
      over = '';
      // The button of a card that is minimised says it for a while: nobody misses that their call is over.
      if (state.name === 'ended' && state.reason !== 'visitor_ended' && !page.open) {
        over = text('ended.title');
        setTimeout(() => {
          over = '';
          tellCard();
        }, OVER_MS);
      }
      tellCard();
      if (state.name === 'in-call') setTimeout(bringMore, SETTLED_MS);
    }
    if (state.rating && state.rating !== rated) rate(state.rating);
    rated = state.rating;
    shown = state.name;
    clearInterval(ticking);
    if (live) ticking = setInterval(tellTime, 1000);
    listenToLevels(live && page.open && !page.reducedMotion && state.name === 'in-call');
    if (state.name === 'elsewhere' && !stopWaiting) {
      stopWaiting = lock.whenFree(() => {
        stopWaiting = null;
        call.tabs.free();
      });
    }
  }

  /** The field for whoever types, where the owner lets them and it is there. */
  function writing() {
    if (config.typing && parts.Typing && !typing) typing = new parts.Typing(view, call);
    return typing;
  }

  function tellTime() {
    view.tick(call.elapsed_s());
    tellCard();
  }

  function tellCard(opened) {
    post({ type: 'card', open: opened, state: call.state.name, timer: call.talking ? clock(call.elapsed_s()) : over });
  }

  /** The menu, and the eye on the microphones: every call gets them once it runs. */
  async function bringMore() {
    if (!call.talking) return null;
    await bring(urls.later).catch(() => {});
    if (parts.Handover) handOver();
    const { media } = call;
    if (!parts.More || !call.talking || !media.stream) return null;
    if (!more) more = new parts.More(view, (digit) => call.press(digit), writing());
    if (media.track && (!devices || devices.media !== media)) {
      devices = new parts.Devices(media, (key, values) => call.tell(key, values));
      more.use(devices);
    }
    return more;
  }

  /** What the server would refuse of `sendInfo` is refused here; few pages send any. */
  async function checkInfo(about, data) {
    await bring(urls.later).catch(() => {
      throw new CommandFailed('NetworkError', 'NETWORK', 'The connection was lost.');
    });
    parts.checkInfo(about, data);
  }

  /** Where the widget allows it the page gets the visitor's sound: the port now, its beginning with the module. */
  function hearAlong(args) {
    const { media } = call;
    if (!window.AudioWorkletNode || !media.meters.context) return [];
    const { port1, port2 } = new window.MessageChannel();
    args[0] = Object.assign({}, args[0], { sampleRate: media.meters.context.sampleRate, port: port2 });
    bring([urls.sound[0]]).then(() => parts.sound(port1, media, urls.sound[1])).catch(() => port1.postMessage(null));
    return [port2];
  }

  /** Between tabs: the one in a call listens for those that want it. */
  function handOver() {
    if (!handover) handover = new parts.Handover((name) => (window.BroadcastChannel ? new window.BroadcastChannel(name) : null), () => {
      const place = call.tabs.place();
      return place && Object.assign({ captions: view.captionsOn }, place);
    });
    return handover;
  }

  /** Whether all that is said is written down. The choice is the visitor's, in this tab and in the one a call moves to. */
  function caption(on) {
    view.captionsOn = Boolean(on);
    attempt(() => window.sessionStorage.setItem(CAPTIONS, String(view.captionsOn)));
  }

  async function rate(ticket) {
    await bring(urls.later).catch(() => {});
    const place = view.card.querySelector('.rate');
    if (parts.rating && place && call.state.rating === ticket) parts.rating(place, text, (stars) => api.post(urls.rating, { ticket, stars }));
  }

  function listenToLevels(on) {
    const media = on ? call.media : null;
    if (media === levels) return;
    if (levels) levels.meters.watch(null);
    levels = media;
    if (media) media.meters.watch((side, level) => view.level(side, level));
  }

  /** Another tab in a call closes the start of this one; its end opens it again. */
  async function lookElsewhere() {
    const busy = await lock.busy();
    if (busy) call.tabs.occupied();
    else call.tabs.free();
  }

  function act(action, event) {
    const copied = { 'copy-reference': call.state.reference, 'copy-code': call.state.code };
    const does = {
      start: () => aloud(''),
      ask: () => aloud(event.target.textContent),
      consent: () => call.agree(),
      end: () => call.hangUp(),
      mute: () => call.setMuted(!call.muted),
      retry: () => retry(),
      type: () => {
        call.typed = true;
        call.again();
      },
      restart: () => call.again(),
      move: () => call.tabs.move(() => handOver().ask().then((place) => {
        if (place) caption(place.captions);
        return place;
      })),
      minimise: () => tellCard(false),
      decline: () => {
        call.typed = false;
        call.decline();
        tellCard(false);
      },
      more: () => bringMore().then((here) => here && call.state.name === 'in-call' && here.toggle()),
      captions: () => {
        caption(!view.captionsOn);
        show();
      },
      hear: () => call.media && call.media.play().then(() => {
        call.deaf = false;
        show();
      }, () => {}),
    };
    if (copied[action] && parts.copy(copied[action])) view.flash(action, text('copied'));
    else if (does[action]) does[action]();
    else if (typing && typing.act(action)) return;
    else if (view.panel) view.panel.act(action, event);
  }

  function aloud(question) {
    call.typed = false;
    call.ask(question);
  }

  function retry() {
    if (call.state.name === 'blocked') call.typed = false;
    // A grant that cannot be renewed any more comes back with the document.
    if (['GRANT_INVALID', 'GRANT_EXPIRED', 'CONSENT_INVALID'].includes(call.state.code)) window.location.reload();
    else call.again();
  }

  answerPage({ host: settings.host, page, call, view, post, show, tellCard, lookElsewhere });
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      if (view.panel) view.panel.close(true);
      else tellCard(false);
    }
    // Over the whole window the card would hide what has the focus next.
    if (event.key === 'Tab' && page.full) setTimeout(() => document.hasFocus() || tellCard(false));
  });
  // A tap anywhere lets a browser that kept the sound back play it.
  window.addEventListener('pointerdown', () => {
    if (call.deaf) act('hear');
  });

  const secure = attempt(() => window.isSecureContext, true); // where it is not, there is no microphone either
  const able = window.RTCPeerConnection && secure && !settings.old;
  if (!able) call.go('unsupported', { reason: secure ? 'browser' : 'insecure' });
  else if (settings.closed) call.go('unsupported', { reason: 'closed', late: settings.closed === 'hours' });
  else if (!microphones()) {
    const { reason, code } = without();
    call.go('blocked', { reason, code });
  }
  else show();
  post({ type: 'ready' });
  const left = able && call.returning.keep.load();
  if (left && left.typed) bring(urls.later).catch(() => {}).then(() => call.resume());
  else if (able) call.resume();
}
