/** Only some of the site's pages have the button: it comes and goes as a page without reloads changes its address. */

function turn() {
  var now = !RegExp(settings.pages).test(win.location.pathname);
  if (gone) clearInterval(turning);
  else if (now !== off) {
    off = now;
    paint();
  }
}

listen(win.navigation, 'navigatesuccess', turn);
var turning = setInterval(turn, BEAT_MS); // where the browser does not tell
turn();
