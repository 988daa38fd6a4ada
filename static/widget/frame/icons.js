/** The card's drawings: 24 x 24, stroke 1.75, colour from the text. */

export const PATHS = {
  call: '<path d="M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6z"/>',
  end: '<path d="M3 13.9c0-1.2.5-2.3 1.4-3C6.5 9.3 9.1 8.4 12 8.4s5.5.9 7.6 2.5c.9.7 1.4 1.8 1.4 3v.9c0 .8-.7 1.4-1.5 1.3l-2.7-.4a1.4 1.4 0 0 1-1.2-1.2l-.2-1.9a10 10 0 0 0-6.8 0l-.2 1.9a1.4 1.4 0 0 1-1.2 1.2l-2.7.4A1.3 1.3 0 0 1 3 14.8z"/>',
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
  'mic-off': '<path d="M9 9v2a3 3 0 0 0 4.7 2.5M15 11V6a3 3 0 0 0-5.6-1.5M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>',
  more: '<g fill="currentColor" stroke="none"><circle cx="5.5" cy="12" r="1.6"/><circle cx="12" cy="12" r="1.6"/><circle cx="18.5" cy="12" r="1.6"/></g>',
  down: '<path d="M6 9.5l6 6 6-6"/>',
  missed: '<path d="M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6zM15.5 4l5 5M20.5 4l-5 5"/>',
};

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'ico');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  svg.innerHTML = PATHS[name];
  return svg;
}
