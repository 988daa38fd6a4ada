/** Making elements in one line each. */

/**
 * @param {string} tag  "p.small" makes a paragraph of that class
 * @param {Object<string, any> | null} [attributes]  null or false leaves one out
 * @param {...(Node | string | null)} children
 */
export function el(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(' ');
  for (const key of Object.keys(attributes || {})) {
    const value = attributes[key];
    if (value !== null && value !== false && value !== undefined) made.setAttribute(key, value);
  }
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** A link that opens beside the page, so that a call is not left by reading. */
export function link(label, url) {
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** Takes out what is there and puts the children in. */
export function fill(parent, ...children) {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  for (const child of children) if (child) parent.append(child);
}

/** @param {any} node */
const kind = (node) => [node.nodeName, node.classList && node.classList[0], node.dataset && node.dataset.action].join();

/**
 * Makes what is there like what was made anew, and leaves in its place whatever is of the same kind: a press that begins
 * on a button and ends on its successor is none to a browser. What is read aloud keeps its words until they change.
 * @param {any} there
 * @param {any} made
 */
export function renew(there, made) {
  if (kind(there) !== kind(made)) return there.replaceWith(made);
  if (!made.attributes) {
    there.data = made.data;
    return undefined;
  }
  for (const { name } of Array.from(there.attributes)) if (!made.hasAttribute(name)) there.removeAttribute(name);
  for (const { name, value } of Array.from(made.attributes)) there.setAttribute(name, value);
  if (/log|status/.test(made.getAttribute('role'))) return undefined;
  let at = there.firstChild;
  for (const child of Array.from(made.childNodes)) {
    let same = at;
    while (same && kind(same) !== kind(child)) same = same.nextSibling;
    if (same) {
      for (; at !== same; at = skip(at));
      renew(same, child);
      at = same.nextSibling;
    } else {
      there.insertBefore(child, at);
    }
  }
  while (at) at = skip(at);
  return undefined;
}

/** Takes a node out. @param {ChildNode} node @returns {any} the one behind it */
function skip(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
