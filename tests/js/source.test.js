import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const WIDGET = new URL('../../static/widget/', import.meta.url);
const read = (name) => readFileSync(new URL(name, WIDGET), 'utf8');
const modules = readdirSync(new URL('frame/', WIDGET)).filter((name) => name.endsWith('.js'));
const code = (source) => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'(\\.|[^'\\\n])*'|`[^`]*`|\/(?![*/ ])(\\.|[^/\\\n])+\//g, "''");

test('the loader is ES5 and imports nothing', () => {
  const source = readdirSync(new URL('loader/', WIDGET)).map((name) => code(read('loader/' + name))).join('\n');
  for (const word of [/=>/, /\blet\b/, /\bconst\b/, /\bclass\b/, /\bimport\b/, /\basync\b/, /\?\./, /\?\?/, /`/]) assert.doesNotMatch(source, word);
});

test('the frame keeps to ES2018 and imports only its own modules', () => {
  for (const name of modules) {
    const source = read('frame/' + name);
    for (const word of [/\?\./, /\?\?/, /\bstatic\s*\{/, /#\w+\s*[=(]/, /replaceChildren|replaceAll|Object\.fromEntries|\.flat\(|\.at\(/]) {
      assert.doesNotMatch(code(source), word, name);
    }
    for (const [, from] of source.matchAll(/from '([^']+)'/g)) assert.match(from, /^\.\/[\w-]+\.js$/);
  }
});

test('both writings of the dark theme are equal', () => {
  const values = [...read('frame/tokens.css').matchAll(/\{([^{}]*--scheme: dark;[^{}]*)\}/g)].map((found) => found[1].replace(/\s+/g, ' ').trim());
  assert.equal(values.length, 2);
  assert.equal(values[0], values[1]);
});

test('messages between page and frame name their target, and their sender is looked at', () => {
  const loader = read('loader/messages.js');
  const frame = read('frame/frame.js');
  assert.match(loader, /event\.origin !== origin \|\| event\.source !== frame\.contentWindow/);
  assert.match(frame, /answerPage\(\{ host: settings\.host,/);
  assert.match(read('frame/asked.js'), /event\.source !== window\.parent \|\| event\.origin !== host/);
  for (const source of [read('loader/card.js'), frame]) assert.doesNotMatch(source, /postMessage\([^)]*'\*'/);
});
