/** What a Chat's button carries: how many answers wait, a few words that invite, and how it draws the eye. */

var badge = doc.createElement('span'), cloud = doc.createElement('div'), words = doc.createElement('button'), shut = doc.createElement('button'), shown = 0;

set(host, 'data-pickup', 'chat');
set(badge, 'role', 'status');
set(shut, 'aria-label', settings.close);
set(cloud, 'dir', 'auto');
shut.textContent = '\u00d7';
shell.appendChild(badge);
shell.insertBefore(cloud, button);
cloud.appendChild(words);
cloud.appendChild(shut);
number(0, '');
bubble(null);

function number(n, said) {
  badge.textContent = n ? String(n) : '';
  if (n) set(badge, 'aria-label', said);
  style(badge, 'all:initial;pointer-events:none;position:absolute;top:-4px;' + settings.side + ':-4px;display:' + (n ? 'block' : 'none') +
    ';min-width:24px;box-sizing:border-box;padding:0 7px;border-radius:12px;background:#16181d;color:#fff;box-shadow:0 0 0 2px #fff;font:600 12px/24px system-ui,sans-serif;text-align:center');
}

/** Words beside the button; a press on them opens the card. {text, durationMs}, or null. */
function bubble(given) {
  var text = given && given.text ? String(given.text).slice(0, 200) : '', plain = 'all:initial;cursor:pointer;color:inherit;font:inherit;';
  var night = settings.theme === 'dark' || (settings.theme !== 'light' && holds(dark));
  use(win, 'clearTimeout', shown);
  words.textContent = text;
  style(cloud, 'all:initial;position:absolute;bottom:calc(100% + 12px);' + settings.side + ':0;display:' + (text && !opened ? 'flex' : 'none') +
    ';width:max-content;max-width:min(300px,calc(100vw - 40px));align-items:flex-start;padding:12px 8px 12px 16px;border:1px solid #7d828d;border-radius:18px;box-shadow:0 12px 40px #1011143d;font:400 14px/1.5 system-ui,sans-serif;' +
    (night ? 'background:#191b20;color:#ededef' : 'background:#fff;color:#16181d'));
  style(words, plain + 'text-align:start;max-width:250px');
  style(shut, plain + 'padding:0 10px;font-size:18px');
  if (text && given.durationMs > 0) shown = setTimeout(function () { bubble(null); }, given.durationMs);
}

/** Heard before the press that opens the card. */
listen(win, 'click', function (event) {
  var pressed = attempt(function () { return event.composedPath()[0]; }, event.target);
  if (!use(host, 'contains', event.target)) return;
  bubble(null);
  if (pressed === shut) event.stopImmediatePropagation();
});

/** {type: bounce, grow or pulse, durationMs} */
function animate(given) {
  var how = (given || {}).type, ms = Math.min((given || {}).durationMs || 1000, 10000);
  var frames = {
    bounce: ['none', 'translateY(-12px)', 'none', 'translateY(-6px)', 'none'], grow: ['none', 'scale(1.25)', 'none'], pulse: ['none', 'scale(1.1)', 'none', 'scale(1.1)', 'none']
  }[how];
  demand(frames, 'type');
  if (!holds(calm) && button.animate) button.animate({ transform: frames }, { duration: ms });
}

/** The owner of the page shows no button of ours; the card opens all the same. */
function veil(on) {
  off = on;
  paint();
}

listen(win, 'message', function (event) {
  var message = event.data;
  if (event.origin !== origin || event.source !== frame.contentWindow || !message || message.pickup !== 1) return;
  if (message.type === 'ready') inform();
  if (message.type === 'unread') number(message.n, message.words);
  if (message.type === 'mark') mark(message.held ? 'set' : 'remove');
  if (message.type === 'ask') {
    Promise.resolve(attempt(function () { return signer(message.about); })).then(function (value) {
      tell({ type: 'answer', id: message.id, value: value });
    }, function () { tell({ type: 'answer', id: message.id, value: '' }); });
  }
});
