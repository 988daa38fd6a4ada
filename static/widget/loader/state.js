/** What the parts know together, and what they listen to. */

// What the visitor is told at the button: for good where there is a reason, else until the next press.
var reason = attempt(cannot, ''), trouble = settings.no[reason] || '';
win[PROPERTY] = settings.code;
if (reason) say(trouble);

/** @type {string} */
var origin = settings.frame.split('/', 3).join('/');
/** @type {any} */
var peer = null; // the frame's window since it has said that it is ready; another one once a page has moved the frame
var off = false; // the owner wants no button on this page
var opened = false, keys = false, sourced = false, gone = false, timer = '';
var connected = false, session = null, waiting = [], lastId = 0;
var results = Object.create(null), handlers = Object.create(null); // without a prototype: pages add to Object's own
var tab = Math.random(), beat = 0, watch = 0, late = 0, slow, back = 0, told = '', pause = 50, listeners = [];

function listen(target, names, run) {
  names.split(' ').forEach(function (name) { listeners.push([target, name, run]); });
}

/** On the way down, before the page's own; 'add', again where a page has rewritten its document, or 'remove'. */
function listening(how) {
  listeners.forEach(function (one) {
    attempt(function () { one[0][how + 'EventListener'](one[1], one[2], true); });
  });
}

function ready() {
  return peer && peer === frame.contentWindow;
}
