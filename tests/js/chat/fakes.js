/** A chat's surroundings without a browser: a clock that is moved by hand, a server that is told what to do. */

export class Clock {
  constructor() {
    this.now = 1000;
    this.timers = new Map();
    this.made = 0;
    this.later = (run, ms) => {
      this.made += 1;
      this.timers.set(this.made, { at: this.now + ms, run });
      return this.made;
    };
    this.never = (id) => { this.timers.delete(id); };
  }

  async pass(ms) {
    const until = this.now + ms;
    for (;;) {
      await settled();
      const next = [...this.timers].sort((one, other) => one[1].at - other[1].at)[0];
      if (!next || next[1].at > until) break;
      this.timers.delete(next[0]);
      this.now = next[1].at;
      next[1].run();
    }
    this.now = until;
    await settled();
  }
}

/** Promises that wait for nothing but each other are met. */
export async function settled() {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

export class FakeSocket {
  constructor(url) {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    this.heard = {};
  }

  addEventListener(name, run) {
    this.heard[name] = run;
  }

  open() {
    this.readyState = 1;
    this.heard.open({});
  }

  say(event) {
    this.heard.message({ data: JSON.stringify(event) });
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.heard.close({ code: code || 1005 });
  }

  lose(code = 1006) {
    this.readyState = 3;
    this.heard.close({ code });
  }

  get types() {
    return this.sent.map((frame) => frame.type.slice(11));
  }
}

let made = 0;
export function event(type, payload = {}, sequence = null, custom = {}) {
  made += 1;
  return { id: 'e' + made, sequence, timestamp: '2026-01-01T10:00:00Z', type: 'EVENT_TYPE_' + type, payload, metadata: { custom } };
}

/** The server's side of one chat: keeps events, tells them to whoever comes, takes a message once. */
export class Server {
  constructor() {
    this.events = [event('SESSION_START', { context_id: 'c1' }, 1)];
    this.sockets = [];
    this.deaf = false; // takes nothing in
  }

  tell(type, payload, custom) {
    const told = event(type, payload, this.events.length + 1, custom);
    this.events.push(told);
    for (const socket of this.sockets) if (socket.readyState === 1) socket.say(told);
    return told;
  }

  welcome(socket) {
    this.sockets.push(socket);
    socket.open();
    const cursor = Number((/cursor=(\d+)/.exec(socket.url) || [0, 0])[1]);
    const told = this.events.filter((one) => one.sequence > cursor || /SESSION_START|AGENT_JOINED/.test(one.type));
    const send = socket.send.bind(socket);
    socket.send = (text) => {
      send(text);
      if (!this.deaf) this.take(socket, JSON.parse(text));
    };
    socket.say(event('EVENT_BATCH', { events: told }));
  }

  take(socket, frame) {
    const custom = (frame.metadata || {}).custom || {};
    const known = this.events.find((one) => custom.local_id && one.metadata.custom.local_id === custom.local_id);
    if (known) socket.say(known);
    else if (frame.type === 'EVENT_TYPE_USER_MESSAGE') this.tell('USER_MESSAGE', frame.payload, custom);
    else if (frame.type === 'EVENT_TYPE_REQUEST_POLY_AGENT_JOIN') {
      this.tell('POLY_AGENT_JOINED', { agent_name: 'Robin' });
      this.tell('POLY_AGENT_MESSAGE', { message_id: 'hello', text: 'Hello' });
    } else if (frame.type === 'EVENT_TYPE_USER_END_SESSION') {
      this.tell('SESSION_END', { reason: 'REASON_USER_END' });
      socket.lose(1000);
    }
  }

  get messages() {
    return this.events.filter((one) => one.type === 'EVENT_TYPE_USER_MESSAGE').map((one) => one.payload.text);
  }
}
