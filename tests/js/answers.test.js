import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { checkInfo } from '../../static/widget/frame/later/info.js';

const SAMPLES = JSON.parse(readFileSync(new URL('../info_samples.json', import.meta.url), 'utf8'));

/** As in tests/calling/test_protocol.py, which reads the same table. */
function sample(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return Array.isArray(value[0]) ? Object.fromEntries(value.map(([name, inner]) => [sample(name), sample(inner)])) : value;
  if (Array.isArray(value.$)) return value.$[0].repeat(value.$[1]);
  if (value.$) return Object.fromEntries(Array.from({ length: value.$ }, (_, at) => ['name' + at, at]));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sample(inner)]));
}

for (const { what, text, data, code } of SAMPLES) {
  test('sendInfo judges as the server does: ' + what, () => {
    let told = '';
    try {
      checkInfo(sample(text), sample(data));
    } catch (error) {
      told = error.code;
      assert.ok(['TypeError', 'RangeError'].includes(error.name));
    }
    assert.equal(told, code);
  });
}

test('sendInfo takes no number that has no JSON', () => {
  for (const value of [NaN, Infinity, -Infinity, undefined, 10n, () => {}, Symbol('x')]) {
    assert.throws(() => checkInfo('x', { value }), { code: 'INVALID_ARGUMENT' });
  }
  assert.throws(() => checkInfo('x', null), { code: 'INVALID_ARGUMENT' });
});
