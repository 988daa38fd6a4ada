/**
 * The script of the tag: the launcher on the customer's page, the frame behind it, and window.PolyphoneAPI.
 *
 * It imports nothing, asks for nothing before somebody shows that they want to call, and is ES5, so that browsers
 * which cannot make calls still read it and can say so. The server puts the widget's own settings where the marker is:
 *
 *   {code, frame, salt, hosts, name, label, accent, onAccent, accentDark, onAccentDark, theme, side, consent, back}
 *
 * `frame` is the absolute address of the frame document, `hosts` what widgets/domains.py calls hashed(),
 * `theme` light, dark or auto, `side` right or left, `consent` whether the card asks for consent first, `back` the words for the
 * way back to a running call.
 */
(/** @param {any} settings */ function (settings) {
  'use strict';

  /** @type {any} */
  var win = window;
  var doc = document, root = doc.documentElement;
  var PROPERTY = '__pickup', KEY = 'POLY_AI_POLYPHONE_CALL_ACTIVE', BEAT_MS = 5000, LATE_MS = 10000;
  var COMMANDS = 'connect disconnect startCall endCall connectAndCall mute unmute sendInfo'.split(' ');
  var EVENTS = ('Ready Connecting Connected Disconnected Registered Unregistered Ringing Answered Ended Failed Muted Unmuted ' +
    'CaptureAudio AudioEnded InfoSent InfoReceived Transcription Error').split(' ');

  function say(words) {
    console.warn('Pickup: ' + words);
  }

  /** What `run` gives, or `otherwise` where the browser refuses it. */
  function attempt(run, otherwise) {
    try {
      return run();
    } catch (refused) {
      return otherwise;
    }
  }

  // ── May this page show the launcher? ─────────────────────────────────────────────────────────────────────────

  /** The first 16 hex digits of the SHA-256 of an ASCII text. Written out, because the browser's own is asynchronous and https only. */
  function sha256(text) {
    var k = [], h = [], n, i, j, block;
    function part(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
    for (n = 2; k.length < 64; n++) {
      for (i = 2; n % i; i++);
      if (i < n) continue;
      if (k.length < 8) h.push(part(Math.sqrt(n)));
      k.push(part(Math.pow(n, 1 / 3)));
    }
    var words = [], size = text.length;
    text += '\x80';
    for (i = 0; i <= size; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    words[((size + 8) >> 6) * 16 + 15] = size * 8;
    for (block = 0; block < words.length; block += 16) {
      var w = words.slice(block, block + 16), v = h.slice(), a, b;
      for (j = 0; j < 64; j++) {
        if (j > 15) {
          a = w[j - 15]; b = w[j - 2];
          w[j] = w[j - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[j - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
        }
        a = (v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[j] + (w[j] |= 0)) | 0;
        b = ((turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
        v = [(a + b) | 0, v[0], v[1], v[2], (v[3] + a) | 0, v[4], v[5], v[6]];
      }
      for (j = 0; j < 8; j++) h[j] = (h[j] + v[j]) | 0;
    }
    for (i = 0, n = ''; i < 2; i++) n += ('0000000' + (h[i] >>> 0).toString(16)).slice(-8);
    return n;
  }

  /** The host itself (with = where the list means no other), then each parent domain; an address of digits only as it is. */
  function listed(location) {
    var host = location.hostname.replace(/\.$/, ''), port = location.port || (location.protocol === 'http:' ? '80' : '443');
    var names = ['=' + host, host], at;
    for (at = host; !/^[\d.]+$|:/.test(host) && at.indexOf('.') > 0;) names.push((at = at.slice(at.indexOf('.') + 1)));
    return names.some(function (name) {
      return [name, name + ':' + port].some(function (claim) {
        return settings.hosts.indexOf(sha256(settings.salt + claim)) >= 0;
      });
    });
  }

  /** Every page around this one must be of the same origin: one of another site could lay itself over the card. */
  function framed() {
    return win.origin === 'null' || attempt(function () {
      for (var at = win; at !== at.parent; at = at.parent) if (at.parent.location.origin !== win.location.origin) return true;
    }, true);
  }

  function cannot() {
    if (win.isSecureContext === false) return 'Calls need a secure page (https)';
    return win.Promise && win.RTCPeerConnection && 'noModule' in doc.createElement('script') ? '' : 'Calls need a newer browser';
  }

  if (win[PROPERTY]) {
    if (win[PROPERTY] !== settings.code) say('the call button is not shown: this page has another');
    return;
  }
  if (framed()) return say('the call button is not shown inside a frame of another site');
  if (!listed(win.location)) return say('the call button is not shown: ' + win.location.host + ' is not among the widget\u2019s domains');
  var reason = cannot();
  win[PROPERTY] = settings.code;
  if (reason) say(reason);

  // ── State ────────────────────────────────────────────────────────────────────────────────────────────────────

  var origin = settings.frame.replace(/^(https?:\/\/[^/]+).*/, '$1');
  // Without a prototype: pages add to Object's own.
  var empty = function () { return Object.create(null); };
  /** @type {any} */
  var peer = null; // the frame's window since it has said that it is ready; another one once a page has moved the frame
  var open = false, keys = false, sourced = false, gone = false, timer = '';
  var connected = false, session = null, waiting = [], results = empty(), handlers = empty(), lastId = 0;
  var tab = Math.random(), beat = 0, watch = 0, late = 0, back = 0, pause = 50, listeners = [];

  function listen(target, name, run) {
    listeners.push([target, name, run]);
  }

  /** 'add', again where a page has rewritten its document, or 'remove'. */
  function listening(how) {
    listeners.forEach(function (one) { one[0][how + 'EventListener'](one[1], one[2]); });
  }

  function ready() {
    return peer && peer === frame.contentWindow;
  }

  /** Styles one by one through the object model: no page policy forbids that, and no page style outranks it. */
  function style(element, rules) {
    rules.split(';').forEach(function (rule) {
      var at = rule.indexOf(':');
      element.style.setProperty(rule.slice(0, at), rule.slice(at + 1), 'important');
    });
  }

  var TALK = 'M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6zM14.2 7.3a3.2 3.2 0 0 1 2.5 2.5M14.6 3.5a7 7 0 0 1 5.9 5.9';
  var DOWN = 'M6 9.5l6 6 6-6';

  // ── Launcher and frame ───────────────────────────────────────────────────────────────────────────────────────

  var host = doc.createElement('div'), shell = host.attachShadow ? host.attachShadow({ mode: 'open' }) : host;
  var button = doc.createElement('button'), label = doc.createElement('span');
  var SVG = 'http://www.w3.org/2000/svg', picture = doc.createElementNS(SVG, 'svg'), line = doc.createElementNS(SVG, 'path');
  var frame = doc.createElement('iframe');
  var narrow = win.matchMedia('(max-width: 480px), (max-height: 480px)'), dark = win.matchMedia('(prefers-color-scheme: dark)');
  var calm = win.matchMedia('(prefers-reduced-motion: reduce)'), hover = false, ring = false;

  host.setAttribute('data-pickup', 'launcher');
  button.setAttribute('data-action', 'open');
  button.setAttribute('aria-haspopup', 'dialog');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.appendChild(line);
  button.appendChild(picture);
  button.appendChild(label);
  shell.appendChild(button);
  frame.setAttribute('allow', 'microphone; autoplay');
  frame.title = settings.name;
  if (reason) button.setAttribute('aria-disabled', 'true');

  function paint() {
    var night = settings.theme === 'dark' || (settings.theme !== 'light' && dark.matches);
    var small = narrow.matches, live = !open && timer, size = small ? 44 : 60, words = reason || live || (open ? '' : settings.label);
    var accent = night ? settings.accentDark : settings.accent, face = accent, ink = night ? settings.onAccentDark : settings.onAccent;
    var shadow = '0 0 0 1px #7d828d29,0 12px 40px #1011143d';
    var fixed = 'all:initial;position:fixed;z-index:10000;';
    if (reason || live) {
      face = night ? '#191b20' : '#fff';
      ink = night ? '#ededef' : '#16181d';
    }
    // A browser without env() drops such a rule and keeps the one before it.
    var inset = function (at, px) { return at + ':' + px + 'px;' + at + ':calc(' + px + 'px + env(safe-area-inset-' + at + ',0px));'; };

    style(host, fixed + inset(settings.side, 20) + inset('bottom', 20) + 'display:' + (open && small && ready() ? 'none' : 'block'));
    style(button, 'all:initial;box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;border-radius:30px;border:1px solid #7d828d' +
      ';min-width:' + size + 'px;height:' + size + 'px;padding:' + (words ? '0 22px 0 18px' : '0') + ';background:' + face + ';color:' + ink +
      ';cursor:' + (reason ? 'default' : 'pointer') + ';font:500 16px/1 system-ui,sans-serif;font-variant-numeric:tabular-nums;box-shadow:' + (ring ? '0 0 0 3px #fff,0 0 0 6px #16181d;outline:3px solid transparent' : shadow) +
      ';transition:transform 160ms ease-out;transform:' + (hover && !reason && !calm.matches ? 'translateY(-2px)' : 'none'));
    // WebKit tells of no click when what was pressed is gone by then, and drawing and words are written anew.
    style(picture, 'pointer-events:none;display:block;width:28px;height:28px;fill:none;stroke:' + (live ? accent : 'currentColor') +
      ';stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round');
    style(label, 'pointer-events:none;margin-left:10px;white-space:nowrap;display:' + (words ? 'inline' : 'none'));
    label.textContent = words;
    line.setAttribute('d', open ? DOWN : TALK);
    button.setAttribute('aria-expanded', '' + open);
    button.setAttribute('aria-label', reason || (live ? settings.back : settings.label || settings.name));

    style(frame, fixed + 'border:0;display:block;visibility:' + (open && ready() ? 'visible' : 'hidden') + (small
      ? ';left:0;top:0;width:100%;height:100%'
      : ';' + inset(settings.side, 20) + inset('bottom', 96) + 'width:360px;height:520px;max-height:calc(100% - 116px);border-radius:20px;box-shadow:' + shadow));
    missing().forEach(function (element) { root.appendChild(element); });
    [doc, root].forEach(function (node) { if (node) eyes.observe(node, { childList: true }); });
  }

  /**
   * What is not where it belongs: on <html>, because pages replace their body. Even an empty frame costs a page half of
   * all that the tag does, so it comes with the first sign of intent; one that is moved begins anew.
   */
  function missing() {
    root = doc.documentElement;
    return root ? [host, frame].filter(function (element) { return element.parentNode !== root && (sourced || element === host); }) : [];
  }

  function away() {
    return missing().length || (peer && !ready());
  }

  function remove(element) {
    if (element.parentNode) element.parentNode.removeChild(element);
  }

  /** What was taken comes back, each time later: two that tidy up after each other must not stop the page. */
  var eyes = new win.MutationObserver(function () {
    if (back || !away()) return;
    back = setTimeout(function () {
      back = 0;
      if (!away()) return;
      listening('add');
      if (peer && !ready()) drop(); // the document that loads in its place goes on with the call
      paint();
    }, pause *= 2);
  });

  function tell(message) {
    message.pickup = 1;
    if (ready()) peer.postMessage(message, origin);
  }

  function tellOpen() {
    tell({ type: 'open', keyboard: keys });
    frame.focus();
  }

  function tellPage() {
    tell({ type: 'page', width: win.innerWidth, height: win.innerHeight, full: narrow.matches, reducedMotion: calm.matches, elsewhere: elsewhere() });
  }

  function redraw() {
    paint();
    tellPage();
  }

  /** Somebody wants to call: only now the frame gets its address, and the server its first request. */
  function source() {
    if (sourced || reason || gone) return;
    sourced = true;
    frame.src = settings.frame + '?host=' + encodeURIComponent(win.location.origin);
    paint();
  }

  function show(keyboard) {
    if (reason) return;
    source();
    if (!ready() && !late) {
      late = setTimeout(function () {
        say('the card does not load. Content-Security-Policy: frame-src must allow ' + origin);
        fail();
      }, LATE_MS);
    }
    open = true;
    keys = keyboard;
    redraw();
    tellOpen();
  }

  function hide() {
    if (!open) return;
    open = false;
    paint();
    tell({ type: 'close' });
    button.focus();
  }

  // ── One call per browser: the documented key, a mirror of the frame's lock ───────────────────────────────────

  function stored() {
    return attempt(function () { return JSON.parse(win.localStorage.getItem(KEY)); }) || {};
  }

  function elsewhere() {
    var other = stored();
    return other.tab !== tab && Math.abs(Date.now() - other.at) < LATE_MS;
  }

  /** Begins or ends the heartbeat. What storage refuses is not written: the frame's lock is what counts. */
  function hold(held) {
    clearInterval(beat);
    function write() {
      attempt(function () { win.localStorage.setItem(KEY, JSON.stringify({ tab: tab, at: Date.now() })); });
    }
    if (held) {
      beat = setInterval(write, BEAT_MS);
      write();
    } else if (stored().tab === tab) {
      win.localStorage.removeItem(KEY);
    }
  }

  /** "This tab is in a call": with it the next page of the tab asks for the frame at once, which goes on with the call. */
  function mark(how) {
    return attempt(function () { return win.sessionStorage[how + 'Item'](PROPERTY, settings.code) === settings.code; });
  }

  // ── window.PolyphoneAPI ──────────────────────────────────────────────────────────────────────────────────────

  function problem(name, code, words) {
    /** @type {any} */
    var error = new Error(words);
    error.name = name;
    error.code = code;
    return error;
  }

  function demand(met, words) {
    if (!met) throw new TypeError(words);
  }

  function fire(name, args) {
    (handlers[name] || []).slice().forEach(function (handler) {
      Promise.resolve().then(function () { handler.apply(null, args); }); // what one throws is no concern of the others
    });
  }

  /** What the frame was asked is not answered any more, and its line is gone. */
  function drop() {
    var pending = results, error = problem('NetworkError', 'FRAME_UNREACHABLE', 'There is no card');
    results = empty();
    waiting = [];
    peer = null;
    Object.keys(pending).forEach(function (id) { pending[id].reject(error); });
    if (connected) fire('disconnected', []);
    connected = false;
    session = null;
    return error;
  }

  /** The frame is not there: whoever waits for it is told, and the next press tries again. */
  function fail() {
    var error = drop();
    late = 0;
    sourced = open = false;
    hold(false);
    remove(frame);
    paint();
    fire('error', [error]);
  }

  function command(name, args) {
    if (reason) return win.Promise && Promise.reject(problem('NotSupportedError', win.isSecureContext === false ? 'INSECURE_PAGE' : 'UNSUPPORTED_BROWSER', reason));
    return new Promise(function (resolve, reject) {
      var id = ++lastId, activation = navigator.userActivation;
      if (/^connect/.test(name)) source();
      if (!sourced) return name === 'disconnect' ? resolve(null) : reject(problem('InvalidStateError', name === 'startCall' ? 'NOT_CONNECTED' : 'NO_CALL', 'There is no call'));
      if (name === 'connectAndCall' || (name === 'connect' && settings.consent)) show();
      results[id] = { resolve: resolve, reject: reject };
      waiting.push({ type: 'command', id: id, name: name, args: args, gesture: !activation || activation.hasBeenActive });
      ask();
    });
  }

  /** Commands wait for the frame. */
  function ask() {
    while (ready() && waiting.length) tell(waiting.shift());
  }

  var api = {
    isConnected: function () { return connected; },
    getCurrentSession: function () { return session; },
    off: function (name, handler) {
      handlers[name] = (handlers[name] || []).filter(function (other) { return other !== handler; });
    },
    destroy: function () {
      function end() {
        if (gone) return;
        gone = true;
        sourced = false;
        listening('remove');
        eyes.disconnect();
        [watch, late, back].forEach(clearTimeout);
        hold(false);
        mark('remove');
        drop();
        [host, frame].forEach(remove);
        delete win[PROPERTY];
        if (win.PolyphoneAPI === api) delete win.PolyphoneAPI;
      }
      if (!win.Promise) return end();
      if (!ready()) return Promise.resolve(end());
      // The frame says goodbye to the server first; one that no longer answers is not waited for.
      return Promise.race([command('disconnect', []), new Promise(function (resolve) { setTimeout(resolve, 1000); })]).then(end, end);
    }
  };
  COMMANDS.forEach(function (name) {
    api[name] = function (text, data) {
      if (name === 'sendInfo') {
        // A plain copy: what cannot cross to the frame throws here. A function has no JSON at all.
        var copy = JSON.stringify(data === undefined ? {} : data);
        demand(typeof text === 'string', 'sendInfo: text is not a string');
        demand(/^{/.test(copy), 'sendInfo: data is not an object');
      }
      return command(name, copy ? [text, JSON.parse(copy)] : []);
    };
  });
  EVENTS.forEach(function (name) {
    api['on' + name] = function (handler) {
      var key = name.charAt(0).toLowerCase() + name.slice(1);
      demand(typeof handler === 'function', 'on' + name + ': handler is not a function');
      (handlers[key] = handlers[key] || []).push(handler);
      if (name === 'Ready') setTimeout(function () { if (!gone) handler(); });
    };
  });

  // ── What the frame says ──────────────────────────────────────────────────────────────────────────────────────

  function hear(message) {
    var type = message.type, name = message.name, args = [].concat(message.args || []), error = args[0] || message.error;
    if (error) error = problem(error.name, error.code, error.message);
    if (type === 'ready') {
      clearTimeout(late);
      late = 0;
      if (peer) drop();
      peer = frame.contentWindow;
      redraw();
      if (open) tellOpen();
      ask();
    } else if (type === 'result' && results[message.id]) {
      if (error) results[message.id].reject(error);
      else results[message.id].resolve(message.value);
      delete results[message.id];
    } else if (type === 'event') {
      if (name === 'registered') connected = true;
      if (name === 'disconnected') connected = false;
      if (message.session !== undefined) session = message.session;
      fire(name, name === 'error' ? [error] : args);
    } else if (type === 'card') {
      timer = message.timer;
      if (message.open === false) hide();
      if (message.open && !open) show();
      paint();
    } else if (type === 'lock') {
      hold(message.held);
      mark(message.held ? 'set' : 'remove');
    }
  }

  listen(win, 'message', function (event) {
    var message = event.data;
    if (event.origin !== origin || event.source !== frame.contentWindow || !message || message.pickup !== 1) return;
    attempt(function () { hear(message); }); // what makes no sense does nothing
  });
  listen(button, 'mouseenter', function () { hover = true; source(); paint(); });
  listen(button, 'touchstart', source);
  listen(button, 'mouseleave', function () { hover = false; paint(); });
  listen(button, 'focus', function () {
    ring = attempt(function () { return button.matches(':focus-visible'); }, true);
    source();
    paint();
  });
  listen(button, 'blur', function () { ring = false; paint(); });
  listen(button, 'click', function (event) { if (open) hide(); else show(!event.detail); });
  listen(button, 'keydown', function (event) { if (event.key === 'Escape') hide(); });
  listen(win, 'resize', redraw);
  [dark, calm].forEach(function (query) { if (query.addEventListener) listen(query, 'change', redraw); });
  listen(win, 'storage', function (event) { if (event.key === KEY) tellPage(); });
  listen(win, 'pagehide', function () { hold(false); });
  listen(win, 'pageshow', function (event) {
    if (event.persisted && mark('get')) hold(true);
    redraw();
  });
  watch = setInterval(function () { if (open) tellPage(); }, BEAT_MS);

  listening('add');
  paint();
  if (mark('get')) source();

  // Calls made before this script was there: the one-line stub of docs/page-api.md keeps them in q.
  var early = win.PolyphoneAPI && win.PolyphoneAPI.q;
  win.PolyphoneAPI = api;
  if (early) early.forEach(function (call) { if (api.hasOwnProperty(call[0])) api[call[0]].apply(api, call[1]); });
})(/*SETTINGS*/{});
