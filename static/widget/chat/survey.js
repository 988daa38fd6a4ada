/** What the visitor thinks of a chat, once it is over: given once, or not at all. */

export class Survey {
  /** @param {any} chat */
  constructor(chat) {
    this.chat = chat;
    this.state = ''; // sending, sent, failed, skipped
  }

  get done() {
    return this.state === 'sent' || this.state === 'skipped';
  }

  go(state) {
    this.state = state;
    this.chat.world.show();
  }

  async rate(stars, comment) {
    const { token, session, world } = this.chat;
    this.go('sending');
    try {
      await world.api.rate(token, session, stars, comment);
      this.go('sent');
    } catch (error) {
      this.go(error.code === 'RATING_GIVEN' ? 'sent' : 'failed');
    }
  }

  skip() {
    this.go('skipped');
  }
}
