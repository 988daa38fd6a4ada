/** The mark of a tab that has a call or a chat: with it the next page of the tab asks for the frame at once, which goes on. */

function mark(how) {
  return attempt(function () { return win.sessionStorage[how + 'Item'](PROPERTY, settings.code) === settings.code; });
}
