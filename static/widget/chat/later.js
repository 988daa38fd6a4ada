/**
 * What a chat can do without until somebody wants to talk (later/talk.js).
 *
 * A module script instead of import(), which the oldest browsers do not know; it puts itself into `parts`.
 */

import { el } from '../frame/elements.js';

export const parts = /** @type {any} */ ({});
const asked = /** @type {Object<string, Promise<void>>} */ ({});

function fetched(url) {
  if (!asked[url]) {
    asked[url] = new Promise((done, failed) => {
      const tag = /\.css/.test(url) ? el('link', { rel: 'stylesheet', href: url }) : el('script', { type: 'module', src: url });
      tag.addEventListener('load', () => done());
      tag.addEventListener('error', () => {
        delete asked[url]; // the next press tries again
        failed(Object.assign(new Error(url), { code: 'NETWORK' }));
      });
      document.head.append(tag);
    });
  }
  return asked[url];
}

/** @param {string[]} urls  of a module and its style */
export function bring(urls) {
  return Promise.all(urls.map(fetched)).then(() => parts);
}
