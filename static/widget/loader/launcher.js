/** The button on the page, and how button and frame look. */

/**
 * Through the object model, which no page policy forbids, and each important, so that no page style outranks it; but for
 * the parts of a shadow tree, which a page reaches by ::part alone, and then it means it.
 */
function style(element, rules, part) {
  element.style.cssText = part && shell !== host ? rules : rules.replace(/;|$/g, '!important;');
}

/** What it says to those who listen, and to styles; where a browser refuses that, it is a button all the same. */
function set(element, name, value) {
  use(element, 'setAttribute', name, value);
}

var DOWN = 'M6 9.5l6 6 6-6', ROUND = 'M12 4a8 8 0 1 0 8 8';

// ── Launcher and frame ───────────────────────────────────────────────────────────────────────────────────────

// In a shadow tree page styles do not reach them. Browsers and pages that have none get plain elements; pages may also
// have taken away media queries.
var host = doc.createElement('div'), shell = use(host, 'attachShadow', { mode: 'open' }) || host;
var button = doc.createElement('button'), label = doc.createElement('span');
var SVG = 'http://www.w3.org/2000/svg', picture = doc.createElementNS(SVG, 'svg'), line = doc.createElementNS(SVG, 'path');
/** @type {any} */
var roof = doc.createElement('dialog');
var box = doc.createElement('div'), loft = use(box, 'attachShadow', { mode: 'open' }) || box, nest = loft === box ? roof : box;
var frame = doc.createElement('iframe'), hover = false, ring = false;

/** Whether a media query holds; where the browser does not tell, it does not. */
function holds(list) {
  return attempt(function () { return list.matches; });
}

var narrow = use(win, 'matchMedia', '(max-width:480px),(max-height:480px)');
var dark = use(win, 'matchMedia', '(prefers-color-scheme:dark)');
var calm = use(win, 'matchMedia', '(prefers-reduced-motion:reduce)');
var paper = use(win, 'matchMedia', 'print');

set(host, 'data-pickup', 'launcher');
set(button, 'data-action', 'open');
set(button, 'aria-haspopup', 'dialog');
set(button, 'part', 'button');
set(label, 'part', 'label');
set(picture, 'viewBox', '0 0 24 24');
shell.appendChild(button).appendChild(picture).appendChild(line);
button.appendChild(label);
set(label, 'dir', 'auto');
set(frame, 'allow', ALLOWS);
loft.appendChild(roof).appendChild(doc.createElement('slot'));
set(frame, 'title', settings.name);
if (reason) set(button, 'aria-disabled', 'true');

function paint() {
  var night = settings.theme === 'dark' || (settings.theme !== 'light' && holds(dark));
  var small = holds(narrow), loading = opened && !ready(), turns = loading && !holds(calm) ? 999 : 0, live = !opened && timer, size = small ? 44 : 60, words = trouble || live || (opened ? '' : settings.label);
  var row = win[PROPERTY + 'x'] | 0; // how far another widget of ours in the same corner reaches: that one has the colour
  var colours = settings.colours[+night], face = colours[0], ink = colours[1];
  var shadow = '0 0 0 1px #7d828d29,0 12px 40px #1011143d', fixed = 'all:initial;position:fixed;z-index:10000;opacity:' + +!holds(paper) + ';';
  if (trouble || live || row) {
    face = night ? '#191b20' : '#fff';
    ink = night ? '#ededef' : '#16181d';
  }
  // A browser without env() drops such a rule and keeps the one before it. The margin is the page's own to set.
  function inset(at, px) { return at + ':' + px + 'px;' + at + ':calc(' + px + 'px + env(safe-area-inset-' + at + ',0px));margin-' + at + ':var(--pickup-' + at + ',0px);'; }

  var aside = inset(settings.side, settings.x + row);

  style(host, fixed + aside + inset('bottom', settings.y) + 'max-width:calc(100% - 40px);display:' + (off && !opened && !timer || opened && small && ready() ? 'none' : 'var(--pickup-display,block)'));
  style(button, 'all:initial;box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;border-radius:30px;border:1px solid #7d828d;min-width:' + size +
    'px;min-height:' + size + 'px;padding:' + (words ? '7px 22px 7px 18px' : 0) + ';background:' + face + ';color:' + ink +
    ';cursor:' + (reason ? 'default' : 'pointer') + ';font:500 16px/1.2 system-ui,sans-serif;box-shadow:' + (ring ? '0 0 0 3px #fff,0 0 0 6px #16181d;outline:3px solid transparent' : shadow) +
    ';transition:transform .16s;transform:' + (hover && !holds(calm) ? 'translateY(-2px)' : 'none'), 1);
  // WebKit tells of no click when what was pressed is gone by then, and drawing and words are written anew.
  style(picture, 'pointer-events:none;flex:none;width:28px;height:28px;fill:none;stroke:' + (live ? colours[0] : 'currentColor') +
    ';stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round;transition:transform ' + turns + 's linear;transform:rotate(' + turns + 'turn)');
  style(label, 'pointer-events:none;margin-left:10px;display:' + (words ? 'inline' : 'none'), 1);
  label.textContent = words;
  set(line, 'd', loading ? ROUND : opened ? DOWN : GLYPH);
  set(button, 'aria-busy', loading);
  set(button, 'aria-expanded', opened);
  set(button, 'aria-label', trouble || (live ? settings.back : settings.label || settings.name));

  // What nobody has asked for yet costs the page nothing.
  if (sourced) style(frame, fixed + 'visibility:' + (opened && ready() ? 'visible' : 'hidden') + (small
    ? ';left:0;top:0;width:100%;height:100%'
    : ';' + aside + inset('bottom', settings.y + 76) + SIZE + ';max-height:calc(100% - ' + (settings.y + 96) + 'px - var(--pickup-bottom,0px));border-radius:20px;box-shadow:' + shadow));
  settle(true);
  [doc, root, host, nest, frame].forEach(function (node) { use(eyes, 'observe', node, SEEN); });
}
