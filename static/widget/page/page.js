/**
 * Pages of our own: tells the card in the call page's frame that it is open, and is told what happens in it.
 *
 * The same messages as between loader and frame (docs/wire.md), but here the card is always open and fills its place.
 */

const KEY = 'POLY_AI_POLYPHONE_CALL_ACTIVE';
const BEAT_MS = 5000;
const STALE_MS = 10000;

const root = /** @type {HTMLElement} */ (document.querySelector('.pk'));
const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector('iframe[data-call]'));

colour();
for (const time of document.querySelectorAll('time[data-local]')) {
  time.textContent = new Date(time.getAttribute('datetime')).toLocaleString(undefined, {
    day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit',
  });
}
if (frame) serve(frame);

/** The owner's colour, in the shade that is readable in the theme shown. */
function colour() {
  const { theme, accent, onaccent, accentdark, onaccentdark } = root.dataset;
  if (!accent) return;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    const night = theme === 'dark' || (theme !== 'light' && dark.matches);
    root.style.setProperty('--accent', night ? accentdark : accent);
    root.style.setProperty('--on-accent', night ? onaccentdark : onaccent);
  };
  dark.addListener(paint);
  paint();
}

/** @param {HTMLIFrameElement} card */
function serve(card) {
  const origin = window.location.origin;
  const title = document.title;
  const wide = window.matchMedia('(min-width: 900px)');
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  const tab = Math.random().toString(36).slice(2);
  let beat = 0;

  const tell = (message) => card.contentWindow.postMessage(Object.assign({ pickup: 1 }, message), origin);
  const tellPage = () => tell({
    type: 'page', full: !wide.matches, reducedMotion: calm.matches, elsewhere: elsewhere(), minimise: false,
  });

  function stored() {
    try {
      return JSON.parse(window.localStorage.getItem(KEY) || 'null');
    } catch (refused) {
      return null;
    }
  }

  /** Browsers without Web Locks have only this key to see another tab's call by. */
  function elsewhere() {
    const other = stored();
    return Boolean(other) && other.tab !== tab && Math.abs(Date.now() - other.at) < STALE_MS;
  }

  function hold(held) {
    clearInterval(beat);
    const write = () => {
      try {
        window.localStorage.setItem(KEY, JSON.stringify({ tab, at: Date.now() }));
      } catch (refused) {
        clearInterval(beat);
      }
    };
    if (held) {
      write();
      beat = window.setInterval(write, BEAT_MS);
    } else if ((stored() || {}).tab === tab) {
      window.localStorage.removeItem(KEY);
    }
  }

  window.addEventListener('message', (event) => {
    const message = event.data;
    if (event.source !== card.contentWindow || event.origin !== origin || !message || message.pickup !== 1) return;
    if (message.type === 'ready') {
      tellPage();
      tell({ type: 'open', gesture: false });
    } else if (message.type === 'lock') {
      hold(Boolean(message.held));
    } else if (message.type === 'card') {
      document.title = message.timer ? message.timer + ' · ' + title : title;
    }
  });
  window.addEventListener('resize', tellPage);
  window.addEventListener('storage', tellPage);
  calm.addListener(tellPage);
}
