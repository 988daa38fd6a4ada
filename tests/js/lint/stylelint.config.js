/** The card's and launcher's styles, with the eyes of the floor. */

import { createRequire } from 'node:module';

import { browserslist, lacking } from './floor.js';

// Only makes things nicer: where it is not known nothing is missing.
const EXTRA = ['color-scheme', 'forced-color-adjust', 'text-underline-offset', 'text-wrap', 'resize'];
const { properties } = createRequire(import.meta.url)('@mdn/browser-compat-data').css;
const tooNew = Object.keys(properties).filter((name) => lacking(properties[name]).length && !EXTRA.includes(name));

export default {
  plugins: ['stylelint-no-unsupported-browser-features'],
  rules: {
    'block-no-empty': true,
    'color-no-invalid-hex': true,
    'declaration-block-no-duplicate-properties': true,
    'property-no-unknown': true,
    'property-disallowed-list': tooNew,
    'unit-no-unknown': true,
    // The plugin takes minmax() of a grid for max(): the real ones are refused by name.
    'function-disallowed-list': ['min', 'max', 'clamp', 'color-mix', 'light-dark'],
    'selector-pseudo-class-disallowed-list': ['is', 'where', 'has'],
    'plugin/no-unsupported-browser-features': [true, {
      browsers: browserslist,
      ignorePartialSupport: true,
      // What is dropped where it is not known, and what is left then:
      ignore: [
        'css-math-functions', // see above
        'css-focus-visible', // a rule of its own each: the ring shows for mouse and finger too
        'css-env-function', // behind a custom property: no inset, as on every screen of that time
        'prefers-color-scheme', // light
        'prefers-reduced-motion', // the loader asks the page's window too; else it moves
        'viewport-unit-variants', // inside @supports
        'css-resize', // iOS has no handle to take away
      ],
    }],
  },
};
