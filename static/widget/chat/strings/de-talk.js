/** German words of a chat that goes on aloud. */

import { add } from '../card.js';

export const table = {
  'call': 'Gespräch',
  'call.connecting': 'Wird verbunden …',
  'call.asking': 'Mikrofon erlauben',
  'call.listening': 'Hört zu',
  'call.thinking': 'Denkt nach',
  'call.speaking': 'Spricht',
  'call.reconnecting': 'Verbindet neu …',
  'call.muted': 'Sie sind stumm',
  'call.write': 'Hier schreiben, das Gespräch geht weiter',
  'mute': 'Stumm',
  'unmute': 'Ton an',
  'hangup': 'Auflegen',
  'call.blocked': 'Ihr Mikrofon ist blockiert',
  'call.blocked.words': 'Erlauben Sie es neben der Adresse dieser Seite und drücken Sie noch einmal auf „Lieber sprechen“, oder schreiben Sie weiter.',
  'call.mic': 'Kein Mikrofon ließ sich öffnen',
  'call.mic.words': 'Schließen Sie eines an, oder beenden Sie die App, die es benutzt. Schreiben geht wie bisher.',
  'call.full': 'Gerade sind alle im Gespräch',
  'call.full.words': 'Schreiben Sie weiter, oder versuchen Sie es in einer Minute noch einmal.',
  'call.elsewhere': 'Ein anderer Tab ist im Gespräch',
  'call.elsewhere.words': 'Legen Sie dort erst auf. Schreiben geht auch hier.',
  'call.failed': 'Das Gespräch kam nicht zustande',
  'call.failed.words': 'Von dem, was Sie geschrieben haben, ist nichts verloren. Schreiben Sie weiter, oder versuchen Sie es noch einmal.',
};

add('de', table);
