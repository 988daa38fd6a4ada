/** The sound of a call: microphone, peer connection, loudspeaker, and how loud each side is. */

export const CONSTRAINTS = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const LEVEL_MS = 50;
// From a whisper's level to a loud voice's.
const QUIET_DB = -55;
const LOUD_DB = -15;

// Browsers inside of apps: they refuse without asking anybody, or have no microphones at all, and no setting that a
// visitor could change.
const IN_APP = /\bFB(AN|AV|_IAB)\/|Instagram|\bLine\/|MicroMessenger|KAKAOTALK|Snapchat|LinkedInApp|Pinterest\/|Twitter for|musical_ly|Bytedance|; wv\)/;

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
  try {
    return (await navigator.permissions.query({ name: /** @type {PermissionName} */ ('microphone') })).state;
  } catch (error) {
    return '';
  }
}

async function whyNot(error) {
  // A policy's refusal and a person's have the same name; where there is no device either, a browser may say only that.
  const page = /** @type {any} */ (document);
  const policy = page.permissionsPolicy || page.featurePolicy;
  if (policy && policy.allowsFeature && !policy.allowsFeature('microphone')) return 'MICROPHONE_POLICY';
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError') return 'MICROPHONE_NONE';
  if (error.name === 'NotReadableError' || error.name === 'AbortError') return 'MICROPHONE_BUSY';
  if (!navigator.mediaDevices || IN_APP.test(navigator.userAgent)) return 'MICROPHONE_APP';
  return (await permission()) === 'prompt' ? 'MICROPHONE_DISMISSED' : 'MICROPHONE_DENIED';
}

export class Media {
  constructor() {
    this.context = null;
    this.audio = null;
    this.stream = null;
    this.connection = null;
    this.meters = [];
    this.tap = null; // where the page's own script hears along (later/sound.js)
    this.timer = 0;
    this.closed = false;
  }

  /** Must run inside the press: from then on this document may make sound. */
  unlock() {
    const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
    if (Context && !this.context) this.context = new Context();
    if (this.context && this.context.state === 'suspended') this.context.resume().catch(() => {});
    if (!this.audio) {
      this.audio = new Audio();
      this.audio.autoplay = true;
      this.audio.setAttribute('playsinline', '');
    }
  }

  /** Whether the visitor is about to be asked. */
  async willAsk() {
    return (await permission()) === 'prompt';
  }

  /**
   * @param {(reason: '' | 'track_ended' | 'taken') => void} told  why it gives no sound, from now on and as long as it lasts
   * @returns {Promise<{deviceLabel: string, sampleRate: number}>}
   */
  async openMicrophone(told) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS });
    } catch (error) {
      throw new NoMicrophone(await whyNot(error));
    }
    if (this.closed) {
      stream.getTracks().forEach((track) => track.stop());
      throw new NoMicrophone('MICROPHONE_DISMISSED');
    }
    this.told = told;
    const track = this.use(stream);
    const settings = track.getSettings ? track.getSettings() : {};
    return { deviceLabel: track.label, sampleRate: settings.sampleRate || 48000 };
  }

  /** From now on this is the microphone. @returns {MediaStreamTrack} */
  use(stream) {
    this.stream = stream;
    ['ended', 'mute', 'unmute'].forEach((name) => this.track.addEventListener(name, () => this.look()));
    this.look();
    return this.track;
  }

  get track() {
    return this.stream && this.stream.getAudioTracks()[0];
  }

  /** Whether the microphone gives sound now. */
  look() {
    const { track } = this;
    if (track) this.told(track.readyState === 'ended' ? 'track_ended' : track.muted ? 'taken' : '');
  }

  /** Whether sound never found a way, or has lost it: no packet comes through. */
  get blocked() {
    const { connection } = this;
    return Boolean(connection && connection.remoteDescription && ['new', 'checking', 'failed'].includes(connection.iceConnectionState));
  }

  /**
   * Makes the offer. Candidates are not waited for: the server learns the address from the first packet.
   * @param {object[]} iceServers
   * @param {{state: (s: 'connected' | 'disconnected' | 'failed') => void, refused: () => void}} to
   */
  async offer(iceServers, to) {
    if (this.connection) this.hangUp();
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.connection = connection;
    const changed = () => {
      if (connection !== this.connection) return;
      // Firefox had no connectionState for long.
      const state = connection.connectionState || connection.iceConnectionState;
      if (state === 'connected' || state === 'completed') to.state('connected');
      if (state === 'disconnected' || state === 'failed') to.state(state);
    };
    connection.addEventListener('connectionstatechange', changed);
    connection.addEventListener('iceconnectionstatechange', changed);
    connection.addEventListener('track', (event) => {
      const stream = event.streams[0] || new MediaStream([event.track]);
      this.audio.srcObject = stream;
      this.audio.play().catch(() => to.refused());
      this.meter('agent', stream);
    });
    this.stream.getAudioTracks().forEach((track) => connection.addTrack(track, this.stream));
    this.meter('you', this.stream);
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    return connection.localDescription.sdp;
  }

  /** The connection is of no use any more; the microphone stays open for the next one. */
  hangUp() {
    this.connection.close();
    this.connection = null;
    this.meters.forEach((meter) => meter.source.disconnect());
    this.meters = [];
  }

  async answer(sdp) {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** After a browser has refused to make sound by itself: called inside a tap. */
  play() {
    this.unlock();
    return this.audio.play();
  }

  mute(muted) {
    if (this.stream) this.stream.getAudioTracks().forEach((track) => { track.enabled = !muted; });
  }

  meter(side, stream) {
    if (!this.context) return;
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    const source = this.context.createMediaStreamSource(stream);
    source.connect(analyser);
    if (side === 'you' && this.tap && this.tap.node) source.connect(this.tap.node);
    this.meters.push({ side, analyser, source, samples: new Float32Array(analyser.fftSize), level: 0 });
  }

  /** Reports how loud both are, 0 to 1, some 20 times a second; null stops it. */
  watchLevels(to) {
    clearInterval(this.timer);
    if (!to) return;
    this.timer = setInterval(() => {
      for (const meter of this.meters) {
        meter.analyser.getFloatTimeDomainData(meter.samples);
        let power = 0;
        for (const sample of meter.samples) power += sample * sample;
        const db = 10 * Math.log10(power / meter.samples.length + 1e-10);
        const now = Math.min(1, Math.max(0, (db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
        // Up at once, down slowly: syllables swell and do not flicker.
        meter.level = now > meter.level ? now : meter.level * 0.75 + now * 0.25;
        to(meter.side, meter.level < 0.02 ? 0 : meter.level);
      }
    }, LEVEL_MS);
  }

  /** Everything off: microphone, connection, meters. The object is not used again. */
  close() {
    this.closed = true;
    if (this.tap) this.tap.end();
    clearInterval(this.timer);
    this.meters.forEach((meter) => meter.source.disconnect());
    this.meters = [];
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    if (this.connection) this.connection.close();
    if (this.audio) this.audio.srcObject = null;
    if (this.context) this.context.close().catch(() => {});
    this.stream = this.connection = this.context = null;
  }
}
