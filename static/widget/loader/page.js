/** The page's own objects, asked in a way that cannot fail. */

/** @type {any} */
var win = window;
var doc = document, root = doc.documentElement;

function say(words) {
  console.warn('Pickup: ' + words);
}

/** element.how(what, more), or nothing where the browser refuses it or knows no such thing. */
function use(element, how, what, more) {
  return attempt(function () { return element[how](what, more); });
}

/** What `run` gives, or `otherwise` where the browser refuses it. */
function attempt(run, otherwise) {
  try {
    return run();
  } catch (refused) {
    return otherwise;
  }
}
