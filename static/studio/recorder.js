// A piece of speech from the microphone, as 16-bit samples at 16 kHz, the way the agent hears.
const RATE_HZ = 16000;
const LONGEST_S = 29;
const TAIL_MS = 250; // sound is this long on its way from the microphone: without it the last word would be cut

export class Recorder {
  constructor(worklet) { this.worklet = worklet; this.blocks = []; }

  async start(tooLong) {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    this.context = new AudioContext({ sampleRate: RATE_HZ });
    await this.context.audioWorklet.addModule(this.worklet);
    const source = this.context.createMediaStreamSource(this.stream);
    const node = new AudioWorkletNode(this.context, "recorder", { numberOfOutputs: 0 });
    let kept = 0;
    node.port.onmessage = ({ data }) => {
      if (kept >= LONGEST_S * RATE_HZ) return;
      this.blocks.push(data);
      kept += data.length;
      if (kept >= LONGEST_S * RATE_HZ) tooLong();
    };
    source.connect(node);
  }

  /** Closes the microphone; the sound as bytes to send. */
  async stop() {
    await new Promise((done) => setTimeout(done, TAIL_MS));
    for (const track of this.stream.getTracks()) track.stop();
    await this.context.close();
    const samples = new Int16Array(this.blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of this.blocks) for (const value of block) samples[at++] = Math.max(-1, Math.min(1, value)) * 32767;
    return samples.buffer;
  }
}
