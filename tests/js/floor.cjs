/* Parses scripts as an old browser would: node --expose-internals floor.cjs 5|2018 FILE…
   Node carries a parser of its own, which takes a language version; nothing has to be installed for it. */
const { readFileSync } = require('fs');
const acorn = require('internal/deps/acorn/acorn/dist/acorn');

const [version, ...files] = process.argv.slice(2);
let bad = 0;
for (const file of files) {
  try {
    acorn.parse(readFileSync(file, 'utf8'), { ecmaVersion: Number(version), sourceType: version === '5' ? 'script' : 'module' });
  } catch (error) {
    console.error(file + ': ' + error.message);
    bad = 1;
  }
}
process.exit(bad);
