/** The frame with the card in it: asked for, opened, closed, lost. */

var LATE_MS = 10000;

function tell(message) {
  message.pickup = 1;
  if (ready()) peer.postMessage(message, origin);
}

function tellOpen() {
  tell({ type: 'open', keyboard: keys });
  frame.focus();
}

function tellPage() {
  tell({ type: 'page', full: narrow.matches, reducedMotion: calm.matches, elsewhere: elsewhere() });
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
  opened = true;
  keys = keyboard;
  redraw();
  tellOpen();
}

function hide() {
  if (!opened) return;
  opened = false;
  paint();
  if (timer && cover(host)) {
    // Nothing else of the call could be reached.
    opened = true;
    return paint();
  }
  tell({ type: 'close' });
  button.focus();
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
  sourced = opened = false;
  hold(false);
  remove(box);
  paint();
  fire('error', [error]);
}
