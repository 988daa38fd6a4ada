/** What is a Chat's own: its place on the page's window, its drawing, its card. It needs a microphone only to go on aloud. */

var PROPERTY = '__pickup_chat', NAME = 'WebchatAPI', ALLOWS = 'autoplay; microphone', SIZE = 'width:380px;height:600px', BEAT_MS = 5000;
var GLYPH = 'M12 4.2c-4.6 0-8.2 3-8.2 6.9 0 2.1 1 4 2.8 5.3l-.5 3.4 3.7-1.9c.7.1 1.4.2 2.2.2 4.6 0 8.2-3.1 8.2-7s-3.6-6.9-8.2-6.9z';
var HIDDEN = 'no chat button: ';

function cannot() {
  return win.Promise && 'noModule' in doc.createElement('script') ? '' : 'UNSUPPORTED_BROWSER';
}

/** A chat holds no line. @param {boolean} held */
function hold(held) {}

function elsewhere() {
  return false;
}

/** What the tag itself says, read once: data-render-mode, data-platform and the like. */
var tag = attempt(function () { return doc.currentScript; }) || doc.createElement('script');

function said(name) {
  return tag.getAttribute('data-' + name);
}
