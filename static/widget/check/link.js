/** The check's own connection to the server: a WebSocket, and a peer connection that sends a tone nobody hears. */

import { attempt, quiet } from '../frame/guard.js';

const OPEN_MS = 8000;
const CONNECT_MS = 12000;
const GATHER_MS = 5000;
const TONE_HZ = 300;
const TONE_LEVEL = 0.05;

const failure = (code) => Object.assign(new Error(code), { code });

/** The promise, or a failure with this code when it takes too long. */
function within(ms, promise, code) {
  return Promise.race([promise, new Promise((done, fail) => setTimeout(() => fail(failure(code)), ms))]);
}

export class Link {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.socket = null;
    this.peer = null;
    this.context = null;
    this.waiting = {};
    this.counted = null;
    this.iceServers = [];
    this.hasRelay = false;
  }

  /** Must run inside a press: the tone is made by a context that would sleep otherwise. */
  unlock() {
    const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
    this.context = attempt(() => new Context(), null);
    if (this.context && this.context.state === 'suspended') quiet(() => this.context.resume());
  }

  /** Returns when the server has said that it is ready. */
  async open() {
    this.socket = new WebSocket(this.url);
    this.socket.addEventListener('message', (event) => this.hear(JSON.parse(event.data)));
    this.socket.addEventListener('close', () => this.failed('NETWORK'));
    const { iceServers, relay } = await within(OPEN_MS, this.until('ready'), 'NETWORK');
    this.iceServers = iceServers;
    this.hasRelay = relay;
  }

  /** @returns {Promise<'direct' | 'relayed' | ''>} how sound gets to the server, where the browser says */
  async connect() {
    const peer = new RTCPeerConnection({ iceServers: this.iceServers });
    this.peer = peer;
    peer.addTrack(this.tone());
    const up = new Promise((done, fail) => {
      peer.addEventListener('iceconnectionstatechange', () => {
        if (peer.iceConnectionState === 'connected' || peer.iceConnectionState === 'completed') done();
        if (peer.iceConnectionState === 'failed') fail(failure('ICE_FAILED'));
      });
    });
    up.catch(() => {});
    await peer.setLocalDescription(await peer.createOffer());
    await this.gathered(peer);
    const answer = this.until('answer');
    this.socket.send(JSON.stringify({ type: 'offer', data: { type: 'offer', sdp: peer.localDescription.sdp } }));
    await peer.setRemoteDescription(await within(OPEN_MS, answer, 'NETWORK'));
    await within(CONNECT_MS, up, 'ICE_FAILED');
    return this.way();
  }

  /** Loss there and back in percent, and the round trip; null where nothing is known. */
  async measured() {
    const here = await this.stats();
    const counted = this.counted;
    const percent = (lost, got) => (got + lost > 0 ? (100 * Math.max(0, lost)) / (got + Math.max(0, lost)) : null);
    const trips = [here.trip_s === null ? null : here.trip_s * 1000, counted ? counted.roundTrip : null];
    return {
      up: counted ? percent(counted.lost, counted.received) : null,
      down: percent(here.lost, here.received),
      ms: trips.find((trip) => trip !== null && trip !== undefined) || null,
    };
  }

  /** Whether the relay hands out an address. */
  async reachesRelay() {
    let peer = null;
    try {
      peer = new RTCPeerConnection({ iceServers: this.iceServers, iceTransportPolicy: 'relay' });
      peer.createDataChannel('check');
      const found = new Promise((done) => {
        peer.addEventListener('icecandidate', (event) => {
          if (event.candidate && event.candidate.candidate) done(true);
        });
      });
      await peer.setLocalDescription(await peer.createOffer());
      return await within(GATHER_MS, found, 'ICE_FAILED');
    } catch (error) {
      return false;
    } finally {
      if (peer) attempt(() => peer.close());
    }
  }

  close() {
    if (this.socket) attempt(() => this.socket.close(1000));
    if (this.peer) attempt(() => this.peer.close());
    if (this.context) quiet(() => this.context.close());
  }

  // ── Inside ─────────────────────────────────────────────────────────────────────────────────────────────────

  tone() {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    const out = this.context.createMediaStreamDestination();
    oscillator.frequency.value = TONE_HZ;
    gain.gain.value = TONE_LEVEL;
    oscillator.connect(gain);
    gain.connect(out);
    oscillator.start();
    return out.stream.getAudioTracks()[0];
  }

  gathered(peer) {
    const done = new Promise((resolve) => {
      const look = () => {
        if (peer.iceGatheringState === 'complete') resolve();
      };
      peer.addEventListener('icegatheringstatechange', look);
      look();
    });
    // What has not come by then is not waited for: the server takes no candidates anyway.
    return Promise.race([done, new Promise((resolve) => setTimeout(resolve, 1000))]);
  }

  async stats() {
    const all = [];
    try {
      (await this.peer.getStats()).forEach((one) => all.push(one));
    } catch (error) {
      // Then nothing is known.
    }
    const inbound = all.find((one) => one.type === 'inbound-rtp') || {};
    const pair = all.find((one) => one.type === 'candidate-pair' && one.state === 'succeeded' && (one.nominated || one.selected));
    const local = pair && all.find((one) => one.id === pair.localCandidateId);
    const trip_s = pair && pair.currentRoundTripTime !== undefined ? pair.currentRoundTripTime : null;
    return { known: all.length > 0, received: inbound.packetsReceived || 0, lost: inbound.packetsLost || 0, trip_s, relayed: Boolean(local && local.candidateType === 'relay') };
  }

  async way() {
    const { known, relayed } = await this.stats();
    return relayed ? 'relayed' : known ? 'direct' : '';
  }

  until(type) {
    return new Promise((done, fail) => {
      this.waiting[type] = { done, fail };
    });
  }

  hear(message) {
    if (message.type === 'counted') this.counted = message.data;
    else if (message.type === 'error') this.failed(message.data.code);
    else if (this.waiting[message.type]) this.waiting[message.type].done(message.data);
  }

  failed(code) {
    Object.keys(this.waiting).forEach((type) => this.waiting[type].fail(failure(code)));
  }
}
