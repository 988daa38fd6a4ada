/** What the page asks of the card: to open and to close, to fit the page, and the commands of docs/page-api.md. */

import { attempt } from './guard.js';

const has = (table, name) => typeof name === 'string' && Object.prototype.hasOwnProperty.call(table, name);

/** Listens to the parent only, at the origin that the grant was made for. @param {any} to  what it sets in motion */
export function answerPage({ host, page, call, view, post, show, tellCard, lookElsewhere }) {
  const commands = {
    connect: () => call.connect(),
    disconnect: () => call.disconnect(),
    startCall: (args, gesture) => call.startCall(gesture),
    endCall: () => call.endCall(),
    connectAndCall: (args, gesture) => call.connectAndCall(gesture),
    mute: () => call.setMuted(true),
    unmute: () => call.setMuted(false),
    sendInfo: ([text, data]) => call.sendInfo(text, data),
  };

  const hear = {
    open({ keyboard }) {
      if (!page.open && /^(app|missing)$/.test(call.state.reason)) call.ending.tellWhy(call.state.code);
      page.open = true;
      lookElsewhere();
      show();
      // Somebody with a mouse has their hand on it; a ring round the button would only startle.
      if (keyboard) view.focus(null);
      else attempt(() => view.card.focus());
    },
    close() {
      page.open = false;
      call.putAway();
      if (view.panel && view.panel.isMenu) view.panel.close(false);
      show();
    },
    page(message) {
      page.full = Boolean(message.full);
      page.elsewhere = Boolean(message.elsewhere);
      page.reducedMotion = view.still = Boolean(message.reducedMotion);
      view.size(page.full);
      if (page.open) lookElsewhere();
    },
    command({ id, name, args, gesture }) {
      if (!has(commands, name) || typeof id !== 'number') return;
      new Promise((done) => done(commands[name](args || [], Boolean(gesture)))).then(
        (value) => post({ type: 'result', id, value: value === undefined ? null : value }),
        (error) => {
          const told = { name: error.name, code: error.code || '', message: error.message };
          post({ type: 'result', id, error: told });
          // What broke a call is told by the call; what does not fit it is told here.
          if (told.name === 'InvalidStateError' && told.code !== 'CALL_ELSEWHERE') post({ type: 'event', name: 'error', args: [told] });
        });
      if (!page.open && (call.state.name === 'start' || call.state.name === 'consent') && /all$/.test(name)) tellCard(true);
    },
  };

  window.addEventListener('message', (event) => {
    const message = event.data;
    if (event.source !== window.parent || event.origin !== host || !message || message.pickup !== 1) return;
    if (has(hear, message.type)) hear[message.type](message);
  });
}
