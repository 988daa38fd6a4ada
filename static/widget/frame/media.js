/** The sound of a call: microphone, peer connection, loudspeaker. */

import { attempt, within } from './guard.js';
import { Meters } from './meters.js';

export const CONSTRAINTS = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const ANSWER_MS = 1000;

// Browsers inside of apps: they refuse without asking anybody, or have no microphones at all, and no setting that a
// visitor could change.
const IN_APP = /\bFB(AN|AV|_IAB)\/|Instagram|\bLine\/|MicroMessenger|KAKAOTALK|Snapchat|LinkedInApp|Pinterest\/|Twitter for|musical_ly|Bytedance|; wv\)|(?:iPhone|iPad|iPod)(?!.*Safari\/)/;

/** Why there is no microphone: the card has a screen for each `reason`. */
export class NoMicrophone extends Error {
  /** @param {string} code  a row of docs/errors.md */
  constructor(code) {
    super('No microphone');
    this.name = 'NoMicrophone';
    this.code = code;
    this.reason = code.replace('MICROPHONE_', '').toLowerCase();
  }
}

/** @returns {Promise<string>} granted, denied, prompt, or "" where the browser does not say */
async function permission() {
  const found = await within(ANSWER_MS, () => navigator.permissions.query({ name: /** @type {PermissionName} */ ('microphone') }), null);
  return attempt(() => found.state, '');
}

/** What knows the microphones, where the browser has it. */
export function microphones() {
  return attempt(() => navigator.mediaDevices);
}

/** Why a browser has no microphones at all: those inside of apps often have none, others had them switched off. */
export function without() {
  return new NoMicrophone(IN_APP.test(navigator.userAgent) ? 'MICROPHONE_APP' : 'MICROPHONE_MISSING');
}

const WHY = {
  NotFoundError: 'MICROPHONE_NONE', OverconstrainedError: 'MICROPHONE_NONE', NotReadableError: 'MICROPHONE_BUSY', AbortError: 'MICROPHONE_BUSY',
};

async function whyNot(error) {
  const name = error && error.name;
  // A policy's refusal and a person's have the same name; where there is no device either, a browser may say only that.
  const page = /** @type {any} */ (document);
  const policy = page.permissionsPolicy || page.featurePolicy;
  if (attempt(() => policy.allowsFeature('microphone'), true) === false) return 'MICROPHONE_POLICY';
  if (WHY[name]) return WHY[name];
  if (!microphones() || IN_APP.test(navigator.userAgent)) return without().code;
  if (name !== 'NotAllowedError' && name !== 'SecurityError') return 'MICROPHONE_FAILED';
  return (await permission()) === 'prompt' ? 'MICROPHONE_DISMISSED' : 'MICROPHONE_DENIED';
}

export class Media {
  constructor() {
    this.meters = new Meters();
    this.audio = null;
    this.remote = null;
    this.stream = null;
    this.connection = null;
    this.closed = false;
  }

  /** Must run inside the press: from then on this document may make sound. */
  unlock() {
    this.meters.wake();
    if (this.audio) return;
    this.audio = new Audio();
    this.audio.autoplay = true;
    attempt(() => this.audio.setAttribute('playsinline', ''));
  }

  permission() {
    return permission();
  }

  /**
   * @param {(reason: '' | 'track_ended' | 'taken') => void} [told]  why it gives no sound, from now on and as long as it lasts
   * @returns {Promise<{deviceLabel: string, sampleRate: number}>}
   */
  async openMicrophone(told) {
    let stream;
    try {
      stream = await microphones().getUserMedia({ audio: CONSTRAINTS });
    } catch (error) {
      throw new NoMicrophone(await whyNot(error));
    }
    if (this.closed) {
      silence(stream);
      throw new NoMicrophone('MICROPHONE_DISMISSED');
    }
    this.told = told || (() => {});
    this.use(stream);
    const { track } = this;
    if (!track) throw new NoMicrophone('MICROPHONE_FAILED');
    const settings = attempt(() => track.getSettings()) || {};
    return { deviceLabel: attempt(() => track.label, ''), sampleRate: settings.sampleRate || 48000 };
  }

  /** From now on this is the microphone. */
  use(stream) {
    this.stream = stream;
    attempt(() => ['ended', 'mute', 'unmute'].forEach((name) => this.track.addEventListener(name, () => this.look())));
    this.look();
  }

  /** @returns {MediaStreamTrack | undefined} */
  get track() {
    return attempt(() => this.stream.getAudioTracks()[0]);
  }

  /** Whether the microphone gives sound now. */
  look() {
    const { track } = this;
    if (track) this.told(ended(track) ? 'track_ended' : attempt(() => track.muted) ? 'taken' : '');
  }

  /** Whether sound never found a way, or has lost it: no packet comes through. */
  get blocked() {
    const { connection } = this;
    return attempt(() => Boolean(connection.remoteDescription) && ['new', 'checking', 'failed'].includes(connection.iceConnectionState), false);
  }

  /**
   * Makes the offer. Candidates are not waited for: the server learns the address from the first packet.
   * @param {object[]} iceServers
   * @param {{state: (s: 'connected' | 'disconnected' | 'failed') => void, refused: () => void}} to
   */
  async offer(iceServers, to) {
    this.hangUp();
    if (this.closed) throw new Error('The call is over');
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.connection = connection;
    const changed = () => {
      if (connection !== this.connection) return;
      // Firefox had no connectionState for long.
      const state = attempt(() => connection.connectionState) || attempt(() => connection.iceConnectionState);
      if (state === 'connected' || state === 'completed') to.state('connected');
      if (state === 'disconnected' || state === 'failed') to.state(state);
    };
    connection.addEventListener('connectionstatechange', changed);
    connection.addEventListener('iceconnectionstatechange', changed);
    connection.addEventListener('track', (event) => {
      if (connection !== this.connection) return;
      this.remote = attempt(() => event.streams[0]) || attempt(() => new MediaStream([event.track]));
      this.play().catch(() => connection === this.connection && to.refused());
      this.meters.add('agent', this.remote);
    });
    if (this.track) connection.addTrack(this.track, this.stream);
    else connection.addTransceiver('audio'); // of a visitor who types
    this.meters.add('you', this.stream);
    await connection.setLocalDescription(await connection.createOffer());
    return connection.localDescription.sdp;
  }

  /** The connection is of no use any more; the microphone stays open for the next one. */
  hangUp() {
    const { connection } = this;
    this.connection = null;
    this.meters.drop();
    if (connection) attempt(() => connection.close());
  }

  async answer(sdp) {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Called again inside a tap where the browser has refused to make sound by itself. */
  async play() {
    this.meters.wake();
    if (!this.remote) throw new Error('There is no sound to play');
    if (this.audio.srcObject !== this.remote) this.audio.srcObject = this.remote;
    await this.audio.play();
  }

  /** What cannot be muted is closed: whoever presses Mute is not heard. */
  mute(muted) {
    const { track } = this;
    if (!track) return;
    attempt(() => { track.enabled = !muted; });
    if (muted && attempt(() => track.enabled, true)) attempt(() => track.stop());
    this.look();
  }

  /** Everything off: microphone, connection, meters. The object is not used again. */
  close() {
    this.closed = true;
    if (this.stream) silence(this.stream);
    this.stream = null;
    this.hangUp();
    this.meters.close();
    if (this.audio) attempt(() => { this.audio.srcObject = null; });
  }
}

export function ended(track) {
  return attempt(() => track.readyState) === 'ended';
}

function silence(stream) {
  attempt(() => stream.getTracks().forEach((track) => attempt(() => track.stop())));
}
