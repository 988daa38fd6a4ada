/** What is a Phone's own: its place on the page's window, its drawing, its card, and the browsers that can make calls. */

var PROPERTY = '__pickup'; // on the page's window: the widget that has its launcher here
var GLYPH = 'M6.3 4h2a1.6 1.6 0 0 1 1.6 1l.8 2.4a1.6 1.6 0 0 1-.4 1.6L9 10.2A11.6 11.6 0 0 0 13.8 15l1.3-1.3a1.6 1.6 0 0 1 1.6-.4l2.3.8a1.6 1.6 0 0 1 1 1.6v2a2.4 2.4 0 0 1-2.5 2.4A14.6 14.6 0 0 1 4 6.5 2.4 2.4 0 0 1 6.3 4zM14.2 7.3a3.2 3.2 0 0 1 2.5 2.5M14.6 3.5a7 7 0 0 1 6 6';
var NAME = 'PolyphoneAPI', ALLOWS = 'microphone; autoplay', SIZE = 'width:360px;height:520px';
var HIDDEN = 'no call button: ';

function cannot() {
  return win.isSecureContext === false ? 'INSECURE_PAGE' : win.Promise && win.RTCPeerConnection && 'noModule' in doc.createElement('script') ? '' : 'UNSUPPORTED_BROWSER';
}
