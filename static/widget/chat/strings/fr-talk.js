/** French words of a chat that goes on aloud. */

import { add } from '../card.js';

export const table = {
  'call': 'Appel',
  'call.connecting': 'Connexion…',
  'call.asking': 'Autorisez le micro',
  'call.listening': 'Écoute',
  'call.thinking': 'Réfléchit',
  'call.speaking': 'Parle',
  'call.reconnecting': 'Reconnexion…',
  'call.muted': 'Votre micro est coupé',
  'call.write': 'Écrivez ici, l’appel continue',
  'mute': 'Couper le micro',
  'unmute': 'Rétablir le micro',
  'hangup': 'Raccrocher',
  'call.blocked': 'Votre micro est bloqué',
  'call.blocked.words': 'Autorisez-le à côté de l’adresse de cette page et appuyez de nouveau sur « Parler plutôt », ou continuez d’écrire.',
  'call.mic': 'Aucun micro n’a pu s’ouvrir',
  'call.mic.words': 'Branchez-en un, ou fermez l’application qui l’utilise. Vous pouvez écrire comme avant.',
  'call.full': 'Toutes les lignes sont occupées',
  'call.full.words': 'Continuez d’écrire, ou réessayez de parler dans une minute.',
  'call.elsewhere': 'Un autre onglet est en appel',
  'call.elsewhere.words': 'Raccrochez d’abord là-bas. Vous pouvez aussi écrire ici.',
  'call.failed': 'L’appel n’a pas abouti',
  'call.failed.words': 'Rien de ce que vous avez écrit n’est perdu. Continuez d’écrire, ou réessayez.',
};

add('fr', table);
