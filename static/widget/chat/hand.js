/** The visitor's hand on the keys, as the agent's side is told of it: at most every three seconds, and that it stopped. */

const TYPES_MS = 3000;
const STOPS_MS = 5000;

export class Hand {
  /** @param {any} chat */
  constructor(chat) {
    this.chat = chat;
    this.told_ms = 0;
  }

  typing(on) {
    const { chat } = this;
    if (!chat.running || !chat.link) return;
    if (!on) {
      this.stop();
      return;
    }
    const now_ms = chat.world.now().getTime();
    if (!this.told_ms || now_ms - this.told_ms >= TYPES_MS) {
      this.told_ms = now_ms;
      chat.link.send('USER_TYPING', { state: 'TYPING_STATE_STARTED' });
    }
    chat.after('stops', STOPS_MS, () => this.stop());
  }

  stop() {
    const { chat } = this;
    chat.never('stops');
    if (this.told_ms) chat.link.send('USER_TYPING', { state: 'TYPING_STATE_STOPPED' });
    this.told_ms = 0;
  }
}
