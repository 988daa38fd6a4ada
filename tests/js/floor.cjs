/* Parses scripts as a browser of that version would: node --expose-internals floor.cjs "VERSION[ script]" FILE…
   Node carries a parser of its own, which takes a language version; nothing has to be installed for it. */
const { readFileSync } = require('fs');
const acorn = require('internal/deps/acorn/acorn/dist/acorn');

const [asked, ...files] = process.argv.slice(2);
const [version, kind] = asked.split(' ');
const options = { ecmaVersion: version === 'latest' ? version : Number(version), sourceType: kind || 'module' };
let bad = 0;
for (const file of files) {
  try {
    acorn.parse(readFileSync(file, 'utf8'), options);
  } catch (error) {
    console.error(file + ': ' + error.message);
    bad = 1;
  }
}
process.exit(bad);
