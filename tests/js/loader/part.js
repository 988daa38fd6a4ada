/** One part of the loader by itself, or several: what it needs of the others is given, what it declares is handed out. */

import { readFileSync } from 'node:fs';

const PARTS = new URL('../../../static/widget/loader/', import.meta.url);

export function load(name, given) {
  const source = [].concat(name).map((one) => readFileSync(new URL(one, PARTS), 'utf8')).join('\n');
  const declared = [...source.matchAll(/^function (\w+)/gm)].map((found) => found[1]);
  const values = [...source.matchAll(/^var (\w+) = /gm)].map((found) => found[1]);
  const names = Object.keys(given).filter((one) => !declared.includes(one));
  const run = new Function(...names, `'use strict';\n${source}\nreturn { ${[...declared, ...values].join(', ')} };`);
  return run(...names.map((one) => given[one]));
}

/** What page.js gives to all. */
export function attempt(run, otherwise) {
  try {
    return run();
  } catch (refused) {
    return otherwise;
  }
}

export function use(element, how, what, more) {
  return attempt(() => element[how](what, more));
}

/** What api.js gives: what the frame was asked is answered, once. */
export function answers(results) {
  return (id, how, value) => {
    use(results[id], how, value);
    delete results[id];
  };
}
