/** One call per browser: the documented key, a mirror of the frame's lock. */

var KEY = 'POLY_AI_POLYPHONE_CALL_ACTIVE', BEAT_MS = 5000, STALE_MS = 10000;

function stored() {
  return attempt(function () { return JSON.parse(win.localStorage.getItem(KEY)); }) || {};
}

function elsewhere() {
  var other = stored();
  return other.tab !== tab && Math.abs(Date.now() - other.at) < STALE_MS;
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

listen(win, 'storage', function (event) { if (event.key === KEY) tellPage(); });
listen(win, 'pagehide', function () { hold(false); });
