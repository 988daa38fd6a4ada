/** Launcher and frame stay on the page, whatever it does to its document. */

/**
 * What is not where it belongs: on <html>, because pages replace their body. Even an empty frame costs a page half of
 * all that the tag does, so it comes with the first sign of intent; one that is moved begins anew.
 */
function missing() {
  root = doc.documentElement;
  return root ? [host, frame].filter(function (element) { return element.parentNode !== root && (sourced || element === host); }) : [];
}

function away() {
  return missing().length || (peer && !ready());
}

function remove(element) {
  if (element.parentNode) element.parentNode.removeChild(element);
}

/** What was taken comes back, each time later: two that tidy up after each other must not stop the page. */
var eyes = new win.MutationObserver(function () {
  if (back || !away()) return;
  back = setTimeout(function () {
    back = 0;
    if (!away()) return;
    listening('add');
    if (peer && !ready()) drop(); // the document that loads in its place goes on with the call
    paint();
  }, pause *= 2);
});
