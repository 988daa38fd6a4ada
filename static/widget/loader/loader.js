/**
 * The script of the tag: the launcher on the customer's page, the frame behind it, and window.PolyphoneAPI.
 *
 * It imports nothing, asks for nothing before somebody shows that they want to call, and is ES5, so that browsers
 * which cannot make calls still read it and can say so. The server puts its parts where they are named, and the
 * widget's own settings where the marker is (widgets/delivery/script.py):
 *
 *   {code, frame, hosts, name, label, colours, theme, side, x, y, consent, back, no, pages, out, old}
 *
 * `frame` is the absolute address of the frame document, `hosts` what widgets/domains.py calls hashed(),
 * `colours` the accent and what is written on it in the light and the dark theme,
 * `theme` light, dark or auto, `side` right or left, `x` and `y` how far from it and from below, `consent` whether the card asks for consent first, `back` the
 * words for the way back to a running call, `no` what a visitor is told where there is no call, by code. Each is handed
 * over as a parameter of its own. A part that stands there "where" something is, is sent only to pages that have it:
 * `pages` is the pattern of paths that show the button, `out` where a press leads when there are no calls, `old` says
 * that the browser calls itself one that is too old.
 *
 * It is not strict: what a page has locked or frozen is left as it is, and nothing throws.
 */
(/** @param {any} settings */ function (settings) {
  // part: page.js
  // part: phone.js
  // part: listed.js
  // part: allowed.js
  if (!allowed()) return;
  // part: state.js
  // part: old.js where old
  // part: asking.js
  // part: api.js
  // part: card.js
  // part: messages.js
  // part: mark.js
  // part: lock.js
  // part: presence.js
  // part: surface.js
  // part: launcher.js
  // part: pages.js where pages
  // part: out.js where out
  // part: start.js
})(/*SETTINGS*/{});
