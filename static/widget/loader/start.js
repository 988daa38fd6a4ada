/** What a visitor and the page do, and the beginning. */

listen(button, 'mouseenter', function () { hover = true; source(); paint(); });
listen(button, 'touchstart', source);
listen(button, 'mouseleave', function () { hover = false; paint(); });
listen(button, 'focus', function () {
  ring = attempt(function () { return button.matches(':focus-visible'); }, true);
  source();
  paint();
});
listen(button, 'blur', function () { ring = false; paint(); });
listen(button, 'click', function (event) { if (opened) hide(); else show(!event.detail); });
listen(button, 'keydown', function (event) { if (event.key === 'Escape') hide(); });
listen(win, 'resize', redraw);
[dark, calm].forEach(function (query) { if (query.addEventListener) listen(query, 'change', redraw); });
listen(win, 'storage', function (event) { if (event.key === KEY) tellPage(); });
listen(win, 'pagehide', function () { hold(false); });
listen(win, 'pageshow', function (event) {
  if (event.persisted && mark('get')) hold(true);
  redraw();
});
watch = setInterval(function () { if (opened) tellPage(); }, BEAT_MS);

listening('add');
paint();
if (mark('get')) source();

// Calls made before this script was there: the one-line stub of docs/page-api.md keeps them in q.
var early = win.PolyphoneAPI && win.PolyphoneAPI.q;
win.PolyphoneAPI = api;
if (early) early.forEach(function (call) { if (api.hasOwnProperty(call[0])) api[call[0]].apply(api, call[1]); });
