/**
 * The script of a Chat's tag: the launcher on the customer's page, the frame behind it, and window.WebchatAPI.
 *
 * What loader.js says of a Phone's holds here, too, and most parts are the same. Its own settings beside those:
 * `bubble`, words that invite after so many seconds (`after`), and `close`, what the button beside them is called.
 */
(/** @param {any} settings */ function (settings) {
  // part: page.js
  // part: chatter.js
  // part: listed.js
  // part: allowed.js
  if (!allowed()) return;
  // part: state.js
  // part: old.js where old
  // part: asking.js
  // part: webchat.js
  // part: card.js
  // part: messages.js
  // part: mark.js
  // part: presence.js
  // part: surface.js
  // part: launcher.js
  // part: badge.js
  // part: moved.js
  // part: row.js
  // part: left.js
  // part: pages.js where pages
  // part: out.js where out
  // part: start.js
  // part: opens.js
})(/*SETTINGS*/{});
