/** The frame with the card in it: asked for, opened, closed, lost. */

var QUIET_MS = 5000;

function tell(message) {
  message.pickup = 1;
  if (ready()) peer.postMessage(message, origin);
}

function tellOpen() {
  tell({ type: 'open', keyboard: keys });
  if (keys !== null) use(frame, 'focus');
}

function tellPage() {
  tell({ type: 'page', full: holds(narrow), reducedMotion: holds(calm), elsewhere: elsewhere() });
}

function redraw() {
  paint();
  tellPage();
}

/** Somebody wants to call: only now the frame gets its address, and the server its first request. */
function source() {
  if (sourced || trouble || gone) return;
  sourced = true;
  [box, roof].forEach(function (element) { style(element, 'all:initial;display:contents'); });
  frame.src = settings.frame + '?host=' + encodeURIComponent(win.location.origin);
  paint();
}

/** The page is one that cannot, or the card one that did not come: kept among the conversations, for only this page knows. */
function report(code) {
  if (told !== code) use(navigator, 'sendBeacon', origin + '/api/v1/widget/unreached', settings.code + ' ' + code);
  told = code;
}

/** @param {boolean | null} [keyboard]  null: nobody has pressed anything, so the focus stays where it is */
function show(keyboard) {
  if (reason) return report(reason);
  trouble = '';
  source();
  opened = true;
  keys = keyboard;
  redraw();
  tellOpen();
  // Nobody is left with a turning ring alone. The card is waited for all the same: an answer without a document (204, a
  // download) looks like one that is slow.
  slow = setTimeout(function () {
    if (opened && !ready()) {
      trouble = settings.no.FRAME_UNREACHABLE;
      paint();
    }
  }, 15000);
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
  use(button, 'focus');
}

/** What the frame was asked is not answered any more, and its line is gone. */
function drop() {
  var error = unreached();
  waiting = [];
  peer = null;
  Object.keys(results).forEach(function (id) { answer(id, 'reject', error); });
  if (connected) fire('disconnected', []);
  connected = false;
  session = null;
  return error;
}

/** The frame does not come: whoever waits for it is told why, as far as that was seen, and the next press tries again. */
function fail(code, why) {
  var wanted = opened || Object.keys(results).length, error = drop();
  sourced = opened = false;
  hold(false);
  remove(box);
  if (wanted) {
    say('No card' + why + origin);
    trouble = settings.no.FRAME_UNREACHABLE;
    report(code);
    fire('error', [error]);
  }
  paint();
}

