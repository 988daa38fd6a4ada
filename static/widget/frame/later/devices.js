/** Which microphone a running call hears: chosen by the visitor, or the browser's own when the chosen one is gone. */

import { CONSTRAINTS } from '../card.js';

const NONE_YET = '';

/**
 * Another microphone takes the place of the one in use, in the same connection; without an id the browser's own choice.
 * @param {any} media
 * @param {string} id
 * @returns {Promise<string>} what it is called
 */
async function changeMicrophone(media, id) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: id ? Object.assign({ deviceId: { exact: id } }, CONSTRAINTS) : CONSTRAINTS });
  const track = stream.getAudioTracks()[0];
  const before = media.stream;
  const sender = media.connection && media.connection.getSenders()[0];
  if (media.closed || !before) {
    track.stop();
    return '';
  }
  track.enabled = before.getAudioTracks()[0].enabled;
  media.use(stream);
  if (sender) await sender.replaceTrack(track);
  before.getTracks().forEach((one) => one.stop());
  media.meters.filter((meter) => meter.side === 'you').forEach((meter) => meter.source.disconnect());
  media.meters = media.meters.filter((meter) => meter.side !== 'you');
  if (media.connection) media.meter('you', stream);
  return track.label;
}

export class Devices {
  /**
   * @param {any} media  of the running call
   * @param {(key: string, values?: object) => void} tell  what the visitor has to know of it
   */
  constructor(media, tell) {
    this.media = media;
    this.tell = tell;
    this.falling = false;
    this.changed = () => {};
    const heard = () => {
      if (media.closed) navigator.mediaDevices.removeEventListener('devicechange', heard);
      else this.look();
    };
    navigator.mediaDevices.addEventListener('devicechange', heard);
    this.listen();
    if (this.track.readyState === 'ended') this.fallBack(this.track.label);
  }

  get track() {
    return this.media.track;
  }

  /** @returns {Promise<{id: string, label: string, used: boolean}[]>} */
  async list() {
    const found = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === 'audioinput');
    if (this.media.closed) return [];
    const { deviceId } = this.track.getSettings ? this.track.getSettings() : { deviceId: '' };
    const used = found.find((device) => device.deviceId === (this.chosen || deviceId)) || found.find((device) => device.label === this.track.label);
    return found.map((device) => ({ id: device.deviceId, label: device.label, used: device === used }));
  }

  /** Another microphone takes over without a break; when it does not open, the one before stays. */
  async choose(id) {
    try {
      const label = await changeMicrophone(this.media, id);
      this.chosen = id;
      this.listen();
      this.tell('microphone.changed', { name: label });
    } catch (error) {
      this.tell('microphone.refused');
    }
    this.changed();
  }

  listen() {
    const { track } = this;
    track.addEventListener('ended', () => {
      if (!this.media.closed && track === this.track) this.fallBack(track.label);
    });
  }

  async look() {
    const found = await this.list();
    if (this.media.closed) return;
    const gone = this.chosen && !found.some((device) => device.id === this.chosen);
    if (gone || this.track.readyState === 'ended') await this.fallBack(this.track.label);
    this.changed();
  }

  /** The browser's own choice, when the microphone in use has been taken away. */
  async fallBack(lost) {
    if (this.falling) return;
    this.falling = true;
    this.chosen = NONE_YET;
    try {
      const label = await changeMicrophone(this.media, '');
      this.listen();
      this.tell('microphone.fallback', { lost, name: label });
    } catch (error) {
      this.media.look(); // the next one that is connected is tried
    }
    this.falling = false;
    this.changed();
  }
}
