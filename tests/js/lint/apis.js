/**
 * Says which names of the browser a script uses that some browser of the floor does not have.
 *
 *   node apis.js ../jsconfig.frame.json
 *
 * TypeScript says of each name whose it is (Element.append, Array.flat), MDN's table since when it is known. Where a type
 * is not known, a method is looked up by its name: it is reported when everything that has such a method got it too late
 * and no script of ours has one of that name. guarded.json lists what stands behind a guard, with the guard.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

import ts from 'typescript';

import { lacking } from './floor.js';

const load = createRequire(import.meta.url);
const bcd = load('@mdn/browser-compat-data');
const builtins = bcd.javascript.builtins;
const owners = [...Object.values(bcd.api), ...Object.values(builtins)];
const find = (owner, name) => (bcd.api[owner] || {})[name] || (builtins[owner] || {})[name];

/** By name alone: nobody's of the floor, whoever's it is. */
function lackedByAll(name) {
  const entries = owners.map((owner) => Object.prototype.hasOwnProperty.call(owner, name) && owner[name]).filter((entry) => entry && entry.__compat);
  if (!entries.length) return [];
  return entries.map(lacking).reduce((left, more) => left.filter((browser) => more.includes(browser)));
}

const config = path.resolve(process.argv[2]);
const parsed = ts.parseJsonConfigFileContent(ts.readConfigFile(config, (name) => readFileSync(name, 'utf8')).config, ts.sys, path.dirname(config));
const program = ts.createProgram(parsed.fileNames, parsed.options);
const checker = program.getTypeChecker();
const sources = program.getSourceFiles().filter((file) => parsed.fileNames.includes(file.fileName));
const guarded = load('./guarded.json')[path.basename(config).split('.')[1]];
const used = new Set();
const own = new Set();
let bad = 0;

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Element.append as ['Element', 'append'], if the browser or the language declares it. */
function theirs(symbol) {
  for (const declared of (symbol && symbol.declarations) || []) {
    if (!/[\\/]lib\.[\w.]+\.d\.ts$/.test(declared.getSourceFile().fileName)) continue;
    const name = symbol.getName();
    const holder = declared.parent;
    if (ts.isInterfaceDeclaration(holder)) return [holder.name.text.replace(/Constructor$/, ''), name];
    if (ts.isTypeLiteralNode(holder) && ts.isVariableDeclaration(holder.parent)) return [holder.parent.name.getText(), name];
    if (ts.isVariableDeclaration(declared) || ts.isFunctionDeclaration(declared)) return ['', name];
  }
  return null;
}

function tell(node, name, lack) {
  used.add(name);
  if (!lack.length || name in guarded) return;
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  console.error(`${path.relative(process.cwd(), file.fileName)}:${line + 1}: ${name} is not known to ${lack.join(', ')}: do without, or guard it and list it in guarded.json`);
  bad = 1;
}

for (const file of sources) {
  walk(file, (node) => {
    if ((ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && node.name) own.add(node.name.getText());
    if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left)) own.add(node.left.name.text);
  });
}
for (const file of sources) {
  walk(file, (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      const name = node.name.text;
      const found = theirs(checker.getSymbolAtLocation(node.name));
      const onWindow = /^(win|window|self)$/.test(node.expression.getText());
      if (onWindow && bcd.api[name]) tell(node, name, lacking(bcd.api[name]));
      else if (found) {
        // ParentNode.append: a mixin is not in the table, those that mix it in are.
        const entry = find(found[0] || 'Window', name);
        tell(node, found.filter(Boolean).join('.'), entry ? lacking(entry) : lackedByAll(name));
      } else if (ts.isCallExpression(node.parent) && node.parent.expression === node && !own.has(name) && checker.getTypeAtLocation(node.expression).flags & ts.TypeFlags.Any) tell(node, name, lackedByAll(name));
    } else if (ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent)) {
      const found = theirs(checker.getSymbolAtLocation(node));
      if (found && !found[0]) tell(node, found[1], lacking(bcd.api[found[1]] || builtins[found[1]] || find('Window', found[1])));
    }
  });
}
for (const name of Object.keys(guarded)) {
  if (used.has(name)) continue;
  console.error(`guarded.json: ${name} is not used any more`);
  bad = 1;
}
process.exit(bad);
