/**
 * One chat, from the first opening to its end: what it is waiting for, what goes out and when, how it comes back.
 *
 * It draws nothing and owns no clock; what it needs is handed in, so that its tests need no browser.
 */

import { FAILED, Journal, SENDING, SENT, WAITING } from './journal.js';

const ECHO_MS = 5000;
const TRIES = 3; // of a message that has no echo
const THINKING_MS = 10000;
const AWAY_MS = 1500; // shorter losses are not spoken of
const ENDS_MS = 3000;
const TYPES_MS = 3000;
const STOPS_MS = 5000;
const CONTEXT_MS = 5000;
const GREETING_MS = 2000;
const VOICE_MS = 10000;
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
    this.rated = '';
    this.tries = {};
    this.told = new Set();
    this.voice = null; // a call that has the conversation, or is about to: it takes what is typed (later/talk.js)
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
    this.world.never(this.timers[name]);
    this.timers[name] = this.world.later(run, ms);
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
      const session = await this.admitted();
      if (this.state.name !== 'starting') return;
      this.session = session;
      this.connect();
      this.save();
      this.go('open');
    } catch (error) {
      this.failed(error);
    }
  }

  async admitted() {
    const { api, wanted } = this.world;
    const known = Boolean(this.token);
    if (!known) this.token = await api.token();
    const asked = Object.assign({}, wanted(), this.agreed && this.consent && { consent: this.consent.digest });
    try {
      return await api.session(this.token, asked);
    } catch (error) {
      if (!known || error.code !== 'TOKEN_INVALID') throw error;
      this.token = await api.token();
      return api.session(this.token, asked);
    }
  }

  failed(error) {
    const code = error.code || 'BROWSER_FAILED';
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
    if (found.includes('VOICE_ENDED') && this.voice && !this.voice.busy) this.takeBack();
    this.tell();
    if (this.joining && found.some((type) => /_MESSAGE(?:_CHUNK)?$/.test(type))) this.greeted();
    if (!this.journal.over) this.save();
    this.world.show();
  }

  /** The page hears of each message once, and of none that a former page heard of. */
  tell() {
    const quiet = this.resumed && !this.caughtUp;
    for (const entry of this.journal.entries.filter((one) => one.who !== 'mark')) {
      const whole = entry.who === 'you' ? entry.state === SENT : entry.done;
      if (whole && !this.told.has(entry.key)) {
        this.told.add(entry.key);
        const name = entry.who === 'you' ? 'messageSent' : 'messageReceived';
        if (!quiet) this.world.emit(name, [{ id: entry.id || entry.localId || '', text: entry.text, at: entry.at }]);
        entry.quiet = quiet;
      }
    }
  }

  async opened() {
    this.world.never(this.timers.away);
    this.away = false;
    const { link, journal } = this;
    if (!journal.joined && !this.joining) {
      this.joining = true;
      const context = await this.context();
      if (this.link !== link) return;
      this.after('greeting', GREETING_MS, () => this.greeted());
      link.send('REQUEST_POLY_AGENT_JOIN', Object.assign(context ? { context } : {}, this.data()));
    } else this.flush();
    this.world.show();
  }

  /** What was written meanwhile goes out behind the greeting, which answers nothing. */
  greeted() {
    this.world.never(this.timers.greeting);
    this.joining = false;
    this.flush();
    this.world.show();
  }

  /** What the page signs for this conversation; it is waited for a little, and missed by nobody. */
  context() {
    return new Promise((met) => {
      this.after('context', CONTEXT_MS, () => met(''));
      this.world.context({ sessionId: this.session, contextId: this.journal.contextId }).then(met, () => met(''));
    });
  }

  data() {
    const data = this.world.data();
    return Object.keys(data).length ? { data } : {};
  }

  /** The page knows something else of itself now. */
  inform() {
    if (this.running && this.journal.joined) this.link.send('USER_CONTEXT', this.data());
  }

  /** The page is asked to sign once more; one question at a time. */
  async refresh() {
    if (!this.running || !this.journal.joined || this.joining) return;
    const { link } = this;
    this.joining = true;
    const context = await this.context();
    this.joining = false;
    if (this.link !== link) return;
    if (context) link.send('USER_CONTEXT', { context });
    this.flush();
  }

  lost() {
    this.joining = false;
    for (const entry of this.journal.unsent()) if (entry.state === SENDING) entry.state = WAITING;
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
    this.typing(false);
    this.save();
    this.flush();
    this.world.show();
    return true;
  }

  /** Once more what was not taken. */
  retry(localId) {
    const entry = this.journal.own(localId);
    if (!entry || entry.state !== FAILED) return;
    entry.state = SENDING;
    this.tries[localId] = 0;
    this.flush();
    this.world.show();
  }

  flush() {
    if (this.joining) return; // the greeting comes first
    for (const entry of this.journal.unsent()) {
      if (this.voice) {
        // Once: a call has no echo of its own. What it does not take goes the usual way when it is over.
        if (!entry.spoken && entry.text.length <= this.voice.most) entry.spoken = this.voice.write(entry.text, entry.localId);
        entry.state = entry.spoken ? SENDING : WAITING;
      } else if (entry.state !== FAILED) {
        entry.state = SENDING;
        this.tries[entry.localId] = (this.tries[entry.localId] || 0) + 1;
        if (!this.link || !this.link.send('USER_MESSAGE', { text: entry.text }, { local_id: entry.localId })) {
          entry.state = WAITING;
          this.tries[entry.localId] = 0;
        }
      }
    }
    if (this.journal.unsent().length && !this.voice) this.after('echo', ECHO_MS, () => this.missing());
  }

  /** No echo came: it is sent again under the same id, and after a few times the visitor is asked. */
  missing() {
    for (const entry of this.journal.unsent()) {
      if (entry.state === SENDING && this.tries[entry.localId] >= TRIES) entry.state = FAILED;
    }
    if (this.running) this.flush();
    this.world.show();
  }

  /** A call takes what is typed from now on. @param {{busy: boolean, most: number, write: (text: string, id: string) => boolean}} voice */
  lend(voice) {
    this.voice = voice;
  }

  /** The call is over, or came to nothing: once the server says so, too, what was typed goes the usual way again. */
  hungUp() {
    if (this.journal.aloud) this.after('voice', VOICE_MS, () => this.takeBack());
    else this.takeBack();
  }

  takeBack() {
    this.world.never(this.timers.voice);
    this.voice = null;
    this.flush();
    this.world.show();
  }

  typing(on) {
    if (!this.running || !this.link) return;
    const stop = () => {
      this.world.never(this.timers.stops);
      if (this.types) this.link.send('USER_TYPING', { state: 'TYPING_STATE_STOPPED' });
      this.types = 0;
    };
    if (!on) {
      stop();
      return;
    }
    const now = this.world.now().getTime();
    if (!this.types || now - this.types >= TYPES_MS) {
      this.types = now;
      this.link.send('USER_TYPING', { state: 'TYPING_STATE_STARTED' });
    }
    this.after('stops', STOPS_MS, stop);
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
        this.after('again', ECHO_MS, () => {
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
    for (const entry of this.journal.unsent()) entry.state = FAILED;
    this.journal.thinking = false;
    this.close();
    this.go('ended', { reason });
    this.world.emit('sessionEnded', [{ reason }]);
  }

  close() {
    Object.keys(this.timers).forEach((name) => this.world.never(this.timers[name]));
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

  async rate(stars, comment) {
    this.rated = 'sending';
    this.world.show();
    try {
      await this.world.api.rate(this.token, this.session, stars, comment);
      this.rated = 'sent';
    } catch (error) {
      this.rated = error.code === 'RATING_GIVEN' ? 'sent' : 'failed';
    }
    this.world.show();
  }

  skip() {
    this.rated = 'skipped';
    this.world.show();
  }
}
