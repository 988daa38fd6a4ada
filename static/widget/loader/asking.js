/** What the page asks of the frame, and what it is told: answers, errors, events. */

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
  return problem('NetworkError', 'FRAME_UNREACHABLE', 'No card');
}

function demand(met, what) {
  if (!met) throw new TypeError('Wrong ' + what);
}

function fire(name, args) {
  (handlers[name] || []).slice().forEach(function (handler) {
    Promise.resolve().then(function () { handler.apply(null, args); }); // what one throws is no concern of the others
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

/** Button, card and all that listens are off the page. */
function end() {
  if (gone) return;
  gone = true;
  sourced = false;
  listening('remove');
  use(eyes, 'disconnect');
  [watch, late, slow, back, asked].forEach(clearTimeout);
  hold(false);
  mark('remove');
  drop();
  [host, box].forEach(remove);
  delete win[PROPERTY];
  if (win[NAME] === api) delete win[NAME];
}
