import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { EN, add, words } from '../../../static/widget/chat/strings.js';
import { EN_TALK } from '../../../static/widget/chat/strings/en-talk.js';

const CHAT = new URL('../../../static/widget/chat/', import.meta.url);
const modules = [...readdirSync(CHAT), 'later/talk.js'].filter((name) => name.endsWith('.js'));
const FIRST = Object.assign({}, EN);

add('en', EN_TALK);
const read = (name) => readFileSync(new URL(name, CHAT), 'utf8');
const code = (source) => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'(\\.|[^'\\\n])*'|`[^`]*`|\/(?![*/ ])(\\.|[^/\\\n])+\//g, "''");

test('no text is ever handed to the browser as markup or as a script', () => {
  for (const name of modules) assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\b|new Function|srcdoc/, name);
});

test('the chat keeps to ES2018 and imports its own modules and the frame\'s', () => {
  for (const name of modules) {
    const source = read(name);
    for (const word of [/\?\./, /\?\?/, /\bcatch \{/, /#\w+\s*[=(]/, /replaceChildren|replaceAll|Object\.fromEntries|\.flat\(|\.at\(|structuredClone/]) assert.doesNotMatch(code(source), word, name);
    for (const [, from] of source.matchAll(/from '([^']+)'/g)) assert.match(from, name.startsWith('later/') ? /^\.\.\/(?:card|strings\/en-talk|\.\.\/frame\/talking)\.js$/ : /^\.\/[\w-]+\.js$|^\.\.\/frame\/(?:elements|guard)\.js$/);
  }
});

test('messages between page and frame name their target, and their sender is looked at', () => {
  assert.match(read('frame.js'), /event\.source !== window\.parent \|\| event\.origin !== settings\.host/);
  assert.doesNotMatch(read('frame.js'), /postMessage\([^)]*'\*'/);
  const badge = readFileSync(new URL('../loader/badge.js', CHAT), 'utf8');
  assert.match(badge, /event\.origin !== origin \|\| event\.source !== frame\.contentWindow/);
});

test('both writings of the dark theme are equal', () => {
  const values = [...read('chat.css').matchAll(/\{ (--accent-soft: #26[^{}]*)\}/g)].map((found) => found[1].trim());
  assert.equal(values.length, 2);
  assert.equal(values[0], values[1]);
});

test('every text that the chat names exists, and every one that exists is named', () => {
  const source = modules.map(read).join('\n');
  const text = words({ language: 'en' }, () => ({ agent: 'Robin' }));
  for (const [, key] of source.matchAll(/\btext\('([\w.]+)'[,)]/g)) assert.ok(text(key), key);
  for (const key of Object.keys(EN)) {
    const named = source.split("'" + key + "'").length - 1;
    assert.ok(named > (key in FIRST ? 1 : 0) || /^(?:error\.|call\.|offline\.words$|sending$|sent$|waiting$)/.test(key), key);
  }
  assert.equal(text('write'), 'Write to Robin');
});

test('every language has every text, with the same places to fill in', async () => {
  const places = (said) => (said.match(/\{\w+\}/g) || []).sort();
  for (const language of ['de', 'fr', 'es', 'ar']) {
    for (const [part, english] of [['', FIRST], ['-talk', EN_TALK]]) {
      const { table } = await import('../../../static/widget/chat/strings/' + language + part + '.js');
      for (const key of Object.keys(english)) {
        if (key === 'said') continue; // only punctuation
        assert.ok(table[key], language + ': ' + key);
        assert.deepEqual(places(table[key]), places(english[key]), language + ': ' + key);
      }
      for (const key of Object.keys(table)) assert.ok(key in english, language + ': ' + key);
    }
  }
});
