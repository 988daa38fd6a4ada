/**
 * What a call can begin without (later/rest.js): fetched once one runs, or when it is wanted.
 *
 * A module script instead of import(), which the oldest browsers do not know; it puts itself into `parts`.
 */

import { el } from './elements.js';

export const parts = /** @type {any} */ ({});
const asked = /** @type {Object<string, Promise<void>>} */ ({});

function fetched(url) {
  if (!asked[url]) {
    asked[url] = new Promise((done, failed) => {
      const tag = /\.css/.test(url) ? el('link', { rel: 'stylesheet', href: url }) : el('script', { type: 'module', src: url });
      tag.addEventListener('load', () => done());
      tag.addEventListener('error', () => {
        delete asked[url]; // The next one who wants it tries again.
        failed(new Error(url));
      });
      document.head.append(tag);
    });
  }
  return asked[url];
}

/** @param {string[]} urls  of their module and style */
export function bring(urls) {
  return Promise.all(urls.map(fetched)).then(() => parts);
}
