/** What a visitor and the page do, and the beginning. */

/**
 * Heard before the page hears it: what keeps the focus in the page's dialog must not take it from button and card, and a
 * press on a button in that dialog is none on the dialog.
 */
listen(win, 'pointerdown mousedown focus focusin click', function (event) {
  var type = event.type, ours = event.target === host || use(host, 'contains', event.target);
  if (ours || use(box, 'contains', event.target)) {
    if (over || /^f/.test(type)) event.stopImmediatePropagation();
    source();
    if (type === 'click') {
      // Beside the card that stands above the page's modal: whoever presses there wants that.
      if (opened) hide();
      else show(!event.detail);
    } else if (ours && type === 'focus') {
      ring = attempt(function () { return button.matches(':focus-visible'); }, true);
      paint();
    }
  } else if (type === 'focusin') settle();
});
listen(button, 'keydown', function (event) { if (event.key === 'Escape') hide(); });
listen(button, 'mouseenter', function () { hover = true; source(); paint(); });
listen(button, 'mouseleave', function () { hover = false; paint(); });
listen(button, 'blur', function () { ring = false; paint(); });
// Slow is no failure. A document that is there and says nothing is one, as are a policy's refusal and a browser's own page.
listen(frame, 'load', function () {
  clearTimeout(late);
  late = setTimeout(function () {
    if (sourced && !ready()) fail('FRAME_UNREACHABLE', ': no answer from ');
  }, QUIET_MS);
});
listen(win, 'securitypolicyviolation', function (event) {
  if (sourced && !ready() && event.disposition !== 'report' && event.blockedURI.indexOf(origin) === 0) {
    fail('FRAME_BLOCKED', ': CSP frame-src must allow ');
  }
});
listen(win, 'resize pickup', redraw);
listen(dark, 'change', redraw);
listen(calm, 'change', redraw);
listen(paper, 'change', paint);
listen(win, 'pageshow', function (event) {
  if (!event.persisted) return settle();
  if (mark('get')) hold(true);
  redraw();
});
listen(win, 'toggle close fullscreenchange', function (event) {
  if (event.target === host) return;
  if (!over) lower(host);
  settle();
});
watch = use(win, 'setInterval', function () {
  block = block || root; // what could not be seen to go may have gone
  settle();
  if (opened) tellPage();
}, BEAT_MS);

listening('add');
paint();
if (mark('get')) source();

// Calls made before this script was there: the one-line stub of docs/page-api.md keeps them in q.
var early = (win[NAME] || {}).q;
win[NAME] = api;
if (early) early.forEach(function (call) { if (api[call[0]]) api[call[0]].apply(api, call[1]); });
