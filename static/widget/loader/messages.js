/** What the frame says. */

function hear(message) {
  var type = message.type, name = message.name, args = [].concat(message.args || []), error = args[0] || message.error;
  if (error) error = problem(error.name, error.code, error.message);
  if (type === 'ready') {
    if (peer) drop();
    peer = frame.contentWindow;
    trouble = '';
    redraw();
    if (opened) tellOpen();
    ask();
  } else if (type === 'result') {
    answer(message.id, error ? 'reject' : 'resolve', error || message.value);
  } else if (type === 'event') {
    connected = name === 'registered' || connected && name !== 'disconnected';
    if (message.session !== undefined) session = message.session;
    fire(name, name === 'error' ? [error] : args);
  } else if (type === 'card') {
    timer = message.timer;
    if (message.open === false) hide();
    if (message.open && !opened) show();
    paint();
  } else if (type === 'lock') {
    hold(message.held);
    mark(message.held ? 'set' : 'remove');
  }
}

listen(win, 'message', function (event) {
  attempt(function () { // what makes no sense does nothing
    var message = event.data;
    if (event.origin !== origin || event.source !== frame.contentWindow || message.pickup !== 1) return;
    hear(message);
  });
});
