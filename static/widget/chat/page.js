/** What passes between a chat and the page that it stands on: messages one way, what the page knows the other. */

import { SENT } from './journal.js';

const CONTEXT_MS = 5000;

export class Page {
  /** @param {any} chat */
  constructor(chat) {
    this.chat = chat;
    this.told = new Set();
  }

  /** The page hears of each message once, and of none that a former page heard of. */
  tell() {
    const { chat } = this;
    const quiet = chat.resumed && !chat.caughtUp;
    for (const entry of chat.journal.entries.filter((one) => one.who !== 'mark')) {
      const whole = entry.who === 'you' ? entry.state === SENT : entry.done;
      if (whole && !this.told.has(entry.key)) {
        this.told.add(entry.key);
        const name = entry.who === 'you' ? 'messageSent' : 'messageReceived';
        if (!quiet) chat.world.emit(name, [{ id: entry.id || entry.localId || '', text: entry.text, at: entry.at }]);
        entry.quiet = quiet;
      }
    }
  }

  /** What the page signs for this conversation; it is waited for a little, and missed by nobody. */
  context() {
    const { chat } = this;
    return new Promise((met) => {
      chat.after('context', CONTEXT_MS, () => met(''));
      chat.world.context({ sessionId: chat.session, contextId: chat.journal.contextId }).then(met, () => met(''));
    });
  }

  data() {
    const data = this.chat.world.data();
    return Object.keys(data).length ? { data } : {};
  }

  /** The page knows something else of itself now. */
  inform() {
    const { chat } = this;
    if (chat.running && chat.journal.joined) chat.link.send('USER_CONTEXT', this.data());
  }

  /** The page is asked to sign once more; one question at a time. */
  async refresh() {
    const { chat } = this;
    if (!chat.running || !chat.journal.joined || chat.joining) return;
    const { link } = chat;
    chat.joining = true;
    const context = await this.context();
    chat.joining = false;
    if (chat.link !== link) return;
    if (context) link.send('USER_CONTEXT', { context });
    chat.flush();
  }
}
