/** A Phone and a Chat in one corner stand in one row, the Chat outside; opening one closes the other. */

var wide = 0;
/** @type {any} */
var other = null;
var watching = attempt(function () { return new win.MutationObserver(turned); });

function neighbour() {
  return attempt(function () { return doc.querySelector('[data-pickup=launcher]'); });
}

/** The Phone's own button, once it is there. */
function phone() {
  var found = neighbour();
  return found && attempt(function () { return (found.shadowRoot || found).querySelector('[aria-expanded]'); });
}

/** The Phone's card stands open. */
function lifted() {
  return other && other.getAttribute('aria-expanded') === 'true';
}

function turned() {
  if (!lifted()) return;
  bubble(null);
  hide();
}

function reach() {
  var beside = neighbour(), shift = 0;
  wide = Math.max(wide, host.offsetWidth);
  if (beside && !gone && beside.style[settings.side] && host.style.display !== 'none') shift = wide + 12;
  if (shift !== (win.__pickupx | 0)) {
    win.__pickupx = shift;
    use(win, 'dispatchEvent', attempt(function () { return new win.Event('pickup'); }));
  }
  if (phone() !== other) {
    other = phone();
    use(watching, 'disconnect');
    if (other) use(watching, 'observe', other, { attributes: true, attributeFilter: ['aria-expanded'] });
  }
  if (gone) {
    clearInterval(rowing);
    use(watching, 'disconnect');
    use(rows, 'disconnect');
  }
}

/** The card of the other one makes room for this one. */
function yielded() {
  if (!opened || !lifted()) return;
  other.click();
  use(frame, 'focus');
}

listen(win, 'resize', function () { wide = 0; });
listen(button, 'click', yielded);
var rows = attempt(function () { return new win.MutationObserver(reach); });
use(rows, 'observe', root, { childList: true });
var rowing = use(win, 'setInterval', reach, BEAT_MS);
reach();
