/** window.PolyphoneAPI (docs/page-api.md): commands go to the frame, what it tells goes to the page's handlers. */

var COMMANDS = 'connect disconnect startCall endCall connectAndCall mute unmute sendInfo'.split(' ');
var EVENTS = 'Ready Connecting Connected Disconnected Registered Unregistered Ringing Answered Ended Failed Muted Unmuted CaptureAudio AudioEnded InfoSent InfoReceived Transcription Error'.split(' ');

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
      var error = problem('InvalidStateError', name === 'startCall' ? 'NOT_CONNECTED' : 'NO_CALL', 'No line is open');
      fire('error', [error]);
      return reject(error);
    }
    if (name === 'connectAndCall' || (name === 'connect' && settings.consent)) show();
    results[id] = { resolve: resolve, reject: reject };
    waiting.push({ type: 'command', id: id, name: name, args: args, gesture: !activation || activation.hasBeenActive });
    ask();
  });
}

var api = {
  isConnected: function () { return connected; },
  getCurrentSession: function () { return session; },
  off: function (name, handler) {
    handlers[name] = (handlers[name] || []).filter(function (other) { return other !== handler; });
  },
  destroy: function () {
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
