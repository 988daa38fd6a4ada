/** Which microphone a running call hears: chosen by the visitor, or the browser's own when the chosen one is gone. */

import { CONSTRAINTS, attempt, ended, microphones, within } from '../card.js';

const NONE_YET = '';
const REPLACE_MS = 3000;
const LIST_MS = 2000;

const label = (track) => attempt(() => track.label, '');

/**
 * Another microphone takes the place of the one in use, in the same connection; without an id the browser's own choice.
 * @param {any} media
 * @param {string} id
 * @returns {Promise<string>} what it is called
 */
async function changeMicrophone(media, id) {
  const stream = await microphones().getUserMedia({ audio: id ? Object.assign({ deviceId: { exact: id } }, CONSTRAINTS) : CONSTRAINTS });
  const track = stream.getAudioTracks()[0];
  const { connection } = media;
  const replaced = () => connection.getSenders()[0].replaceTrack(track).then(() => true);
  try {
    track.enabled = media.track.enabled;
    if (connection && !(await within(REPLACE_MS, replaced, false))) throw new Error('It does not take the place');
    if (media.closed) throw new Error('The call is over');
  } catch (error) {
    attempt(() => track.stop());
    throw error;
  }
  const before = media.track;
  media.use(stream);
  attempt(() => before.stop());
  media.meters.drop('you');
  media.meters.add('you', stream);
  return label(track);
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
    this.changing = Promise.resolve();
    this.changed = () => {};
    const heard = () => {
      if (media.closed) microphones().removeEventListener('devicechange', heard);
      else this.look();
    };
    attempt(() => microphones().addEventListener('devicechange', heard));
    this.listen();
    if (ended(this.track)) this.fallBack(label(this.track));
  }

  get track() {
    return this.media.track;
  }

  /** Where the browser does not tell, the one in use. @returns {Promise<{id: string, label: string, used: boolean}[]>} */
  async list() {
    const all = await within(LIST_MS, () => microphones().enumerateDevices(), []);
    const found = all.filter((device) => device.kind === 'audioinput');
    if (this.media.closed) return [];
    const { track } = this;
    if (!found.length) return [{ id: NONE_YET, label: label(track), used: true }];
    const { deviceId } = /** @type {any} */ (attempt(() => track.getSettings()) || {});
    const used = found.find((device) => device.deviceId === (this.chosen || deviceId)) || found.find((device) => device.label === label(track));
    return found.map((device) => ({ id: device.deviceId, label: device.label, used: device === used }));
  }

  /** Another microphone takes over without a break; when it does not open, the one before stays. */
  async choose(id) {
    try {
      const name = await this.change(id);
      this.chosen = id;
      this.listen();
      this.tell('microphone.changed', { name });
    } catch (error) {
      this.tell('microphone.refused');
    }
    this.changed();
  }

  /** One after the other, or the one in between would stay open. */
  change(id) {
    const changed = this.changing.then(() => changeMicrophone(this.media, id));
    this.changing = changed.then(() => {}, () => {});
    return changed;
  }

  listen() {
    const { track } = this;
    attempt(() => track.addEventListener('ended', () => {
      if (!this.media.closed && track === this.track) this.fallBack(label(track));
    }));
  }

  async look() {
    const found = await this.list();
    if (this.media.closed) return;
    const gone = found[0].id && this.chosen && !found.some((device) => device.id === this.chosen);
    if (gone || ended(this.track)) await this.fallBack(label(this.track));
    this.changed();
  }

  /** The browser's own choice, when the microphone in use has been taken away. */
  async fallBack(lost) {
    if (this.falling) return;
    this.falling = true;
    this.chosen = NONE_YET;
    try {
      const name = await this.change('');
      this.listen();
      this.tell('microphone.fallback', { lost, name });
    } catch (error) {
      this.media.look(); // the next one that is connected is tried
    }
    this.falling = false;
    this.changed();
  }
}
