import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attempt, load, use } from './part.js';

/** A page whose own CSS says this of #poly-ai-chat. */
function world(css, changes = {}) {
  const host = { id: '', style: { cssText: 'ours' } };
  const heard = {}, asked = [];
  const settings = { side: 'right', x: 20, y: 24 };
  const given = Object.assign({
    attempt, use, settings, host, paint: () => { asked.push('paint'); },
    doc: { readyState: 'complete', getElementById: () => null },
    win: { getComputedStyle: () => {
      asked.push(host.style.cssText);
      return Object.assign({ bottom: 'auto', left: 'auto', right: 'auto' }, css);
    } },
    listen: (target, name, does) => { heard[name] = does; },
  }, changes);
  load('moved.js', given);
  return { host, heard, asked, settings, css };
}

test('a page that says nothing of the chat leaves it where its owner put it', () => {
  const { settings, host } = world({});
  assert.deepEqual(settings, { side: 'right', x: 20, y: 24 });
  assert.deepEqual([host.id, host.style.cssText], ['poly-ai-chat', 'ours']);
});

test('what the page says of the chat moves it, and only what it says', () => {
  assert.deepEqual(world({ bottom: '90px' }).settings, { side: 'right', x: 20, y: 90 });
  assert.deepEqual(world({ bottom: '0px', right: '32.5px' }).settings, { side: 'right', x: 32.5, y: 0 });
  assert.deepEqual(world({ left: '8px' }).settings, { side: 'left', x: 8, y: 24 });
  assert.deepEqual(world({ bottom: '10%', right: 'calc(1px + 2vw)' }).settings, { side: 'right', x: 20, y: 24 });
});

test('another width of the window may have another rule, and a page that loads is not laid out for it', () => {
  const { css, heard, settings, asked } = world({ bottom: '90px' }, { doc: { readyState: 'loading', getElementById: () => null } });
  assert.deepEqual([asked, settings.y], [[], 24]);
  heard.DOMContentLoaded();
  assert.deepEqual([asked.pop(), settings.y], ['paint', 90]);
  css.bottom = 'auto';
  heard.resize();
  assert.equal(settings.y, 24);
});

test('an element of the page that has the name already is not ours to read', () => {
  const { host, settings } = world({ bottom: '90px' }, { doc: { readyState: 'complete', getElementById: () => ({}) } });
  assert.deepEqual([host.id, settings.y], ['', 24]);
});
