import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attempt, load, use } from './part.js';

/** An element as far as surface.js looks: what it is, where it stands, and what it was asked to do. */
class Fake {
  constructor(name, parent, kinds = []) {
    Object.assign(this, { name, parentNode: parent, kinds, did: [], style: { display: 'block' }, box: { left: 0, top: 0, width: 100, height: 100 } });
  }

  matches(kind) { return kind.split(',').some((one) => this.kinds.includes(one)); }
  contains(other) { return this === other; }
  closest(kind) { return this.matches(kind) ? this : null; }
  getBoundingClientRect() { return this.box; }
  appendChild(child) { child.parentNode = this; }
  setAttribute() {}
  focus() { this.did.push('focus'); }
  hidePopover() { this.up = ''; }
  close() { this.up = ''; }
  showPopover() { this.up = 'popover'; }
  showModal() { this.up = 'modal'; }
}

/** `hits` says what a press would meet, given how host and roof stand. */
function page(hits, changes = {}) {
  const root = new Fake('html', null);
  const made = { root, host: new Fake('host', root), frame: new Fake('frame', root), roof: new Fake('roof', root), box: new Fake('box', root) };
  made.host.box = { left: 900, top: 600, width: 60, height: 60 };
  const doc = { readyState: 'complete', activeElement: made.frame, elementFromPoint: (x) => hits(x > 500 ? 'host' : 'frame', made) };
  const given = {
    attempt, use, doc, win: {}, missing: () => [], eyes: { observe: () => {} }, SEEN: {}, opened: true, sourced: true, ready: () => true, timer: '',
    root, host: made.host, frame: made.frame, roof: made.roof, box: made.box,
  };
  return Object.assign(made, load('surface.js', Object.assign(given, changes)));
}

test('where nothing covers them nothing is done', () => {
  const made = page((what, { host, frame }) => (what === 'host' ? host : frame));
  made.settle();
  assert.deepEqual([made.host.up, made.roof.up, made.host.parentNode.name], [undefined, undefined, 'html']);
});

test('a popover over the card: the card is one too, and blocks nothing', () => {
  const popover = new Fake('popover', null);
  const made = page((what, { host, frame, roof }) => (what === 'host' ? host : roof.up ? frame : popover));
  made.settle();
  assert.equal(made.roof.up, 'popover');
});

test("under a modal dialog the card is opened above it, and the launcher goes into it once the card is closed", () => {
  const dialog = new Fake('dialog', null, [':modal']);
  const hits = (what, { host, frame, roof }) => {
    if (what === 'host') return host.parentNode === dialog ? host : dialog;
    return roof.up === 'modal' ? frame : dialog;
  };
  const open = page(hits);
  open.settle();
  assert.equal(open.roof.up, 'modal');
  const closed = page(hits, { opened: false });
  closed.settle();
  assert.deepEqual([closed.host.parentNode.name, closed.host.up], ['dialog', 'popover']);
});

test('a modal that is none any more is left', () => {
  const dialog = new Fake('dialog', null, [':modal']);
  const made = page((what, { host, frame, roof }) => {
    if (!dialog.kinds.length) return what === 'host' ? host : frame;
    return what === 'host' ? (host.parentNode === dialog ? host : dialog) : roof.up === 'modal' ? frame : dialog;
  });
  made.settle();
  dialog.kinds = [];
  made.settle();
  assert.deepEqual([made.host.parentNode.name, made.roof.up], ['html', '']);
});

test('a higher z-index is respected until a call has to be within reach', () => {
  const wall = new Fake('wall', null);
  const hits = (what, { host, frame }) => (what === 'host' && host.up !== 'popover' ? wall : what === 'host' ? host : frame);
  for (const [timer, up] of [['', undefined], ['0:07', 'popover']]) {
    const made = page(hits, { timer });
    made.settle();
    assert.equal(made.host.up, up);
  }
});

test('a page that is being drawn anew, or is not drawn, covers nothing', () => {
  for (const hit of [(made) => made.root, () => null]) {
    const made = page((what, all) => hit(all));
    made.settle();
    assert.deepEqual([made.host.up, made.roof.up], [undefined, undefined]);
  }
});

test('a browser that knows no dialogs and no popovers is asked and left alone', () => {
  const wall = new Fake('wall', null);
  const made = page(() => wall);
  for (const one of [made.host, made.roof]) for (const how of ['showModal', 'showPopover', 'hidePopover', 'close']) one[how] = undefined;
  made.settle();
  assert.equal(made.host.parentNode.name, 'html');
});
