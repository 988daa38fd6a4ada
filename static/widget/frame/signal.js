/** One WebSocket to the server: says hello, answers pings, hands on what comes, says why it closed. */

import { attempt } from './guard.js';

export const WRITTEN_MOST = 2000; // characters that a call takes at once: agents/engine/line.py
const BROKEN = 1006;
// Closed on purpose, or refused for a reason that another try does not change.
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009]);

export class Signal {
  /**
   * @param {(url: string) => WebSocket} open
   * @param {{message: (m: object) => void, closed: (final: boolean, code: number) => void}} to
   * @param {number} [lastEvent]  the number of the last event that is known already
   */
  constructor(open, url, to, lastEvent) {
    this.to = to;
    this.lastEvent = lastEvent || 0;
    this.waiting = [];
    this.done = false;
    this.socket = open(url);
    try {
      this.socket.addEventListener('open', () => {
        const { waiting } = this;
        this.waiting = null;
        waiting.forEach((message) => this.send(message));
      });
      this.socket.addEventListener('message', (event) => this.hear(event.data));
      this.socket.addEventListener('close', (event) => this.lost(attempt(() => event.code, BROKEN)));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  hear(text) {
    if (this.done) return;
    let message;
    try {
      message = JSON.parse(text);
    } catch (error) {
      return;
    }
    // Answered here and not by a timer: a tab in the background has its timers slowed down, its messages not.
    if (message.type === 'ping') return this.send({ type: 'pong', t: message.t });
    if (message.type === 'event') {
      if (message.n <= this.lastEvent) return;
      this.lastEvent = message.n;
    }
    this.to.message(message);
  }

  send(message) {
    if (this.done) return;
    if (this.waiting) this.waiting.push(message);
    if (this.waiting) return;
    try {
      if (this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
    } catch (error) {
      this.lost(BROKEN);
      this.close();
    }
  }

  lost(code) {
    if (this.done) return;
    this.done = true;
    this.to.closed(FINAL.has(code) || code >= 4000, code);
  }

  /** Nothing more is heard or said. A goodbye sent just before still goes out: closing waits for it. */
  close() {
    this.done = true;
    attempt(() => this.socket.close(1000));
  }
}
