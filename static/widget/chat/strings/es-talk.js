/** Spanish words of a chat that goes on aloud. */

import { add } from '../card.js';

export const table = {
  'call': 'Llamada',
  'call.connecting': 'Conectando…',
  'call.asking': 'Permita el micrófono',
  'call.listening': 'Escucha',
  'call.thinking': 'Piensa',
  'call.speaking': 'Habla',
  'call.reconnecting': 'Reconectando…',
  'call.muted': 'Está en silencio',
  'call.write': 'Escriba aquí, la llamada sigue',
  'mute': 'Silenciar',
  'unmute': 'Activar el micrófono',
  'hangup': 'Colgar',
  'call.blocked': 'Su micrófono está bloqueado',
  'call.blocked.words': 'Permítalo junto a la dirección de esta página y pulse de nuevo «Prefiero hablar», o siga escribiendo.',
  'call.mic': 'No se pudo abrir ningún micrófono',
  'call.mic.words': 'Conecte uno o cierre la aplicación que lo usa. Puede escribir como antes.',
  'call.full': 'Ahora todas las líneas están ocupadas',
  'call.full.words': 'Siga escribiendo o intente hablar de nuevo en un minuto.',
  'call.elsewhere': 'Hay una llamada en otra pestaña',
  'call.elsewhere.words': 'Cuelgue allí primero. Aquí también puede escribir.',
  'call.failed': 'La llamada no se estableció',
  'call.failed.words': 'No se ha perdido nada de lo que escribió. Siga escribiendo o inténtelo de nuevo.',
};

add('es', table);
