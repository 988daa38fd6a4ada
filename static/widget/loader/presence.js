/** Launcher and frame stay on the page, whatever it does to its document. */

/**
 * What is not where it belongs, and where that is: on <html>, because pages replace their body. Even an empty frame costs
 * a page half of all that the tag does, so it comes with the first sign of intent; one that is moved begins anew.
 */
function missing() {
  root = doc.documentElement;
  return root ? [[host, over || root], [box, root], [frame, nest]].filter(function (pair) {
    return pair[0].parentNode !== pair[1] && (sourced || pair[0] === host);
  }) : [];
}

/** Pages silence all that is not their own dialog. */
function silent() {
  return [host, box, frame].filter(function (element) { return use(element, 'matches', '[inert],[aria-hidden]'); });
}

function away() {
  return missing().length || silent().length || (peer && !ready());
}

function remove(element) {
  use(element.parentNode, 'removeChild', element);
}

var SEEN = { childList: true, attributes: true, attributeFilter: ['inert', 'aria-hidden'] };
var eyes = attempt(function () { return new win.MutationObserver(tidied); });

/** What was taken comes back, each time later: two that tidy up after each other must not stop the page. */
function tidied() {
  settle();
  if (back || !away()) return;
  back = setTimeout(function () {
    back = 0;
    if (!away()) return;
    silent().forEach(function (element) { SEEN.attributeFilter.forEach(function (name) { element.removeAttribute(name); }); });
    listening('add');
    if (peer && !ready()) drop(); // the document that loads in its place goes on with the call
    paint();
  }, pause *= 2);
}
