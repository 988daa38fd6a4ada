/** The chat's drawings: 24 x 24, as lines in the colour of the text. */

const LINES = {
  chat: ['M12 4.2c-4.6 0-8.2 3-8.2 6.9 0 2.1 1 4 2.8 5.3l-.5 3.4 3.7-1.9c.7.1 1.4.2 2.2.2 4.6 0 8.2-3.1 8.2-7s-3.6-6.9-8.2-6.9z'],
  down: ['M6 9.5l6 6 6-6'],
  more: ['M5.3 12h.4M11.8 12h.4M18.3 12h.4'],
  send: ['M12 19V5', 'M6 11l6-6 6 6'],
  next: ['M9.5 6l6 6-6 6'],
  clock: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M12 8v4.5l3 1.8'],
  bad: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M12 8v5M12 16h.01'],
  again: ['M19 12a7 7 0 1 1-2.2-5.1L19 9', 'M19 4.5V9h-4.5'],
  offline: ['M4 4l16 16', 'M8.5 15.5a5 5 0 0 1 5.6-1M5.5 12.2A9.5 9.5 0 0 1 9 10M15 10a9.5 9.5 0 0 1 3.5 2.2M12 19h.01'],
  call: ['M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6z'],
  out: ['M10 6H6.5v11.5H18V14', 'M13.5 5H19v5.5M19 5l-7.5 7.5'],
  plus: ['M12 5v14M5 12h14'],
  end: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M9.5 9.5l5 5M14.5 9.5l-5 5'],
  shield: ['M12 3.5l7 2.7v5.3c0 4.3-3 7.5-7 9-4-1.5-7-4.7-7-9V6.2z'],
  page: ['M7 3.5h7l4 4v13H7z', 'M10 12h5M10 15.5h5'],
  globe: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M4 12h16M12 4c2.5 2.3 3.5 5 3.5 8s-1 5.7-3.5 8c-2.5-2.3-3.5-5-3.5-8s1-5.7 3.5-8z'],
  mic: ['M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z', 'M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3'],
  quiet: ['M9 9v2a3 3 0 0 0 4.7 2.5M15 11V6a3 3 0 0 0-5.6-1.5M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17'],
  hangup: ['M3 13.9c0-1.2.5-2.3 1.4-3 4.5-3.3 10.7-3.3 15.2 0 .9.7 1.4 1.8 1.4 3v.9c0 .8-.7 1.4-1.5 1.3l-2.7-.4a1.4 1.4 0 0 1-1.2-1.2l-.2-1.9a10 10 0 0 0-6.8 0l-.2 1.9a1.4 1.4 0 0 1-1.2 1.2l-2.7.4A1.3 1.3 0 0 1 3 14.8z'],
  wave: ['M4 10.5v3M8 7.5v9M12 4.5v15M16 8v8M20 10.5v3'],
  done: ['M5 12.5l4.5 4.5L19 7.5'],
  star: ['M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z'],
};
const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name @param {string} [size]  s or m; else 24 px */
export function icon(name, size) {
  const svg = document.createElementNS(SVG, 'svg');
  const given = { class: 'ico' + (size ? ' ' + size : ''), viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' };
  Object.keys(given).forEach((key) => svg.setAttribute(key, given[key]));
  for (const d of LINES[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.appendChild(path);
  }
  return svg;
}
