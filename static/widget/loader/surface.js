/**
 * Button and card within reach, whatever the page has put over everything.
 *
 * Under a modal dialog and around an element in full screen all is dead, popovers too; only what stands inside lives, and
 * a modal dialog that was opened later. So the launcher goes into the page's modal, and the card, which must never be
 * moved, stands in a dialog of its own from the start, which is opened above the page's. Nobody is asked what covers
 * them: a press is tried, and what does not get it is lifted.
 */

/** @type {any} */
var over = null; // the page's modal that the launcher stands in
var block = null; // the page's modal that the card stands above
var DEAD = ':modal,[inert]';
var busy = false;

/**
 * What gets a press that is meant for the element, near its lower edge, where the card has its buttons. The root itself
 * gets it when the page is inert, or is being drawn anew (a view transition), which is no matter of ours.
 */
function cover(element) {
  var box = element.getBoundingClientRect(), hit = doc.elementFromPoint(box.left + box.width / 2, box.top + box.height * 0.9);
  return element.contains(hit) || hit === root && !use(root, 'matches', DEAD) ? null : hit;
}

function lower(element) {
  use(element, 'hidePopover');
  use(element, 'close');
}

function lift(element) {
  lower(element);
  element.setAttribute('popover', 'manual');
  use(element, 'showPopover');
}

function place(modal) {
  over = modal;
  (over || root).appendChild(host);
}

function settleCard() {
  var focused = doc.activeElement === frame, hit;
  if (!opened || !ready()) return sourced && lower(roof);
  if (!cover(frame) && (!block || use(block, 'matches', DEAD))) return;
  block = null;
  lower(roof);
  if (cover(frame)) lift(roof);
  hit = cover(frame);
  if (hit) {
    lower(roof);
    block = use(hit, 'closest', DEAD);
    use(roof, 'showModal');
  }
  if (focused) frame.focus();
}

function settleLauncher() {
  var hit, modal;
  if (over && !use(over, 'matches', ':modal')) place(null);
  hit = host.style.display !== 'none' && cover(host);
  if (!hit || hit === box) return; // a press beside the card puts it away, and this is beside it
  modal = use(hit, 'closest', ':modal') || null;
  if (modal !== over) place(modal);
  // What merely has a higher z-index was put there by somebody who knows why, but a call must be within reach.
  if (over || timer || use(hit, 'closest', ':popover-open')) lift(host);
}

/**
 * Both within reach; and back, where the page took them away. What is moved loses the focus, which must not begin this anew.
 * To ask what covers the button of a page that is still loading makes the browser lay it out once more: half of all that the
 * tag costs. It is drawn anew when the page has loaded, and everything that happens before then looks as well.
 */
function settle(all) {
  if (busy) return;
  busy = true;
  attempt(function () {
    if (all) missing().forEach(function (pair) { pair[1].appendChild(pair[0]); });
    settleCard();
    if (!all || doc.readyState === 'complete') settleLauncher();
  });
  busy = false;
}
