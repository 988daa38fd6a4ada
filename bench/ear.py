"""A measuring ear and mouth inside the browser: when something was clicked, said, heard, each on one clock.

The script runs in every frame before the page's own. What is said and heard is counted in samples of one audio graph,
so an interval between the two is exact; what is compared with a click carries the wall clock of the audio thread, which
works in bursts of some 10 ms. "Heard" is what leaves the browser's decoder: a sound card adds its own delay to it.
"""

import base64
import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Frame, Page

QUIET_S = 0.7  # so long nothing is to be heard before it counts as silence: longer than a pause between sentences
LOUD = 0.01  # -40 dBFS
PATIENCE_MS = 20_000

SCRIPT = """
(() => {
  if (!navigator.mediaDevices || !window.RTCPeerConnection) return;
  const QUIET_S = %QUIET_S%, LOUD = %LOUD%;
  const bench = window.__bench = { marks: {}, sounds: [], ready: null };
  const mark = (name, at) => { if (!(name in bench.marks)) bench.marks[name] = at === undefined ? Date.now() : at; };

  addEventListener('click', (event) => mark('click', Date.now() - (performance.now() - event.timeStamp)), true);
  addEventListener('message', (event) => {
    if (event.data && event.data.pickup === 1 && event.data.type === 'ready') mark('ready');
  });
  new MutationObserver(() => {
    if (document.querySelector('[data-state="in-call"]')) mark('shown');
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-state'] });

  const Ear = `registerProcessor('ear', class extends AudioWorkletProcessor {
    process([[samples]]) {
      let first = -1, last = -1;
      if (samples) for (let at = 0; at < samples.length; at++) if (Math.abs(samples[at]) > ${LOUD}) { if (first < 0) first = at; last = at; }
      if (first >= 0) {
        if (!this.sounding) this.port.postMessage({ began: (currentFrame + first) / sampleRate, wall: Date.now() });
        this.sounding = true;
        this.until = (currentFrame + last) / sampleRate;
      } else if (this.sounding && currentTime - this.until > ${QUIET_S}) {
        this.sounding = false;
        this.port.postMessage({ ended: this.until });
      }
      return true;
    }
  })`;
  const prepare = async () => {
    const context = bench.context = new AudioContext();
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([Ear], { type: 'text/javascript' })));
    const ear = bench.ear = new AudioWorkletNode(context, 'ear', { numberOfOutputs: 0 });
    ear.port.onmessage = ({ data }) => {
      if ('began' in data) bench.sounds.push({ began: data.began, wall: data.wall, ended: null });
      else bench.sounds[bench.sounds.length - 1].ended = data.ended;
      bench.changed();
    };
    bench.out = context.createMediaStreamDestination();
    await context.resume();
  };
  let waiting = [];
  bench.changed = () => { const met = waiting; waiting = []; met.forEach((done) => done()); };
  bench.prepare = () => bench.ready || (bench.ready = prepare());
  const until = async (look) => {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== null) return found;
      await new Promise((done) => waiting.push(done));
    }
  };
  bench.onset = (after) => until(() => bench.sounds.find((one) => one.began > after));
  bench.silence = (after) => until(() => bench.sounds.map((one) => one.ended).find((ended) => ended !== null && ended > after));
  bench.quiet = () => until(() => (bench.sounds.every((one) => one.ended !== null) ? true : undefined));

  bench.say = async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const source = bench.context.createBufferSource();
    source.buffer = await bench.context.decodeAudioData(bytes.buffer);
    source.connect(bench.out);
    const began = bench.context.currentTime + 0.05;
    source.start(began);
    return { began, ended: began + source.buffer.duration };
  };

  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = window.__injected ? bench.out.stream : await ask(wanted);
    mark('microphone');
    return stream;
  };

  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...given) {
      super(...given);
      this.addEventListener('connectionstatechange', () => mark(this.connectionState));
      this.addEventListener('track', (event) =>
        bench.context.createMediaStreamSource(new MediaStream([event.track])).connect(bench.ear));
    }
    async setLocalDescription(...given) {
      await super.setLocalDescription(...given);
      mark('offer');
    }
    setRemoteDescription(...given) {
      mark('answer');
      return super.setRemoteDescription(...given);
    }
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      mark('ticket');
      this.addEventListener('open', () => mark('socket'));
      this.addEventListener('message', (event) => {
        const said = JSON.parse(event.data);
        if (said.type === 'event') mark(said.name);
      });
    }
  };
})();
""".replace("%QUIET_S%", str(QUIET_S)).replace("%LOUD%", str(LOUD))


class Ear:
    """What one document has noted. The document belongs to a call, or to the page around it."""

    def __init__(self, document: Frame | Page) -> None:
        self._document = document

    def prepare(self) -> None:
        """Begin to listen: before the click, so that nothing of it is in what is measured."""
        self._document.evaluate("() => window.__bench.prepare()")

    def marks(self) -> dict[str, float]:
        """Milliseconds of the wall clock, by what happened first then."""
        return self._document.evaluate("() => window.__bench.marks")

    def say(self, wav: bytes) -> dict[str, float]:
        """Speak into the microphone. Seconds of the audio graph at which it begins and ends."""
        return self._document.evaluate("data => window.__bench.say(data)", base64.b64encode(wav).decode())

    def onset(self, after_s: float = -1.0) -> dict[str, float] | None:
        """The first sound that begins after that time; None when there is none for long."""
        return self._wait("onset", after_s)

    def silence(self, after_s: float) -> float | None:
        """When the sound ended that was to be heard at that time."""
        return self._wait("silence", after_s)

    def quiet(self) -> None:
        """Return when nothing is to be heard."""
        self._wait("quiet", 0)

    def _wait(self, what: str, after_s: float) -> Any:
        return self._document.evaluate(
            f"after => Promise.race([window.__bench.{what}(after), "
            f"new Promise((done) => setTimeout(() => done(null), {PATIENCE_MS}))])",
            after_s,
        )


def trimmed(wav: Path) -> bytes:
    """A clip without the silence around it: its first and last samples are speech, 30 dB below its loudest at least."""
    with wave.open(str(wav)) as file:
        rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), np.int16)
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > np.abs(pcm.astype(np.int32)).max() * 0.03)
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm[loud[0] : loud[-1] + 1].tobytes())
    return content.getvalue()


def silent_wav(path: Path, seconds: float = 2.0, rate: int = 48_000) -> Path:
    """What the browser's stand-in for a microphone hears while nobody speaks."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * round(seconds * rate)))
    return path
