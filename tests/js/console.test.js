// What the console's modules do on every page, where no browser has to show it.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { watchForms } from '../../static/studio/forms.js';

afterEach(() => { delete globalThis.document; });

test('a form without a bar of changes, as a reader gets it, does not end what comes after it on the page', () => {
  const asked = [];
  const form = { querySelector: () => null, hasAttribute: () => true, addEventListener: () => asked.push('listens') };
  globalThis.document = {
    addEventListener() {},
    querySelectorAll: (selector) => { asked.push(selector); return selector === 'form[data-guarded]' ? [form] : []; },
    querySelector: () => null,
  };

  watchForms();

  assert.ok(asked.includes('[data-counter]'), 'what follows the guarded forms is looked after');
  assert.ok(!asked.includes('listens'), 'there is nothing to save');
});
