/**
 * The visitor's choice of a language, at the top of the first screen. Only cards that ask load it, before their own
 * modules; words of another language are fetched when somebody chooses it.
 */

import { bring, el, icon, parts, PATHS } from '../card.js';

const KEY = 'pickup-language';
const LABELS = { en: 'Language', de: 'Sprache', fr: 'Langue', es: 'Idioma', ar: 'اللغة' };

PATHS.globe = '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.4 2.3 3.6 5.2 3.6 8.5s-1.2 6.2-3.6 8.5c-2.4-2.3-3.6-5.2-3.6-8.5s1.2-6.2 3.6-8.5z"/>';

/**
 * @param {any} settings  of the frame; a choice changes what depends on the language in them
 * @param {() => void} changed
 */
export function languages(settings, changed) {
  let wanted = settings.language;

  async function choose(language) {
    const offer = settings.offers.find((one) => one.language === language);
    if (!offer) return;
    wanted = language;
    await bring(offer.first.concat(parts.More ? offer.later : [])).catch(() => { wanted = settings.language; });
    if (wanted === language) {
      const { urls, config } = settings;
      Object.assign(settings, { language, consent: offer.consent });
      config.words = offer.words;
      urls.later = offer.later.concat(urls.later.filter((url) => !/\/strings\//.test(url)));
    }
    changed();
    // What somebody has chosen by hand no longer follows the attribute.
    const select = /** @type {HTMLSelectElement} */ (document.querySelector('.tongue select'));
    if (select) select.value = settings.language;
  }

  const kept = settings.grant && read(); // a preview shows what its editor chooses
  if (kept && kept !== settings.language) choose(kept);

  return () => {
    const select = /** @type {HTMLSelectElement} */ (el('select', { 'data-action': 'language', 'aria-label': LABELS[settings.language] },
      ...settings.offers.map(({ language, name }) => el('option', { value: language, lang: language, selected: language === settings.language ? '' : null }, name))));
    select.addEventListener('change', () => {
      keep(select.value);
      choose(select.value);
    });
    return el('div.tongue', null, icon('globe'), select);
  };
}

/** For the next page of this tab, and for a call that goes on after a reload. Where storage is refused, for now only. */
function keep(language) {
  try {
    window.sessionStorage.setItem(KEY, language);
  } catch (refused) {
    // The card asks again.
  }
}

function read() {
  try {
    return window.sessionStorage.getItem(KEY);
  } catch (refused) {
    return null;
  }
}

parts.languages = languages;
