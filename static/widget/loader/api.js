/** window.PolyphoneAPI (docs/page-api.md): commands go to the frame, what it tells goes to the page's handlers. */

var COMMANDS = 'connect disconnect startCall endCall connectAndCall mute unmute sendInfo'.split(' ');
var EVENTS = 'Ready Connecting Connected Disconnected Registered Unregistered Ringing Answered Ended Failed Muted Unmuted CaptureAudio AudioEnded InfoSent InfoReceived Transcription Error'.split(' ');

var ANSWER_MS = 15000, asked = 0;

function problem(name, code, words) {
  /** @type {any} */
  var error = new Error(words);
  error.name = name;
  error.code = code;
  return error;
}

/** What the frame was asked is answered, once. */
function answer(id, how, value) {
  use(results[id], how, value);
  delete results[id];
}

function unreached() {
  return problem('NetworkError', 'FRAME_UNREACHABLE', 'There is no card');
}

function demand(met, what) {
  if (!met) throw new TypeError('Wrong ' + what);
}

function fire(name, args) {
  (handlers[name] || []).slice().forEach(function (handler) {
    Promise.resolve().then(function () { handler.apply(null, args); }); // what one throws is no concern of the others
  });
}

function command(name, args) {
  if (reason) {
    report(reason);
    return win.Promise && Promise.reject(problem('NotSupportedError', reason, trouble));
  }
  return new Promise(function (resolve, reject) {
    var id = ++lastId, activation = navigator.userActivation;
    if (/^connect/.test(name)) {
      trouble = '';
      source();
    }
    if (!sourced && name === 'disconnect') return resolve(null);
    if (!sourced) {
      var error = problem('InvalidStateError', name === 'startCall' ? 'NOT_CONNECTED' : 'NO_CALL', 'There is no call');
      fire('error', [error]);
      return reject(error);
    }
    if (name === 'connectAndCall' || (name === 'connect' && settings.consent)) show();
    results[id] = { resolve: resolve, reject: reject };
    waiting.push({ type: 'command', id: id, name: name, args: args, gesture: !activation || activation.hasBeenActive });
    ask();
  });
}

/** Commands wait for the frame, but not for ever; it may still come, and what was given up is not done then. */
function ask() {
  while (ready() && waiting.length) tell(waiting.shift());
  if (waiting.length && !asked) {
    asked = setTimeout(function () {
      asked = 0;
      waiting.splice(0).forEach(function (message) { answer(message.id, 'reject', unreached()); });
    }, ANSWER_MS);
  }
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
      use(eyes, 'disconnect');
      [watch, late, back, asked].forEach(clearTimeout);
      hold(false);
      mark('remove');
      drop();
      [host, box].forEach(remove);
      delete win[PROPERTY];
      if (win.PolyphoneAPI === api) delete win.PolyphoneAPI;
    }
    if (!ready()) {
      end();
      return win.Promise && Promise.resolve();
    }
    // The frame says goodbye to the server first; one that no longer answers is not waited for.
    return Promise.race([command('disconnect', []), new Promise(function (resolve) { setTimeout(resolve, 1000); })]).then(end, end);
  }
};
COMMANDS.forEach(function (name) {
  api[name] = function (text, data) {
    if (name === 'sendInfo') {
      // A plain copy: what cannot cross to the frame throws here. A function has no JSON at all.
      var copy = JSON.stringify(data === undefined ? {} : data);
      demand(typeof text === 'string', 'text');
      demand(/^{/.test(copy), 'data');
    }
    return command(name, copy ? [text, JSON.parse(copy)] : []);
  };
});
EVENTS.forEach(function (name) {
  api['on' + name] = function (handler) {
    var key = name[0].toLowerCase() + name.slice(1);
    demand(typeof handler === 'function', 'handler');
    (handlers[key] = handlers[key] || []).push(handler);
    if (name === 'Ready') setTimeout(function () { if (!gone) handler(); });
  };
});
