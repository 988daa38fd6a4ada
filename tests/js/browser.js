/**
 * A browser for the card's own modules, of which any one interface can fail at any one call: by throwing, by a promise that
 * is refused, or by one that is never settled. Behind its sockets and requests is a server that takes every call.
 */

import { mock } from 'node:test';

/** What a browser may throw: its errors have numbers for codes, and some throw no errors at all. */
export const THROWN = {
  exception: () => Object.assign(new Error('The object is in an invalid state.'), { name: 'InvalidStateError', code: 11 }),
  text: () => 'no',
  nothing: () => undefined,
};

const OFFER = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';

class Target {
  constructor(browser, name) {
    this.browser = browser;
    this.name = name;
    this.heard = {};
  }

  addEventListener(type, run) {
    this.browser.sync(this.name + '.addEventListener');
    (this.heard[type] = this.heard[type] || []).push(run);
  }

  removeEventListener(type, run) {
    this.heard[type] = (this.heard[type] || []).filter((one) => one !== run);
  }

  fire(type, event) {
    (this.heard[type] || []).slice().forEach((run) => run(Object.defineProperties({ type }, Object.getOwnPropertyDescriptors(event || {}))));
  }
}

export class Browser {
  /** @param {{what?: string, nth?: number, how?: string, thrown?: string}} [failing]  nth 0: every time */
  constructor(failing) {
    this.failing = failing || {};
    this.calls = {};
    this.tracks = [];
    this.connections = [];
    this.sockets = [];
    this.contexts = [];
    this.kept = {};
  }

  /** Whether this call of an interface is the one that fails. */
  fails(what) {
    const nth = this.calls[what] = (this.calls[what] || 0) + 1;
    return what === this.failing.what && (!this.failing.nth || nth === this.failing.nth);
  }

  sync(what, gives) {
    if (this.fails(what)) throw THROWN[this.failing.thrown]();
    return gives;
  }

  async(what, gives) {
    if (!this.fails(what)) return Promise.resolve(gives);
    if (this.failing.how === 'hangs') return new Promise(() => {});
    if (this.failing.how === 'refuses') return Promise.reject(THROWN[this.failing.thrown]());
    throw THROWN[this.failing.thrown]();
  }

  /** Puts the names in the place of Node's own; gives a function that takes them away again. */
  install() {
    const names = this.names();
    const before = Object.keys(names).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const name of Object.keys(names)) Object.defineProperty(globalThis, name, { value: names[name], configurable: true, writable: true });
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    return () => {
      mock.timers.reset();
      for (const [name, own] of before) {
        delete globalThis[name];
        if (own) Object.defineProperty(globalThis, name, own);
      }
    };
  }

  names() {
    const browser = this;

    class Track extends Target {
      constructor() {
        super(browser, 'track');
        Object.assign(this, { kind: 'audio', state: 'live', on: true });
        browser.tracks.push(this);
      }

      get label() { return browser.sync('track.label', 'Built-in'); }

      get muted() { return browser.sync('track.muted', false); }

      get readyState() { return browser.sync('track.readyState', this.state); }

      get enabled() { return browser.sync('track.enabled', this.on); }

      set enabled(on) { this.on = browser.sync('track.enabled =', on); }

      getSettings() { return browser.sync('track.getSettings', { deviceId: 'a', sampleRate: 48000 }); }

      stop() {
        browser.sync('track.stop');
        this.state = 'ended';
      }
    }

    class Stream {
      constructor(tracks, own) {
        if (!own) browser.sync('new MediaStream');
        this.tracks = tracks || [];
      }

      getTracks() { return browser.sync('stream.getTracks', this.tracks); }

      getAudioTracks() { return browser.sync('stream.getAudioTracks', this.tracks); }
    }

    const node = (name) => ({
      connect: () => browser.sync(name + '.connect'),
      disconnect: () => browser.sync(name + '.disconnect'),
    });

    class AudioContext {
      constructor() {
        browser.sync('new AudioContext');
        this.state = 'suspended';
        this.sampleRate = 48000;
        this.destination = {};
        browser.contexts.push(this);
      }

      resume() { return browser.async('context.resume'); }

      createAnalyser() {
        return browser.sync('context.createAnalyser', Object.assign(node('analyser'), {
          fftSize: 2048,
          getFloatTimeDomainData: (samples) => browser.sync('analyser.getFloatTimeDomainData', samples.fill(0.1)),
        }));
      }

      createMediaStreamSource() { return browser.sync('context.createMediaStreamSource', node('source')); }

      close() {
        this.state = 'closed';
        return browser.async('context.close');
      }
    }

    class Audio {
      constructor() { browser.sync('new Audio'); }

      setAttribute() { browser.sync('audio.setAttribute'); }

      get srcObject() { return this.source; }

      set srcObject(stream) { this.source = browser.sync('audio.srcObject', stream); }

      play() { return browser.async('audio.play'); }
    }

    class RTCPeerConnection extends Target {
      constructor() {
        super(browser, 'peer');
        browser.sync('new RTCPeerConnection');
        Object.assign(this, { state: 'new', local: null, remote: null, senders: [] });
        browser.connections.push(this);
      }

      get connectionState() { return browser.sync('peer.connectionState', this.state); }

      get iceConnectionState() { return browser.sync('peer.iceConnectionState', this.state); }

      get localDescription() { return browser.sync('peer.localDescription', this.local); }

      get remoteDescription() { return browser.sync('peer.remoteDescription', this.remote); }

      addTrack(track) {
        browser.sync('peer.addTrack');
        this.senders.push({ track, replaceTrack: (other) => browser.async('sender.replaceTrack', other) });
      }

      getSenders() { return browser.sync('peer.getSenders', this.senders); }

      createOffer() { return browser.async('peer.createOffer', { type: 'offer', sdp: OFFER }); }

      setLocalDescription(given) {
        this.local = given;
        return browser.async('peer.setLocalDescription');
      }

      setRemoteDescription(given) {
        const done = browser.async('peer.setRemoteDescription');
        done.then(() => {
          this.remote = given;
          const heard = {};
          Object.defineProperty(heard, 'streams', { get: () => browser.sync('heard.streams', []) });
          Object.defineProperty(heard, 'track', { get: () => browser.sync('heard.track', {}) });
          this.fire('track', heard);
          this.become('connected');
        }, () => {});
        return done;
      }

      become(state) {
        this.state = state;
        this.fire('connectionstatechange');
      }

      close() {
        this.state = 'closed';
        browser.sync('peer.close');
      }
    }

    class WebSocket extends Target {
      constructor() {
        super(browser, 'socket');
        browser.sync('new WebSocket');
        Object.assign(this, { state: 0, n: 0 });
        browser.sockets.push(this);
        setTimeout(() => {
          if (this.state) return;
          this.state = 1;
          this.fire('open');
        }, 5);
      }

      get readyState() { return browser.sync('socket.readyState', this.state); }

      send(text) {
        browser.sync('socket.send');
        const message = JSON.parse(text);
        setTimeout(() => this.state === 1 && this.answer(message), 5);
      }

      tell(message) { this.fire('message', { data: JSON.stringify(message) }); }

      event(name, data) { this.tell({ type: 'event', n: ++this.n, name, data: data || {} }); }

      answer(message) {
        if (message.type === 'hello') {
          this.n = message.lastEvent;
          if (!message.lastEvent) this.event('registered', { session: 's-1', reference: '7K4 QM9', agent: 'Robin' });
          if (!message.lastEvent && !message.ticket) this.event('answered');
          this.tell({ type: 'attached', sessionId: 's-1', data: { token: 'r-1', seconds: message.ticket ? null : 9, muted: false, sound: true, keeps: 30 } });
        } else if (message.type === 'offer') {
          this.event('ringing');
          this.tell({ type: 'answer', sessionId: 's-1', data: { type: 'answer', sdp: OFFER } });
          setTimeout(() => this.event('answered'), 50);
        } else if (message.type === 'close') {
          this.event('ended', { cause: 'visitor_ended', code: '', reference: '7K4 QM9', seconds: 9, rating: null });
          this.drop(1000);
        }
      }

      drop(code) {
        if (this.state === 3) return;
        this.state = 3;
        this.fire('close', Object.defineProperty({}, 'code', { get: () => browser.sync('closed.code', code) }));
      }

      close() {
        browser.sync('socket.close');
        this.state = 3;
      }
    }

    const devices = new Target(this, 'devices');
    Object.assign(devices, {
      getUserMedia: () => this.async('getUserMedia').then(() => new Stream([new Track()], true)),
      enumerateDevices: () => this.async('enumerateDevices', [{ kind: 'audioinput', deviceId: 'a', label: 'Built-in' }, { kind: 'audioinput', deviceId: 'b', label: 'Headset' }]),
    });
    const storage = {
      getItem: (key) => this.sync('storage.getItem', this.kept[key] || null),
      setItem: (key, value) => { this.kept[key] = this.sync('storage.setItem', value); },
      removeItem: (key) => {
        this.sync('storage.removeItem');
        delete this.kept[key];
      },
    };
    const locks = {
      request: (name, options, run) => {
        const passed = this.async('locks.request');
        return passed.then(() => run({ name }));
      },
      query: () => this.async('locks.query', { held: [] }),
    };
    const answers = { json: () => this.async('response.json', { ticket: 't', consent: 'c', iceServers: [], expiresIn: 60 }), ok: true, status: 200 };
    const window = { AudioContext, sessionStorage: storage, fetch: () => this.async('fetch', answers) };
    return {
      window, Audio, MediaStream: Stream, RTCPeerConnection, WebSocket,
      document: { permissionsPolicy: { allowsFeature: () => this.sync('permissionsPolicy.allowsFeature', true) } },
      navigator: { mediaDevices: devices, locks, userAgent: 'Test', permissions: { query: () => this.async('permissions.query', { state: 'granted' }) } },
      BroadcastChannel: class extends Target {
        constructor() {
          super(browser, 'channel');
          browser.sync('new BroadcastChannel');
        }

        postMessage() { browser.sync('channel.postMessage'); }
      },
    };
  }
}
