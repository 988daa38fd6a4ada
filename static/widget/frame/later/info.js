/** What a page may send along with a call by `sendInfo` (docs/page-api.md). */

import { CommandFailed } from '../card.js';

const NAMES = 50;
const NAME_CHARS = 64;
const VALUE_CHARS = 2000;
const BYTES = 8192;
const MESSAGE_BYTES = 32000; // a little is for what stands around it

/** How many bytes a text has on the wire; throws where it has half a character. */
const bytes = (text) => encodeURIComponent(text).replace(/%../g, 'x').length;

/** What the server keeps and counts: a text as people count its characters. Gives its bytes, or NaN. */
function measured(text, most) {
  return typeof text === 'string' && Array.from(text).length <= most && !text.includes('\0') ? bytes(text) : NaN;
}

function weighed(value) {
  if (typeof value === 'string') return measured(value, VALUE_CHARS);
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) <= 2 ** 53) ? 8 : NaN;
}

/** What the server would refuse of `sendInfo` is refused before it is sent (tests/info_samples.json). */
export function checkInfo(text, data) {
  let size = NaN;
  try {
    const pairs = /** @type {[string, any][]} */ (Object.prototype.toString.call(data) === '[object Object]' ? Object.entries(data) : [['']]);
    if (pairs.length <= NAMES) size = pairs.reduce((sum, [name, value]) => sum + (measured(name, NAME_CHARS) || NaN) + weighed(value), measured(text, VALUE_CHARS));
  } catch (error) {
    // Half a character.
  }
  if (!(size >= 0)) throw new CommandFailed('TypeError', 'INVALID_ARGUMENT', 'sendInfo takes a text and a flat object of at most 50 names.');
  if (size > BYTES || bytes(JSON.stringify([text, data])) > MESSAGE_BYTES) throw new CommandFailed('RangeError', 'TOO_LARGE', 'sendInfo takes 8 KB.');
}
