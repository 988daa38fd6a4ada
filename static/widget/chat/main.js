/** The chat frame's beginning. Opened as a page it does nothing. */

import { begin } from './card.js';

if (window.parent !== window) begin(JSON.parse(document.getElementById('settings').textContent));
