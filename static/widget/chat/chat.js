/**
 * One chat, from the first opening to its end: what it is waiting for, what goes out and when, how it comes back.
 *
 * It draws nothing and owns no clock; what it needs is handed in, so that its tests need no browser.
 */

import { admitted } from './admission.js';
import { Hand } from './hand.js';
import { Journal } from './journal.js';
import { Outbox } from './outbox.js';
import { Page } from './page.js';
import { Survey } from './survey.js';

const AGAIN_MS = 5000; // until a server that could not be reached is tried anew
const THINKING_MS = 10000;
const AWAY_MS = 1500; // shorter losses are not spoken of
const ENDS_MS = 3000;
const GREETING_MS = 2000;
export const CHARS_MOST = 8000;

export class Chat {
  /**
   * @param {{
   *   api: any, keep: any, newLink: (url: () => string, beat: () => number, to: any) => any, socket: string,
   *   wanted: () => any, consent: any, begin: () => void, now: () => Date, id: () => string, later: (run: () => void, ms: number) => any,
   *   never: (timer: any) => void, context: (about: any) => Promise<string>, data: () => any, emit: (name: string, args: any[]) => void, show: () => void,
   * }} world
   */
  constructor(world) {
    this.world = world;
    this.consent = world.consent;
    this.timers = {};
    this.reset();
  }

  reset() {
    this.state = { name: 'start', code: '', reason: '' };
    this.journal = new Journal();
    this.link = null;
    this.session = '';
    this.agreed = false;
    this.resumed = false;
    this.caughtUp = false;
    this.away = false;
    this.joining = false;
    this.finding = null;
    this.outbox = new Outbox(this);
    this.hand = new Hand(this);
    this.page = new Page(this);
    this.survey = new Survey(this);
  }

  get running() {
    return this.state.name === 'open';
  }

  get wrote() {
    return this.journal.entries.some((entry) => entry.who === 'you');
  }

  go(name, more) {
    this.state = Object.assign({ name, code: '', reason: '' }, more);
    this.world.show();
  }

  after(name, ms, run) {
    this.never(name);
    this.timers[name] = this.world.later(run, ms);
  }

  never(name) {
    this.world.never(this.timers[name]);
  }

  // ── The beginning ──────────────────────────────────────────────────────────────────────────────────────────

  /** Goes on with the chat that this tab had, or another one has. Asked once. @returns {Promise<boolean>} */
  resume() {
    if (!this.finding) this.finding = this.found();
    return this.finding;
  }

  async found() {
    const place = await this.world.keep.find();
    if (!place || this.link) return false;
    this.token = place.token;
    this.session = place.session;
    this.resumed = true;
    for (const one of place.pending || []) this.journal.say(one.text, one.localId, one.at);
    this.connect();
    this.go('open');
    return true;
  }

  /** The card is open: a chat begins, unless one goes on or there is something to agree to. */
  async begin() {
    if (this.state.name !== 'start' && this.state.name !== 'error') return;
    this.state.name = 'starting';
    if (await this.resume()) return;
    if (this.consent && !this.agreed) {
      this.go('consent');
      return;
    }
    this.go('starting');
    try {
      const session = await admitted(this);
      if (this.state.name !== 'starting') return;
      this.session = session;
      this.connect();
      this.save();
      this.go('open');
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    const code = typeof error.code === 'string' ? error.code : 'BROWSER_FAILED'; // what browsers throw has a number
    if (code === 'CONSENT_REQUIRED' && error.body && error.body.consent) {
      // The wording has changed since the card was made.
      this.consent = error.body.consent;
      this.agreed = false;
      this.go('consent');
    } else this.go('error', { code });
  }

  agree() {
    if (this.state.name !== 'consent') return;
    this.agreed = true;
    this.state.name = 'start';
    this.begin();
  }

  connect() {
    const { journal } = this;
    const url = () => {
      const cursor = journal.cursor ? '&cursor=' + journal.cursor : '';
      return this.world.socket + '?access_token=' + encodeURIComponent(this.token) + '&session_id=' + this.session + cursor;
    };
    this.link = this.world.newLink(url, () => journal.heartbeat_s, {
      event: (event) => this.hear(event),
      opened: () => this.opened(),
      lost: () => this.lost(),
      over: (why) => this.over(why),
    });
    this.link.open();
    this.after('away', AWAY_MS, () => this.seem());
  }

  // ── What comes ─────────────────────────────────────────────────────────────────────────────────────────────

  hear(event) {
    if (event.type !== 'EVENT_TYPE_EVENT_BATCH') this.caughtUp = true;
    const found = this.journal.hear(event);
    if (!found.length) return;
    if (found.includes('POLY_AGENT_THINKING')) {
      this.after('thinking', THINKING_MS, () => {
        this.journal.thinking = false;
        this.world.show();
      });
    }
    if (found.includes('VOICE_ENDED')) this.outbox.released();
    this.page.tell();
    if (this.joining && found.some((type) => /_MESSAGE(?:_CHUNK)?$/.test(type))) this.greeted();
    if (!this.journal.over) this.save();
    this.world.show();
  }

  async opened() {
    this.never('away');
    this.away = false;
    const { link, journal } = this;
    if (!journal.joined && !this.joining) {
      this.joining = true;
      const context = await this.page.context();
      if (this.link !== link) return;
      this.after('greeting', GREETING_MS, () => this.greeted());
      link.send('REQUEST_POLY_AGENT_JOIN', Object.assign(context ? { context } : {}, this.page.data()));
    } else this.flush();
    this.world.show();
  }

  /** What was written meanwhile goes out behind the greeting, which answers nothing. */
  greeted() {
    this.never('greeting');
    this.joining = false;
    this.flush();
    this.world.show();
  }

  lost() {
    this.joining = false;
    this.outbox.hold();
    this.after('away', AWAY_MS, () => this.seem());
    this.world.show();
  }

  seem() {
    this.away = this.running && !(this.link && this.link.ready);
    this.world.show();
  }

  /** The browser says that the network is there again. */
  online() {
    if (this.state.name === 'error' && this.state.code === 'NETWORK') this.begin();
    else if (this.running && this.link) this.link.now();
  }

  // ── What goes out ──────────────────────────────────────────────────────────────────────────────────────────

  /** @returns {boolean} whether it was taken */
  say(text) {
    const words = text.trim();
    if (!words || words.length > CHARS_MOST) return false;
    if (this.state.name === 'start') this.world.begin(); // the field is seen a moment before the page says that it is open
    if (!this.running && this.state.name !== 'starting') return false;
    this.journal.say(words, this.world.id(), this.world.now().toISOString());
    this.hand.typing(false);
    this.save();
    this.flush();
    this.world.show();
    return true;
  }

  flush() {
    this.outbox.flush();
  }

  /** What a reload must not lose. */
  save() {
    if (!this.session) return;
    const pending = this.journal.unsent().map(({ text, localId, at }) => ({ text, localId, at }));
    this.world.keep.save({ token: this.token, session: this.session, pending });
  }

  // ── The end ────────────────────────────────────────────────────────────────────────────────────────────────

  end() {
    if (!this.running) return;
    if (this.link.send('USER_END_SESSION', {})) this.after('ends', ENDS_MS, () => this.finish('REASON_USER_END'));
    else this.finish('REASON_USER_END');
  }

  async over(why) {
    const { journal } = this;
    if (why === 'over') this.finish(journal.over || 'REASON_NATURAL_END');
    else if (why === 'refused') this.lapse();
    else {
      // Turned away: either the chat is over, or the server cannot be reached.
      const session = this.session;
      let there = true;
      try {
        await this.world.api.renew();
      } catch (error) {
        there = error.code !== 'NETWORK';
      }
      if (this.session !== session || !this.running) return;
      if (there) this.lapse();
      else {
        this.after('again', AGAIN_MS, () => {
          if (this.session === session && this.running) this.connect();
        });
        this.lost();
      }
    }
  }

  /** The server knows the chat no longer. One that was never seen on this page is begun anew, with what waits. */
  lapse() {
    if (this.journal.cursor) {
      this.finish('REASON_USER_ABANDONED');
      return;
    }
    const waiting = this.journal.unsent();
    this.world.keep.clear();
    this.close();
    this.reset();
    this.finding = Promise.resolve(false);
    for (const one of waiting) this.journal.say(one.text, one.localId, one.at);
    this.begin();
  }

  finish(reason) {
    if (this.state.name === 'ended') return;
    this.world.keep.clear();
    this.outbox.giveUp();
    this.journal.thinking = false;
    this.close();
    this.go('ended', { reason });
    this.world.emit('sessionEnded', [{ reason }]);
  }

  close() {
    Object.keys(this.timers).forEach((name) => this.never(name));
    if (this.link) this.link.close();
    this.link = null;
  }

  /** A new chat; one that runs is over with it. */
  fresh() {
    if (this.running && this.link) this.link.send('USER_END_SESSION', {});
    if (this.running) this.finish('REASON_USER_END');
    const { agreed } = this;
    this.close();
    this.reset();
    this.agreed = agreed;
    this.finding = Promise.resolve(false);
    this.begin();
  }
}
