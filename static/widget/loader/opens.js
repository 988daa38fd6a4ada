/** What the tag's attributes want at the beginning, a card that was left open, and the words that invite, once a visit. */

if (settings.mode === 'full' || said('render-mode') === 'fullscreen' || said('platform') === 'ios') narrow = { matches: true };
if (said('show-icon') === 'false' || said('render-mode') === 'fullscreen') veil(true);
if (said('auto-open') === 'true' && !reason) show(false);
if (left() && !opened && !reason) show(null);
if (settings.bubble) {
  setTimeout(function () {
    var key = PROPERTY + '_bubble';
    if (opened || gone || lifted() || attempt(function () { return win.sessionStorage.getItem(key); })) return;
    attempt(function () { win.sessionStorage.setItem(key, '1'); });
    bubble({ text: settings.bubble });
  }, settings.after * 1000);
}
