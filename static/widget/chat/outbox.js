/** What the visitor wrote and nobody has yet: which way it goes, how often it is tried, when it is given up. */

import { FAILED, SENDING, WAITING } from './journal.js';

const ECHO_MS = 5000;
const TRIES = 3; // of a message that has no echo
const VOICE_MS = 10000;

export class Outbox {
  /** @param {any} chat the one whose words these are: its journal, its link, its clock */
  constructor(chat) {
    this.chat = chat;
    this.tries = /** @type {{[localId: string]: number}} */ ({});
    this.voice = /** @type {any} */ (null); // a call that has the conversation, or is about to: it takes what is typed (later/talk.js)
  }

  /** All that waits, in the order it was written. */
  flush() {
    const { chat } = this;
    if (chat.joining) return; // the greeting comes first
    for (const entry of chat.journal.unsent()) {
      if (this.voice) {
        // Once: a call has no echo of its own. What it does not take goes the usual way when it is over.
        if (!entry.spoken && entry.text.length <= this.voice.most) entry.spoken = this.voice.write(entry.text, entry.localId);
        entry.state = entry.spoken ? SENDING : WAITING;
      } else if (entry.state !== FAILED) this.send(entry);
    }
    if (chat.journal.unsent().length && !this.voice) chat.after('echo', ECHO_MS, () => this.missing());
  }

  send(entry) {
    entry.state = SENDING;
    this.tries[entry.localId] = (this.tries[entry.localId] || 0) + 1;
    const { link } = this.chat;
    if (!link || !link.send('USER_MESSAGE', { text: entry.text }, { local_id: entry.localId })) {
      entry.state = WAITING;
      this.tries[entry.localId] = 0;
    }
  }

  /** Once more what was given up. */
  retry(localId) {
    const entry = this.chat.journal.own(localId);
    if (!entry || entry.state !== FAILED) return;
    entry.state = SENDING;
    this.tries[localId] = 0;
    this.flush();
    this.chat.world.show();
  }

  /** No echo came: it is sent again under the same id, and after a few times the visitor is asked. */
  missing() {
    for (const entry of this.chat.journal.unsent()) {
      if (entry.state === SENDING && this.tries[entry.localId] >= TRIES) entry.state = FAILED;
    }
    if (this.chat.running) this.flush();
    this.chat.world.show();
  }

  /** The connection is lost: what was on its way waits for the next one. */
  hold() {
    for (const entry of this.chat.journal.unsent()) if (entry.state === SENDING) entry.state = WAITING;
  }

  /** Nobody will take it any more. */
  giveUp() {
    for (const entry of this.chat.journal.unsent()) entry.state = FAILED;
  }

  /** A call takes what is typed from now on. @param {{busy: boolean, most: number, write: (text: string, id: string) => boolean}} voice */
  lend(voice) {
    this.voice = voice;
  }

  /** The call is over, or came to nothing: once the server says so, too, what was typed goes the usual way again. */
  hungUp() {
    if (this.chat.journal.aloud) this.chat.after('voice', VOICE_MS, () => this.takeBack());
    else this.takeBack();
  }

  /** The server says that no call has the conversation. */
  released() {
    if (this.voice && !this.voice.busy) this.takeBack();
  }

  takeBack() {
    this.chat.never('voice');
    this.voice = null;
    this.flush();
    this.chat.world.show();
  }
}
