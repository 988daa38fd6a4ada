/** A card that was open when this tab left the last page, by a reload or a link, is open on the next one. */

var LEFT = PROPERTY + '_open ' + settings.code, CHAT_MS = 600000; // as long as a chat lasts that nobody writes in

/** Told once: what a tab is copied from must not open in the copy. */
function left() {
  return attempt(function () {
    var at = win.sessionStorage.getItem(LEFT);
    win.sessionStorage.removeItem(LEFT);
    return Date.now() - at < CHAT_MS;
  });
}

listen(win, 'pagehide', function () {
  if (opened) attempt(function () { win.sessionStorage.setItem(LEFT, Date.now()); });
});
