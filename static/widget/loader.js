/**
 * The script of the tag: the launcher on the customer's page, the frame behind it, and window.PolyphoneAPI.
 *
 * It imports nothing, asks for nothing before somebody shows that they want to call, and is ES5, so that browsers
 * which cannot make calls still read it and can say so. The server puts the widget's own settings where the marker is:
 *
 *   {code, frame, salt, hosts, name, label, accent, onAccent, accentDark, onAccentDark, theme, side, consent}
 *
 * `frame` is the absolute address of the frame document, `hosts` what widgets/domains.py calls hashed(),
 * `theme` light, dark or auto, `side` right or left, `consent` whether the card asks for consent first.
 */
(function (settings) {
  'use strict';

  var win = window, doc = document, root = doc.documentElement;
  var KEY = 'POLY_AI_POLYPHONE_CALL_ACTIVE', BEAT_MS = 5000, STALE_MS = 10000, READY_MS = 10000;
  var COMMANDS = ['connect', 'disconnect', 'startCall', 'endCall', 'connectAndCall', 'mute', 'unmute', 'sendInfo'];
  var EVENTS = ['Ready', 'Connecting', 'Connected', 'Disconnected', 'Registered', 'Unregistered', 'Ringing', 'Answered',
    'Ended', 'Failed', 'Muted', 'Unmuted', 'CaptureAudio', 'AudioEnded', 'InfoSent', 'InfoReceived', 'Transcription', 'Error'];

  function say(words) {
    if (win.console) win.console.warn('Pickup: ' + words);
  }

  // ── May this page show the launcher? ─────────────────────────────────────────────────────────────────────────

  /** SHA-256 of an ASCII text as hex. Written out, because the browser's own is asynchronous and https only. */
  function sha256(text) {
    var primes = [], k = [], h = [], n, i, j, block;
    function part(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
    for (n = 2; primes.length < 64; n++) {
      for (i = 0; i < primes.length && n % primes[i]; i++);
      if (i < primes.length) continue;
      if (primes.length < 8) h.push(part(Math.sqrt(n)));
      k.push(part(Math.pow(n, 1 / 3)));
      primes.push(n);
    }
    var size = ((text.length + 8) >> 6) + 1, words = [];
    for (i = 0; i < size * 16; i++) words[i] = 0;
    for (i = 0; i < text.length; i++) words[i >> 2] |= (text.charCodeAt(i) & 255) << (24 - 8 * (i & 3));
    words[text.length >> 2] |= 128 << (24 - 8 * (text.length & 3));
    words[size * 16 - 1] = text.length * 8;
    for (block = 0; block < words.length; block += 16) {
      var w = words.slice(block, block + 16), v = h.slice(), a, b;
      for (j = 0; j < 64; j++) {
        if (j > 15) {
          a = w[j - 15]; b = w[j - 2];
          w[j] = (w[j - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[j - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
        }
        a = (v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[j] + w[j]) | 0;
        b = ((turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
        v = [(a + b) | 0, v[0], v[1], v[2], (v[3] + a) | 0, v[4], v[5], v[6]];
      }
      for (j = 0; j < 8; j++) h[j] = (h[j] + v[j]) | 0;
    }
    for (i = 0, n = ''; i < 8; i++) n += ('0000000' + (h[i] >>> 0).toString(16)).slice(-8);
    return n;
  }

  /** The host itself (with = where the list means no other), then each parent domain; an address of digits only as it is. */
  function listed(location) {
    var host = location.hostname.replace(/\.$/, ''), port = location.port || (location.protocol === 'http:' ? '80' : '443');
    var names = ['=' + host, host], at;
    for (at = host; !/^[\d.]+$|:/.test(host) && at.indexOf('.') > 0;) names.push((at = at.slice(at.indexOf('.') + 1)));
    return names.some(function (name) {
      return [name, name + ':' + port].some(function (claim) {
        return settings.hosts.indexOf(sha256(settings.salt + claim).slice(0, 16)) >= 0;
      });
    });
  }

  /** Every page around this one must be of the same origin: one of another site could lay itself over the card. */
  function framed() {
    for (var at = win; at !== at.parent;) {
      at = at.parent;
      try {
        if (at.location.origin !== win.location.origin) return true;
      } catch (refused) {
        return true;
      }
    }
    return win.location.origin === 'null' || win.origin === 'null';
  }

  function cannot() {
    if (!win.isSecureContext) return 'insecure';
    var media = navigator.mediaDevices;
    return win.Promise && win.RTCPeerConnection && win.WebSocket && media && media.getUserMedia && 'noModule' in doc.createElement('script') ? '' : 'browser';
  }

  var PROPERTY = '__pickup';
  if (win[PROPERTY]) {
    if (win[PROPERTY] !== settings.code) say('only one widget can be on a page; the second tag does nothing.');
    return;
  }
  if (framed()) return say('the call button is not shown inside a frame of another site.');
  if (!listed(win.location)) return say('the call button is not shown: ' + win.location.host + ' is not on the widget\u2019s list of domains.');
  var reason = cannot();
  try {
    Object.defineProperty(win, PROPERTY, { value: settings.code, configurable: true });
  } catch (taken) {
    return;
  }
  if (reason === 'insecure') say('calls need https; the button is switched off on this page.');

  // ── State ────────────────────────────────────────────────────────────────────────────────────────────────────

  var origin = settings.frame.replace(/^(https?:\/\/[^/]+).*/, '$1');
  var open = false, ready = false, sourced = false, gone = false, card = { state: 'start', timer: '' };
  var connected = false, session = null, waiting = [], results = {}, handlers = {}, lastId = 0;
  var tab = Math.random().toString(36).slice(2), beat = 0, watch = 0, late = 0, cleanup = [];

  function listen(target, name, run) {
    target.addEventListener(name, run);
    cleanup.push(function () { target.removeEventListener(name, run); });
  }

  /** Styles one by one through the object model: no page policy forbids that, and no page style outranks it. */
  function style(element, rules) {
    for (var name in rules) element.style.setProperty(name, rules[name], 'important');
  }

  function svg(paths) {
    var make = function (name, attributes) {
      var made = doc.createElementNS('http://www.w3.org/2000/svg', name);
      for (var key in attributes) made.setAttribute(key, attributes[key]);
      return made;
    };
    var drawn = make('svg', { viewBox: '0 0 24 24', width: 28, height: 28, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.75,
      'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false' });
    paths.forEach(function (d) { drawn.appendChild(make('path', { d: d })); });
    return drawn;
  }

  var TALK = ['M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6z', 'M14.2 7.3a3.2 3.2 0 0 1 2.5 2.5M14.6 3.5a7 7 0 0 1 5.9 5.9'];
  var side = settings.side === 'left' ? 'left' : 'right';
  var DOWN = ['M6 9.5l6 6 6-6'];

  // ── Launcher and frame ───────────────────────────────────────────────────────────────────────────────────────

  var host = doc.createElement('div'), shell = host.attachShadow ? host.attachShadow({ mode: 'open' }) : host;
  var button = doc.createElement('button'), picture = doc.createElement('span'), label = doc.createElement('span'), note = doc.createElement('span');
  var frame = doc.createElement('iframe');
  var narrow = win.matchMedia('(max-width: 480px), (max-height: 480px)'), dark = win.matchMedia('(prefers-color-scheme: dark)');
  var calm = win.matchMedia('(prefers-reduced-motion: reduce)'), hover = false, ring = false;

  host.setAttribute('data-pickup', 'launcher');
  button.type = 'button';
  button.setAttribute('data-action', 'open');
  button.setAttribute('aria-haspopup', 'dialog');
  button.appendChild(picture);
  button.appendChild(label);
  shell.appendChild(button);
  frame.setAttribute('allow', 'microphone; autoplay');
  frame.title = settings.name;
  if (reason) {
    note.id = 'why';
    note.textContent = reason === 'insecure' ? 'Calls need a secure page (https).' : 'This browser cannot make calls. Open this page in a current Chrome, Edge, Firefox or Safari.';
    button.setAttribute('aria-disabled', 'true');
    button.setAttribute('aria-describedby', 'why');
    shell.appendChild(note);
  }

  function full() {
    return narrow.matches;
  }

  function paint() {
    var night = settings.theme === 'dark' || (settings.theme !== 'light' && dark.matches);
    var small = full(), live = !open && card.timer, size = small ? 44 : 60;
    var face = live ? (night ? '#191b20' : '#fff') : night ? settings.accentDark : settings.accent;
    var ink = live ? (night ? '#ededef' : '#16181d') : night ? settings.onAccentDark : settings.onAccent;
    var words = live ? card.timer : open ? '' : settings.label || '';
    var shadow = night ? '0 0 0 1px #2b2e36, 0 16px 48px rgba(0,0,0,.55)' : '0 1px 2px rgba(22,24,29,.08), 0 12px 40px rgba(22,24,29,.16)';

    var edge = 'calc(20px + env(safe-area-inset-' + side + ', 0px))', hostStyle = { all: 'initial', position: 'fixed', bottom: 'calc(20px + env(safe-area-inset-bottom, 0px))',
      'z-index': '10000', display: open && small && ready ? 'none' : 'block', direction: 'ltr' };
    hostStyle[side] = edge;
    style(host, hostStyle);
    style(button, { all: 'initial', 'box-sizing': 'border-box', display: 'inline-flex', 'align-items': 'center', 'justify-content': 'center',
      'min-width': size + 'px', height: size + 'px', padding: words ? '0 22px 0 18px' : '0', 'border-radius': '30px',
      border: '1px solid transparent', background: reason ? (night ? '#262931' : '#f3f2ee') : face, color: reason ? (night ? '#a6aab4' : '#5a5e69') : ink,
      cursor: reason ? 'default' : 'pointer', font: '500 16px/1 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
      'font-variant-numeric': 'tabular-nums',
      'box-shadow': ring ? '0 0 0 3px #fff, 0 0 0 6px #16181d' : shadow, transform: hover && !reason && !calm.matches ? 'translateY(-2px)' : 'none',
      transition: calm.matches ? 'none' : 'transform 160ms ease-out' });
    style(picture, { display: 'flex', color: live ? (night ? settings.accentDark : settings.accent) : 'inherit' });
    style(label, { display: words ? 'inline' : 'none', 'margin-left': '10px', 'white-space': 'nowrap' });
    style(note, { all: 'initial', display: hover || ring ? 'block' : 'none', position: 'absolute', bottom: size + 12 + 'px', width: '220px', padding: '12px',
      'box-sizing': 'border-box', 'border-radius': '12px', font: '14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
      background: night ? '#20232a' : '#fff', color: night ? '#ededef' : '#16181d', 'box-shadow': shadow });
    note.style.setProperty(side, '0', 'important');
    label.textContent = words;
    if (picture.firstChild) picture.removeChild(picture.firstChild);
    picture.appendChild(svg(open ? DOWN : TALK));
    button.setAttribute('aria-expanded', String(open));
    button.setAttribute('aria-label', live ? 'Back to your call, ' + card.timer : open ? 'Minimise' : settings.label || settings.name);

    var frameStyle = { all: 'initial', position: 'fixed', border: '0', 'z-index': '10000', display: sourced ? 'block' : 'none',
      bottom: small ? '0' : 'calc(96px + env(safe-area-inset-bottom, 0px))',
      width: small ? '100%' : '360px', height: small ? '100%' : '520px', 'max-height': small ? 'none' : 'calc(100% - 116px)',
      'border-radius': small ? '0' : '20px', 'box-shadow': small ? 'none' : shadow, visibility: open && ready ? 'visible' : 'hidden' };
    frameStyle[side] = small ? '0' : edge;
    style(frame, frameStyle);
    if (frame.parentNode !== root) root.appendChild(frame);
    if (host.parentNode !== root) root.appendChild(host);
  }

  function tell(message) {
    if (!ready) return waiting.push(message);
    message.pickup = 1;
    frame.contentWindow.postMessage(message, origin);
  }

  function tellPage() {
    if (ready) tell({ type: 'page', width: win.innerWidth, height: win.innerHeight, full: full(), reducedMotion: calm.matches, elsewhere: elsewhere() });
  }

  /** Somebody wants to call: only now the frame gets its address, and the server its first request. */
  function source() {
    if (sourced || reason) return;
    sourced = true;
    frame.src = settings.frame + '?host=' + encodeURIComponent(win.location.origin);
    paint();
  }

  function show(extra) {
    if (reason) return;
    source();
    if (!ready && !late) {
      late = setTimeout(function () {
        say('the card could not be loaded from ' + origin + '. Does this page\u2019s Content-Security-Policy allow it in frame-src?');
        fail('FRAME_UNREACHABLE', 'The card could not be loaded.');
      }, READY_MS);
    }
    open = true;
    paint();
    tellPage();
    tell({ type: 'open', gesture: gesture(), command: extra });
    if (ready) frame.focus();
  }

  function hide() {
    if (!open) return;
    open = false;
    paint();
    tell({ type: 'close' });
    button.focus();
  }

  function gesture() {
    var activation = navigator.userActivation;
    return activation ? activation.hasBeenActive : true;
  }

  // ── One call per browser: the documented key, a mirror of the frame's lock ───────────────────────────────────

  function stored() {
    try {
      return JSON.parse(win.localStorage.getItem(KEY) || 'null');
    } catch (refused) {
      return null;
    }
  }

  function elsewhere() {
    var other = stored();
    return !!other && other.tab !== tab && Math.abs(Date.now() - other.at) < STALE_MS;
  }

  function hold(held) {
    clearInterval(beat);
    beat = 0;
    function write() {
      try {
        win.localStorage.setItem(KEY, JSON.stringify({ tab: tab, at: Date.now() }));
      } catch (refused) {
        clearInterval(beat);
      }
    }
    if (held) {
      write();
      beat = setInterval(write, BEAT_MS);
    } else if ((stored() || {}).tab === tab) {
      win.localStorage.removeItem(KEY);
    }
  }

  // ── window.PolyphoneAPI ──────────────────────────────────────────────────────────────────────────────────────

  function problem(name, code, words) {
    var error = new Error(words);
    error.name = name;
    error.code = code;
    return error;
  }

  function fire(name, args) {
    (handlers[name] || []).slice().forEach(function (handler) {
      try {
        handler.apply(null, args);
      } catch (error) {
        setTimeout(function () { throw error; });
      }
    });
  }

  /** The frame is not there: whoever waits for it is told, and the next press tries again. */
  function fail(code, words) {
    var pending = results, error = problem('NetworkError', code, words);
    late = 0;
    results = {};
    waiting = [];
    sourced = open = false;
    frame.removeAttribute('src');
    paint();
    for (var id in pending) pending[id].reject(error);
    fire('error', [error]);
  }

  function command(name, args) {
    if (reason) return win.Promise ? Promise.reject(problem('NotSupportedError', reason === 'insecure' ? 'INSECURE_PAGE' : 'UNSUPPORTED_BROWSER', note.textContent)) : undefined;
    var id = ++lastId;
    return new Promise(function (resolve, reject) {
      results[id] = { resolve: resolve, reject: reject };
      if (name === 'connectAndCall' || name === 'startCall' || name === 'connect') source();
      if (!sourced) return settle({ id: id, value: name === 'disconnect' ? null : undefined, error: name === 'disconnect' ? null : { name: 'InvalidStateError', code: name === 'startCall' ? 'NOT_CONNECTED' : 'NO_CALL', message: 'There is no call.' } });
      if (name === 'connectAndCall' || (name === 'connect' && settings.consent)) show();
      tell({ type: 'command', id: id, name: name, args: args, gesture: gesture() });
    });
  }

  function settle(message) {
    var waiter = results[message.id], error = message.error;
    if (!waiter) return;
    delete results[message.id];
    if (error) waiter.reject(problem(error.name, error.code, error.message));
    else waiter.resolve(message.value);
  }

  var api = {
    isConnected: function () { return connected; },
    getCurrentSession: function () { return session; },
    off: function (name, handler) {
      handlers[name] = (handlers[name] || []).filter(function (other) { return other !== handler; });
    },
    destroy: function () {
      var end = function () {
        gone = true;
        cleanup.forEach(function (undo) { undo(); });
        clearInterval(watch);
        clearTimeout(late);
        hold(false);
        [host, frame].forEach(function (element) { if (element.parentNode) element.parentNode.removeChild(element); });
        handlers = {};
        delete win[PROPERTY];
        if (win.PolyphoneAPI === api) delete win.PolyphoneAPI;
      };
      if (gone) return Promise.resolve();
      if (!ready) return Promise.resolve(end());
      // The frame says goodbye to the server first; one that no longer answers is not waited for.
      return Promise.race([command('disconnect', []), new Promise(function (resolve) { setTimeout(resolve, 1000); })]).then(end, end);
    }
  };
  COMMANDS.forEach(function (name) {
    api[name] = function (text, data) {
      if (name === 'sendInfo') {
        if (typeof text !== 'string') throw new TypeError('sendInfo(text, data): text must be a string.');
        if (data !== undefined && (data === null || typeof data !== 'object' || Array.isArray(data))) throw new TypeError('sendInfo(text, data): data must be a flat object.');
      }
      return command(name, name === 'sendInfo' ? [text, data || {}] : []);
    };
  });
  EVENTS.forEach(function (name) {
    api['on' + name] = function (handler) {
      var key = name.charAt(0).toLowerCase() + name.slice(1);
      if (typeof handler !== 'function') throw new TypeError('on' + name + '(handler): handler must be a function.');
      (handlers[key] = handlers[key] || []).push(handler);
      if (name === 'Ready') setTimeout(function () { if (!gone) handler(); });
    };
  });

  // ── What the frame says ──────────────────────────────────────────────────────────────────────────────────────

  var hear = {
    ready: function () {
      var queued = waiting;
      clearTimeout(late);
      late = 0;
      ready = true;
      waiting = [];
      paint();
      tellPage();
      if (open && !queued.some(function (message) { return message.type === 'open'; })) tell({ type: 'open', gesture: false });
      queued.forEach(tell);
      if (open) frame.focus();
    },
    result: settle,
    event: function (message) {
      var args = message.args || [];
      if (message.name === 'registered') connected = true;
      if (message.name === 'disconnected') connected = false;
      if (message.session !== undefined) session = message.session;
      if (message.name === 'error') args = [problem(args[0].name, args[0].code, args[0].message)];
      fire(message.name, args);
    },
    card: function (message) {
      card = message;
      if (message.open === false) return hide();
      if (message.open === true && !open) return show();
      paint();
    },
    lock: function (message) { hold(message.held); }
  };

  listen(win, 'message', function (event) {
    var message = event.data;
    if (event.origin !== origin || event.source !== frame.contentWindow || !message || message.pickup !== 1) return;
    if (hear.hasOwnProperty(message.type)) hear[message.type](message);
  });
  ['mouseenter', 'touchstart'].forEach(function (name) {
    listen(button, name, function () { hover = name === 'mouseenter'; source(); paint(); });
  });
  listen(button, 'mouseleave', function () { hover = false; paint(); });
  listen(button, 'focus', function () {
    try {
      ring = button.matches(':focus-visible');
    } catch (unknown) {
      ring = true;
    }
    source();
    paint();
  });
  listen(button, 'blur', function () { ring = false; paint(); });
  listen(button, 'click', function () { if (open) hide(); else show(); });
  listen(button, 'keydown', function (event) { if (event.key === 'Escape') hide(); });
  listen(win, 'resize', function () { paint(); tellPage(); });
  listen(win, 'storage', function (event) { if (event.key === KEY) tellPage(); });
  listen(win, 'pagehide', function () { hold(false); });
  [narrow, dark, calm].forEach(function (query) {
    var run = function () { paint(); tellPage(); };
    query.addListener(run);
    cleanup.push(function () { query.removeListener(run); });
  });
  watch = setInterval(function () { if (open) tellPage(); }, BEAT_MS);

  paint();

  // Calls made before this script was there: the one-line stub of docs/page-api.md keeps them in q.
  var early = win.PolyphoneAPI && win.PolyphoneAPI.q;
  win.PolyphoneAPI = api;
  if (early) early.forEach(function (call) { if (api.hasOwnProperty(call[0])) api[call[0]].apply(api, call[1]); });
})(/*SETTINGS*/{});
