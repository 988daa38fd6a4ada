// @ts-nocheck the types of the browser do not know what stands in an audio thread
/* global AudioWorkletProcessor, registerProcessor, sampleRate */
/** Cuts what the microphone hears into pieces of 40 ms, 16 bits a sample; where nothing comes, into silence. */

const PIECES_A_SECOND = 25;

registerProcessor('sound', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.from = 0;
    this.filled = 0;
    this.samples = new Int16Array(Math.round(sampleRate / PIECES_A_SECOND));
  }

  process([[heard]]) {
    for (let at = 0; at < (heard ? heard.length : 128); at++) {
      this.samples[this.filled++] = heard ? Math.max(-1, Math.min(1, heard[at])) * 32767 : 0;
      if (this.filled === this.samples.length) this.send();
    }
    return true;
  }

  send() {
    const { from, samples } = this;
    this.from += samples.length;
    this.filled = 0;
    this.samples = new Int16Array(samples.length);
    this.port.postMessage({ from, samples }, [samples.buffer]);
  }
});
