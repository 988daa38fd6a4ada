/** window.WebchatAPI (docs/chat-api.md). */

var EVENTS = 'Ready Open Closed SessionEnded MessageSent MessageReceived'.split(' ');
/** @type {any} */
var signer = null;
/** @type {any} */
var about = { user_: {}, '': {} }; // of the visitor and of the page, as the page has told

/** A plain copy of one level: names and texts, numbers, yes or no. */
function flat(data) {
  var text = JSON.stringify(data === undefined ? {} : data), copy;
  demand(/^{/.test(text), 'data');
  copy = JSON.parse(text);
  Object.keys(copy).forEach(function (name) { demand(!copy[name] || typeof copy[name] !== 'object', 'data'); });
  return copy;
}

function known() {
  var all = {};
  Object.keys(about).forEach(function (kind) {
    Object.keys(about[kind]).forEach(function (name) { all[kind + name] = about[kind][name]; });
  });
  return all;
}

/** To the frame, where there is one: what it does not know yet it is told when it comes. */
function inform() {
  var full = said('render-mode') === 'fullscreen', ios = said('platform') === 'ios', header = said('show-header');
  tell({
    type: 'page', platform: said('platform') ? said('platform') + '-web' : 'web', signs: !!signer, data: known(),
    header: header ? header !== 'false' : !ios, minimise: !(full || ios)
  });
}

function command(name) {
  return new Promise(function (resolve, reject) {
    var id = ++lastId;
    if (!sourced) return resolve(null);
    results[id] = { resolve: resolve, reject: reject };
    waiting.push({ type: 'command', id: id, name: name, args: [] });
    ask();
  });
}

var api = {
  openWidget: function () {
    show(false);
    yielded();
  },
  closeWidget: function () { hide(); },
  endSession: function () { return command('endSession'); },
  getConfig: function () {
    return { code: settings.code, name: settings.name, theme: settings.theme, side: settings.side, label: settings.label };
  },
  isFullscreen: function () { return !!(opened && holds(narrow)); },
  showIcon: function () { veil(false); },
  hideIcon: function () { veil(true); },
  animateIcon: animate,
  showBubble: bubble,
  hideBubble: function () { bubble(null); },
  identifyUser: function (user) {
    about.user_ = flat(user);
    inform();
  },
  setContext: function (data) {
    about[''] = flat(data);
    inform();
  },
  onContextRequired: function (handler) {
    demand(typeof handler === 'function', 'handler');
    signer = handler;
    inform();
  },
  refreshVerifiedContext: function () { if (signer) command('refreshVerifiedContext'); },
  off: function (name, handler) {
    handlers[name] = (handlers[name] || []).filter(function (other) { return other !== handler; });
  },
  destroy: function () {
    signer = null;
    end();
    return win.Promise && Promise.resolve();
  }
};

EVENTS.forEach(function (name) {
  api['on' + name] = function (handler) {
    var key = name[0].toLowerCase() + name.slice(1);
    demand(typeof handler === 'function', 'handler');
    (handlers[key] = handlers[key] || []).push(handler);
    if (name === 'Ready') setTimeout(function () { if (!gone) handler(); });
  };
});
