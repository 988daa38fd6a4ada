/** The card's drawings: 24 x 24, stroke 1.75, colour from the text. */

const PATHS = {
  call: '<path d="M6.3 3.9h2.1c.7 0 1.3.4 1.5 1.1l.8 2.3c.2.6 0 1.2-.4 1.6L9 10.2a11.6 11.6 0 0 0 4.8 4.8l1.3-1.3c.4-.4 1-.6 1.6-.4l2.3.8c.7.2 1.1.8 1.1 1.5v2.1c0 1.4-1.2 2.5-2.6 2.4A14.6 14.6 0 0 1 3.9 6.5c-.1-1.4 1-2.6 2.4-2.6z"/>',
  end: '<path d="M3 13.9c0-1.2.5-2.3 1.4-3C6.5 9.3 9.1 8.4 12 8.4s5.5.9 7.6 2.5c.9.7 1.4 1.8 1.4 3v.9c0 .8-.7 1.4-1.5 1.3l-2.7-.4a1.4 1.4 0 0 1-1.2-1.2l-.2-1.9a10 10 0 0 0-6.8 0l-.2 1.9a1.4 1.4 0 0 1-1.2 1.2l-2.7.4A1.3 1.3 0 0 1 3 14.8z"/>',
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
  'mic-off': '<path d="M9 9v2a3 3 0 0 0 4.7 2.5M15 11V6a3 3 0 0 0-5.6-1.5M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>',
  down: '<path d="M6 9.5l6 6 6-6"/>',
  captions: '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="M7 11h4M14 11h3M7 15h7"/>',
  tabs: '<rect x="3" y="8" width="13" height="12" rx="2.5"/><path d="M8 4.5h10.5A2.5 2.5 0 0 1 21 7v9.5M3 12h13"/>',
  copy: '<rect x="8.5" y="8.5" width="12" height="12" rx="2.5"/><path d="M15.5 5.5a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2"/>',
  app: '<rect x="3" y="4.5" width="18" height="15" rx="3"/><path d="M3 9h18M6.5 6.75h0M9 6.75h0"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  alert: '<circle cx="12" cy="12" r="8.5"/><path d="M12 8v4.5M12 16h0"/>',
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
