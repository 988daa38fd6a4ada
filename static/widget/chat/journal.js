/**
 * What was said in one chat, as the server tells it: each event once, in its order, whatever comes twice or late.
 *
 * No clock, no network, no document: events go in, entries come out. What the visitor writes stands here before the
 * server knows of it, under a `localId` by which its echo is known again.
 */

const PREFIX = /^EVENT_TYPE_/;
// What a message can be: on its way, kept by the server, waiting for the connection, not taken.
export const SENDING = 'sending';
export const SENT = 'sent';
export const WAITING = 'waiting';
export const FAILED = 'failed';

export class Journal {
  constructor() {
    this.entries = /** @type {any[]} */ ([]);
    this.cursor = 0;
    this.seen = new Set();
    this.thinking = false;
    this.joined = false;
    this.aloud = false; // a call has the conversation
    this.over = ''; // why, once it is
    this.contextId = '';
    this.heartbeat_s = 30;
    this.agent = { name: '', avatar: '' };
    this.made = 0;
  }

  /** The visitor's words, before anybody has them. @returns {object} the entry */
  say(text, localId, at) {
    const known = this.own(localId);
    if (known) return known;
    const entry = this.put({ who: 'you', text, localId, at, state: SENDING, order: Infinity });
    this.dropChips();
    return entry;
  }

  own(localId) {
    return this.entries.find((entry) => entry.localId && entry.localId === localId);
  }

  /** What has no echo yet, in the order it was written. */
  unsent() {
    return this.entries.filter((entry) => entry.who === 'you' && entry.state !== SENT);
  }

  /** @returns {string[]} the kinds of events that were new, a batch opened up */
  hear(event) {
    const type = String(event && event.type).replace(PREFIX, '');
    const payload = (event && event.payload) || {};
    if (type === 'EVENT_BATCH') {
      const told = Array.isArray(payload.events) ? payload.events.slice() : [];
      told.sort((one, other) => place(one) - place(other));
      return [].concat(...told.map((one) => this.hear(one)));
    }
    if (event && typeof event.sequence === 'number') {
      if (this.seen.has(event.id)) return [];
      this.seen.add(event.id);
      this.cursor = Math.max(this.cursor, event.sequence);
    }
    const take = TAKES[type] || (/_AGENT_MESSAGE$/.test(type) ? whole : null);
    if (!take) return [];
    take(this, payload, event);
    return [type];
  }

  put(entry) {
    this.made += 1;
    this.entries.push(Object.assign({ key: this.made, chips: [], cards: [], done: true }, entry));
    this.sort();
    return this.entries.find((one) => one.key === this.made);
  }

  /** As the server has it; what it has not got yet comes last. */
  sort() {
    this.entries.sort((one, other) => (one.order === other.order ? one.key - other.key : one.order - other.order));
  }

  dropChips() {
    for (const entry of this.entries) entry.chips = [];
  }
}

const place = (event) => (event && typeof event.sequence === 'number' ? event.sequence : Infinity);
const text = (value) => (typeof value === 'string' ? value : '');
const list = (value) => (Array.isArray(value) ? value : []);

function face(journal, payload) {
  const name = text(payload.agent_name);
  const avatar = text(payload.agent_avatar_url) || text(payload.avatar_url);
  if (name) journal.agent = { name, avatar };
}

/** What stands beside an answer: what could be written next, pages and pictures, numbers to ring. */
function carry(entry, payload) {
  const chips = list(payload.response_suggestions).map((one) => text(one && one.message_text)).filter(Boolean);
  if (chips.length) entry.chips = chips;
  for (const one of list(payload.attachments)) {
    const card = one && {
      title: text(one.title), url: text(one.content_url), picture: text(one.preview_image_url),
      image: /IMAGE$/.test(text(one.content_type)), words: text(one.call_to_action_text),
    };
    if (card && card.url && !entry.cards.some((other) => other.url === card.url)) entry.cards.push(card);
  }
  for (const one of list(payload.chat_call_actions)) {
    const number = text(one && one.contact_number);
    if (number) entry.cards.push({ title: text(one.title), number, url: 'tel:' + number.replace(/[^\d+]/g, '') });
  }
}

function whole(journal, payload, event) {
  journal.thinking = false;
  face(journal, payload);
  journal.dropChips();
  const entry = journal.put({ who: 'agent', text: text(payload.text), id: payload.message_id, at: event.timestamp, order: place(event) });
  carry(entry, payload);
}

const TAKES = {
  SESSION_START(journal, payload) {
    const able = payload.capabilities || {};
    journal.contextId = text(payload.context_id);
    if (typeof able.heartbeat_interval_seconds === 'number') journal.heartbeat_s = able.heartbeat_interval_seconds;
  },
  POLY_AGENT_JOINED(journal, payload) {
    journal.joined = true;
    face(journal, payload);
  },
  POLY_AGENT_THINKING(journal) {
    journal.thinking = true;
  },
  POLY_AGENT_MESSAGE: whole,
  POLY_AGENT_MESSAGE_CHUNK(journal, payload, event) {
    journal.thinking = false;
    face(journal, payload);
    let entry = journal.entries.find((one) => one.id && one.id === payload.message_id);
    if (!entry) {
      journal.dropChips();
      for (const one of journal.entries) one.done = true; // a new answer finishes the one before
      entry = journal.put({ who: 'agent', text: '', id: payload.message_id, at: event.timestamp, order: place(event), done: false });
    }
    entry.text += text(payload.text);
    if (payload.is_complete) entry.done = true;
    carry(entry, payload);
  },
  USER_MESSAGE(journal, payload, event) {
    const localId = ((event.metadata || {}).custom || {}).local_id;
    const entry = journal.own(localId);
    if (entry) {
      Object.assign(entry, { state: SENT, order: place(event), at: event.timestamp });
      journal.sort();
    } else {
      journal.put({ who: 'you', text: text(payload.text), localId, at: event.timestamp, state: SENT, order: place(event) });
    }
    journal.dropChips();
  },
  VOICE_STARTED(journal, payload, event) {
    journal.aloud = true;
    journal.thinking = false;
    journal.dropChips();
    journal.put({ who: 'mark', text: 'aloud.began', at: event.timestamp, order: place(event) });
  },
  VOICE_ENDED(journal, payload, event) {
    journal.aloud = false;
    if (payload.seconds > 0) journal.put({ who: 'mark', text: 'aloud.ended', seconds: payload.seconds, at: event.timestamp, order: place(event) });
  },
  /** What was said or typed in the call; told again under its number where it was corrected. */
  VOICE_TURN(journal, payload, event) {
    const localId = ((event.metadata || {}).custom || {}).local_id;
    const said = { turn: payload.turn, text: text(payload.text) };
    const entry = journal.entries.find((one) => one.turn === payload.turn) || journal.own(localId);
    if (!entry) {
      const who = payload.speaker === 'agent' ? 'agent' : 'you';
      journal.put(Object.assign({ who, localId, at: event.timestamp, state: SENT, order: place(event), aloud: payload.medium === 'voice' }, said));
    } else if (entry.state === SENT) {
      Object.assign(entry, said);
    } else {
      Object.assign(entry, said, { state: SENT, order: place(event), at: event.timestamp });
      journal.sort();
    }
  },
  SESSION_END(journal, payload) {
    journal.thinking = false;
    journal.over = text(payload.reason) || 'REASON_NATURAL_END';
    for (const one of journal.entries) one.done = true;
  },
  SYSTEM_MESSAGE(journal, payload, event) {
    const entry = journal.own(((event.metadata || {}).custom || {}).local_id);
    // What could not be kept is sent again by itself; what was refused waits for the visitor.
    if (entry && entry.state !== SENT) entry.state = payload.code === 'UNAVAILABLE' ? SENDING : FAILED;
    if (entry) entry.code = text(payload.code);
  },
  HEARTBEAT() {},
};
