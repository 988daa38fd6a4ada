/** May this page show the launcher? */

/** Every page around this one must be of the same origin: one of another site could lay itself over the card. */
function framed() {
  return attempt(function () {
    if (win.origin === 'null') return true;
    for (var at = win; at !== at.parent; at = at.parent) if (at.parent.location.origin !== win.location.origin) return true;
  }, true);
}

/** Says in the console why not; nothing where this widget has its launcher already. */
function allowed() {
  if (win[PROPERTY]) return win[PROPERTY] !== settings.code && say(HIDDEN + 'this page has another');
  if (framed()) return say(HIDDEN + 'inside a frame of another site');
  return listed(win.location) || say(HIDDEN + win.location.host + ' is not among its domains');
}
