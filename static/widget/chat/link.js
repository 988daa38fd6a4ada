/**
 * The socket of a chat, kept open: it comes back by itself, later each time, and asks for what it lacks by the cursor.
 *
 * It says why it does not: the chat is over, the session is refused, or nobody answers although the network is there.
 */

import { attempt } from '../frame/guard.js';

const LONGEST_S = 30;
const SPREAD = 0.2;
const UNOPENED = 3; // tries that were turned away before it is asked what is wrong; one where there was never another answer
const OVER = 1000;
const REFUSED = 4001;
const ARRIVES_MS = 15000;

export class Link {
  /**
   * @param {{
   *   open: (url: string) => WebSocket, url: () => string, heartbeat_s: () => number, random?: () => number,
   *   later?: (run: () => void, ms: number) => any, never?: (timer: any) => void,
   * }} world
   * @param {{event: (e: any) => void, opened: () => void, lost: () => void, over: (why: string) => void}} to
   */
  constructor(world, to) {
    this.world = Object.assign({ random: Math.random, later: (run, ms) => setTimeout(run, ms), never: (timer) => clearTimeout(timer) }, world);
    this.to = to;
    this.socket = null;
    this.ready = false; // events came over this socket
    this.done = false;
    this.tries = 0;
    this.unopened = 0;
    this.heard = false;
    this.timers = {};
  }

  after(name, ms, run) {
    this.world.never(this.timers[name]);
    this.timers[name] = this.world.later(run, ms);
  }

  open() {
    if (this.done || this.socket) return;
    this.world.never(this.timers.back);
    let opened = false;
    const socket = attempt(() => this.world.open(this.world.url()), null);
    if (!socket) {
      this.again();
      return;
    }
    this.socket = socket;
    this.after('silence', ARRIVES_MS, () => this.drop());
    socket.addEventListener('open', () => { opened = true; });
    socket.addEventListener('message', ({ data }) => {
      if (this.socket === socket) this.hear(data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.socket !== socket) return;
      this.gone();
      this.unopened = opened ? 0 : this.unopened + 1;
      if (code === OVER) this.end('over');
      else if (code === REFUSED) this.end('refused');
      else if (this.unopened >= (this.heard ? UNOPENED : 1)) this.end('unopened');
      else this.again();
    });
  }

  hear(data) {
    const event = attempt(() => JSON.parse(data), null);
    if (!event || typeof event !== 'object') return;
    const first = !this.ready;
    this.ready = this.heard = true;
    this.tries = 0;
    this.watch();
    this.to.event(event);
    if (first && !this.done) this.to.opened();
  }

  /** Nothing heard for two beats: the network is gone, though the socket does not know it. */
  watch() {
    const every = this.world.heartbeat_s() * 1000;
    if (!every || this.done) return;
    this.after('silence', every * 2.5, () => this.drop());
    this.after('beat', every, () => this.beat());
  }

  beat() {
    this.send('HEARTBEAT', {});
    if (!this.done) this.after('beat', this.world.heartbeat_s() * 1000, () => this.beat());
  }

  /** @returns {boolean} whether it went out */
  send(type, payload, custom) {
    const { socket } = this;
    if (!this.ready || !socket || attempt(() => socket.readyState, 1) !== 1) return false;
    const frame = { type: 'EVENT_TYPE_' + type, payload };
    return attempt(() => {
      socket.send(JSON.stringify(custom ? Object.assign(frame, { metadata: { custom } }) : frame));
      return true;
    }, false);
  }

  /** The network is back, or the visitor wants it now. */
  now() {
    if (this.done || this.ready) return;
    this.drop(true);
    this.tries = 0;
    this.open();
  }

  drop(quietly) {
    const { socket } = this;
    if (!socket) return;
    this.gone();
    attempt(() => socket.close());
    if (!quietly) this.again();
  }

  gone() {
    this.socket = null;
    const was = this.ready;
    this.ready = false;
    this.world.never(this.timers.silence);
    this.world.never(this.timers.beat);
    if (was && !this.done) this.to.lost();
  }

  again() {
    if (this.done) return;
    const after_s = Math.min(LONGEST_S, 2 ** this.tries) * (1 + SPREAD * (2 * this.world.random() - 1));
    this.tries += 1;
    this.after('back', after_s * 1000, () => this.open());
  }

  end(why) {
    if (this.done) return;
    this.close();
    this.to.over(why);
  }

  close() {
    const { socket } = this;
    this.done = true;
    this.gone();
    Object.keys(this.timers).forEach((name) => this.world.never(this.timers[name]));
    if (socket) attempt(() => socket.close(1000));
  }
}
