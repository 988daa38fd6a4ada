/**
 * The Markdown of answers: read into plain objects, and those made into nodes one by one. No markup is ever parsed by
 * the browser, so nothing that an answer holds can become more than text, a list, or a link that was looked at.
 *
 * A piece is a text or `{tag, kids, href, start}`. What is not understood stays as it was written. Each text is read
 * in time that grows with its length, whatever stands in it.
 */

import { el } from '../frame/elements.js';

const CHARS = 65536; // what is beyond is shown as it is
const DEEPEST = 6;
const LABEL = 500;
const ADDRESS = 2000;
const TRIES = 20;
// Characters that turn the reading direction around, or cannot be seen: they make one address look like another.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;
const ITEM = /^( *)([-*+]|\d{1,9}[.)]) +(.*)$/;
const FENCE = /^ {0,3}```/;
const HEADING = /^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/;
const RULE = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$/;

/** An address that may be followed, as the browser writes it; else nothing. */
export function safe(address) {
  const text = String(address).trim();
  if (text.length > ADDRESS || /[\s\\]/.test(text) || text.replace(UNSEEN, '') !== text) return '';
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(text)) return '';
  try {
    const url = new URL(text);
    // Who stands before an @ is not who one visits.
    return /^(?:https?|mailto|tel):$/.test(url.protocol) && !url.username && !url.password ? url.href : '';
  } catch (error) {
    return '';
  }
}

/** Where a link really leads, when its words name another site, or its own in letters that look like others. */
export function elsewhere(label, href) {
  const url = new URL(href);
  if (!/^http/.test(url.protocol)) return '';
  const bare = (host) => host.replace(/^www\./, '');
  const named = /[^\s/@:]+\.[^\s/@:.]{2,}/.exec(label);
  if (/(?:^|\.)xn--/.test(url.host)) return url.host;
  if (!named) return '';
  try {
    return bare(new URL('https://' + named[0]).host) === bare(url.host) ? '' : url.host;
  } catch (error) {
    return url.host;
  }
}

/** @returns {any[]} the pieces of a text */
export function parse(text) {
  const whole = String(text).replace(/\r\n?/g, '\n').replace(UNSEEN, '');
  const lines = whole.slice(0, CHARS).split('\n');
  const found = blocks(lines);
  return whole.length > CHARS ? found.concat({ tag: 'p', kids: [whole.slice(CHARS)] }) : found;
}

function blocks(lines) {
  const found = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) at += 1;
    else if (FENCE.test(line)) at = fenced(lines, at, found);
    else if (RULE.test(line)) {
      found.push({ tag: 'hr', kids: [] });
      at += 1;
    } else if (ITEM.test(line)) at = list(lines, at, 0, found);
    else at = paragraph(lines, at, found);
  }
  return found;
}

function fenced(lines, from, found) {
  let at = from + 1;
  while (at < lines.length && !FENCE.test(lines[at])) at += 1;
  found.push({ tag: 'pre', kids: [lines.slice(from + 1, at).join('\n')] });
  return at + 1;
}

const begins = (line) => !line.trim() || FENCE.test(line) || ITEM.test(line) || RULE.test(line) || HEADING.test(line);

function paragraph(lines, from, found) {
  const heading = HEADING.exec(lines[from]);
  if (heading) {
    found.push({ tag: 'p', kids: [{ tag: 'b', kids: inline(heading[1], 1) }] });
    return from + 1;
  }
  let at = from + 1;
  while (at < lines.length && !begins(lines[at])) at += 1;
  found.push({ tag: 'p', kids: broken(lines.slice(from, at)) });
  return at;
}

/** Lines of one paragraph: where a line was broken, it stays so. */
const broken = (lines) => inline(lines.map((line) => line.trim()).join('\n'), 0);

/** A list, and those inside its items. A blank line between two items does not end it. */
function list(lines, from, depth, found) {
  const [, indent, mark] = ITEM.exec(lines[from]);
  const ordered = /\d/.test(mark);
  const made = { tag: ordered ? 'ol' : 'ul', kids: [] };
  if (ordered && parseInt(mark, 10) !== 1) made.start = parseInt(mark, 10);
  let held = [];
  const finish = () => {
    if (held.length) made.kids[made.kids.length - 1].kids.unshift(...broken(held));
    held = [];
  };
  let at = from;
  while (at < lines.length) {
    const line = lines[at];
    const item = ITEM.exec(line);
    if (!line.trim()) {
      let next = at;
      while (next < lines.length && !lines[next].trim()) next += 1;
      const after = next < lines.length && ITEM.exec(lines[next]);
      if (!after || (after[1].length <= indent.length && /\d/.test(after[2]) !== ordered)) break;
      at = next;
    } else if (item && item[1].length > indent.length + 1 && depth < DEEPEST) {
      finish();
      const inner = made.kids[made.kids.length - 1].kids;
      at = list(lines, at, depth + 1, inner);
    } else if (item) {
      if (item[1].length + 1 < indent.length || /\d/.test(item[2]) !== ordered) break;
      finish();
      made.kids.push({ tag: 'li', kids: [] });
      held = [item[3]];
      at += 1;
    } else if (FENCE.test(line) || !/^ /.test(line)) break;
    else {
      held.push(line);
      at += 1;
    }
  }
  finish();
  found.push(made);
  return at;
}

/** What stands in a line: code, bold, italics, links, breaks. */
function inline(text, depth) {
  const found = [];
  const none = {}; // what is not in the rest of the text is not looked for again
  let plain = '';
  let at = 0;
  const find = (what, from) => {
    const where = none[what] ? -1 : text.indexOf(what, from);
    if (where < 0) none[what] = true;
    return where;
  };
  const put = (piece, end) => {
    if (plain) found.push(plain);
    plain = '';
    found.push(piece);
    at = end;
  };
  while (at < text.length) {
    const sign = text[at];
    if (sign === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] || '')) {
      plain += text[at + 1];
      at += 2;
    } else if (sign === '\n') put({ tag: 'br', kids: [] }, at + 1);
    else if (sign === '`') {
      const end = find('`', at + 1);
      if (end > at + 1) put({ tag: 'code', kids: [text.slice(at + 1, end)] }, end + 1);
      else plain += text[at++];
    } else if ((sign === '*' || sign === '_') && depth < DEEPEST) {
      const mark = text[at + 1] === sign ? sign + sign : sign;
      const end = closing(text, at, mark, find);
      if (end > 0) put({ tag: mark.length > 1 ? 'b' : 'i', kids: inline(text.slice(at + mark.length, end), depth + 1) }, end + mark.length);
      else {
        plain += mark;
        at += mark.length;
      }
    } else if (sign === '[' || (sign === '!' && text[at + 1] === '[')) {
      const link = named(text, sign === '[' ? at : at + 1, find);
      if (!link) plain += text[at++];
      else {
        const kids = inline(link.label, DEEPEST);
        if (link.href) put({ tag: 'a', href: link.href, kids }, link.end);
        else put({ tag: 'span', kids }, link.end);
      }
    } else if (sign === 'h' && depth < DEEPEST && !/\w/.test(text[at - 1] || '')) {
      const bare = address(text.slice(at, at + ADDRESS));
      if (bare) put({ tag: 'a', href: safe(bare), kids: [bare] }, at + bare.length);
      else plain += text[at++];
    } else plain += text[at++];
  }
  if (plain) found.push(plain);
  return found;
}

/** Where bold or italics end that begin here; 0 where nothing begins or ends. */
function closing(text, at, mark, find) {
  const inside = at + mark.length;
  if (!/\S/.test(text[inside] || '') || (mark[0] === '_' && /\w/.test(text[at - 1] || ''))) return 0;
  let end = inside;
  for (let tries = 0; tries < TRIES; tries += 1) {
    end = find(mark, end + 1);
    if (end < 0) return 0;
    const doubled = mark.length === 1 && (text[end + 1] === mark || text[end - 1] === mark);
    const word = mark[0] === '_' && /\w/.test(text[end + mark.length] || '');
    if (!doubled && !word && /\S/.test(text[end - 1])) return end;
  }
  return 0;
}

/** `[label](address)`, which begins here. */
function named(text, at, find) {
  const middle = find('](', at + 1);
  if (middle < 0 || middle - at > LABEL) return null;
  const end = find(')', middle + 2);
  if (end < 0 || end - middle > ADDRESS) return null;
  const target = text.slice(middle + 2, end).trim().replace(/ +["'(].*$/, '').replace(/^<(.*)>$/, '$1');
  return { label: text.slice(at + 1, middle), href: safe(target), end: end + 1 };
}

/** The address that a text begins with, without what ends the sentence it stands in. */
function address(text) {
  const found = /^https?:\/\/[^\s<>"'`*，。）]+/.exec(text);
  if (!found) return '';
  let bare = found[0].replace(/[.,;:!?…]+$/, '');
  if (/\)$/.test(bare) && !bare.includes('(')) bare = bare.replace(/\)+$/, '');
  return safe(bare) ? bare : '';
}

/** The words alone, as they are read aloud. */
export function plain(pieces) {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece;
    const words = plain(piece.kids);
    return piece.tag === 'br' ? ' ' : /^(?:p|li|pre|hr|ul|ol)$/.test(piece.tag) ? words.trim() + ' ' : words;
  }).join('').replace(/ {2,}/g, ' ');
}

/** @returns {Node[]} */
export function nodes(pieces) {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return document.createTextNode(piece);
    if (piece.tag === 'a') return anchor(piece);
    const made = el(piece.tag, { start: piece.start });
    if (/^(?:p|li)$/.test(piece.tag)) made.setAttribute('dir', 'auto');
    if (/^(?:pre|code)$/.test(piece.tag)) made.setAttribute('dir', 'ltr');
    if (piece.tag === 'pre') made.setAttribute('tabindex', '0');
    made.append(...nodes(piece.kids));
    return made;
  });
}

function anchor({ href, kids }) {
  const where = elsewhere(plain(kids), href);
  const beside = /^http/.test(href) ? { target: '_blank', rel: 'noopener noreferrer nofollow' } : {};
  const made = el('a', Object.assign({ href }, beside), ...nodes(kids));
  if (where) made.append(el('bdi.where', null, ' (' + where + ')'));
  return made;
}
