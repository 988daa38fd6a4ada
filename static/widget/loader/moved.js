/** Where the page's own CSS puts the chat: `bottom`, and `right` or `left`, of #poly-ai-chat, in px. Card and button go along. */

var ID = 'poly-ai-chat', own = [settings.side, settings.x, settings.y];
if (!use(doc, 'getElementById', ID)) host.id = ID;

function moved() {
  var rules = host.style.cssText, at = {};
  function px(name, otherwise) { return /^[\d.]+px$/.test(at[name]) ? parseFloat(at[name]) : otherwise; }
  if (!host.id) return;
  // What the page says counts only where ours is away; of an element in the flow it is told as it was written.
  host.style.cssText = 'position:static!important';
  attempt(function () {
    var found = win.getComputedStyle(host);
    at = { bottom: found.bottom, left: found.left, right: found.right };
  });
  host.style.cssText = rules;
  settings.side = px('right', -1) >= 0 ? 'right' : px('left', -1) >= 0 ? 'left' : own[0];
  settings.x = px(settings.side, own[1]);
  settings.y = px('bottom', own[2]);
}

function follow() {
  moved();
  paint();
}

// A page that is still loading would be laid out once more for it.
if (attempt(function () { return doc.readyState; }) !== 'loading') moved();
listen(doc, 'DOMContentLoaded', follow);
listen(win, 'load', follow);
listen(win, 'resize', moved);
