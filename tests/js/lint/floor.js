/** Which browsers are promised, and whether they know a thing: by MDN's table. */

import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const NAMES = { ios_saf: 'safari_ios' };

export const { browserslist } = load('./package.json');
const floor = browserslist.map((line) => line.split(' ')).map(([name, version]) => [NAMES[name] || name, parseFloat(version)]);

/** The browsers of the floor that do not have what this entry of the table describes. */
export function lacking(entry) {
  if (!entry || !entry.__compat) return [];
  return floor.filter(([name, least]) => ![].concat(entry.__compat.support[name] || []).some((told) =>
    !told.prefix && !told.alternative_name && !told.flags && typeof told.version_added === 'string' &&
    parseFloat(told.version_added.replace('≤', '')) <= least && !(parseFloat(told.version_removed) <= least))).map(([name]) => name);
}
