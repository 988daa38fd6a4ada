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

/** Inside a frame of another site the clipboard's own interface needs a permission that the page rarely gives. */
export function copy(words) {
  const field = /** @type {HTMLTextAreaElement} */ (el('textarea.unseen', { readonly: '', 'aria-hidden': 'true', tabindex: '-1' }, words));
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  document.querySelector('.pk').append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused) focused.focus();
  return done;
}
