/**
 * The visitor's sound for the page's own script, where the widget allows it: from the microphone as the call hears it to a
 * MessagePort that the page holds (docs/page-api.md). Fetched only where it is allowed.
 */

import { parts } from '../card.js';

// A page that does not read gets no more: what comes meanwhile is dropped, and `from` tells how much.
const UNREAD_MOST = 50;

/**
 * @param {MessagePort} port  the frame's end
 * @param {any} media  of the call
 * @param {string} worklet  the address of what cuts the sound into pieces
 */
parts.sound = async (port, media, worklet) => {
  let unread = 0;
  const end = () => {
    port.postMessage(null);
    port.close();
  };
  port.onmessage = () => { unread = Math.max(0, unread - 1); };
  const { meters } = media;
  const { context } = meters;
  if (media.closed) return end();
  meters.tap = { node: null, end };
  await context.audioWorklet.addModule(worklet);
  if (media.closed) return;
  const node = new AudioWorkletNode(context, 'sound', { channelCount: 1, channelCountMode: 'explicit' });
  node.port.onmessage = ({ data }) => {
    if (media.closed || unread >= UNREAD_MOST) return;
    unread++;
    port.postMessage(data, [data.samples.buffer]);
  };
  node.connect(context.destination); // it puts nothing out, but is only asked for sound on the way to somewhere
  meters.tap.node = node;
  meters.list.filter((meter) => meter.side === 'you').forEach((meter) => meter.source.connect(node));
};
