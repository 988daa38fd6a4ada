/** What loader and frame may use: the language of their time, and what every browser of the floor knows. */

import compat from 'eslint-plugin-compat';

import { browserslist } from './floor.js';

const rules = {
  'compat/compat': 'error',
  'no-undef': 'error',
  'no-unused-vars': ['error', { caughtErrors: 'none', args: 'none' }],
  'no-redeclare': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
};
// Used behind a guard; guarded.json says which.
const GUARDED = ['BroadcastChannel', 'navigator.locks', 'navigator.permissions', 'navigator.clipboard', 'Lock'];
const browser = (names) => Object.fromEntries(names.split(' ').map((name) => [name, 'readonly']));

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { compat }, settings: { browsers: browserslist } },
  {
    files: ['**/loader/*.js'],
    languageOptions: { ecmaVersion: 5, sourceType: 'script' },
    // Parsed and begun by browsers that are older than the floor: what is new to those, cannot() asks for first.
    settings: { polyfills: ['Promise', 'navigator.userActivation'] },
    // One scope for all parts: TypeScript, which reads them together, says what is not defined.
    rules: { ...rules, 'no-undef': 'off', 'no-unused-vars': ['error', { vars: 'local', caughtErrors: 'none', args: 'none' }] },
  },
  {
    files: ['**/{frame,page,check}/*.js'],
    languageOptions: {
      ecmaVersion: 2018,
      sourceType: 'module',
      globals: browser(
        'window document navigator location history performance console fetch WebSocket RTCPeerConnection MediaStream Audio AbortController ' +
          'Event MessageEvent URL URLSearchParams setTimeout clearTimeout setInterval clearInterval requestAnimationFrame ' +
          'BroadcastChannel sessionStorage localStorage Promise Map Set WeakMap Float32Array Uint8Array Intl'),
    },
    settings: { polyfills: GUARDED },
    rules,
  },
];
