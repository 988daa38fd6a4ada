"""A measuring ear and mouth inside the browser: when something was clicked, said, heard, each on one clock.

The script runs in every frame before the page's own. What is said and heard is counted in samples of one audio graph,
so an interval between the two is exact; what is compared with a click carries the wall clock of the audio thread, which
works in bursts of some 3 ms. "Heard" is what leaves the browser's decoder: a sound card adds its own delay to it.
"""

import base64
import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Frame, Page

from agents.speech.sound import Pcm

QUIET_S = 0.7  # so long nothing is to be heard before it counts as silence: longer than a pause between sentences
LOUD = 0.01  # -40 dBFS
PATIENCE_MS = 20_000

SCRIPT = """
(() => {
  if (!navigator.mediaDevices || !window.RTCPeerConnection) return;
  const QUIET_S = %QUIET_S%, LOUD = %LOUD%, NEAR_MS = 400;
  const bench = window.__bench = { marks: {}, spoke: [], ready: null };
  const mark = (name, at) => { if (!(name in bench.marks)) bench.marks[name] = at === undefined ? Date.now() : at; };

  addEventListener('click', (event) => mark('click', Date.now() - (performance.now() - event.timeStamp)), true);
  addEventListener('message', (event) => {
    if (event.data && event.data.pickup === 1 && event.data.type === 'ready') mark('ready');
  });
  new MutationObserver(() => {
    if (document.querySelector('[data-state="in-call"]')) mark('shown');
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-state'] });

  const Listener = `registerProcessor('listener', class extends AudioWorkletProcessor {
    process([[samples]]) {
      let first = -1, last = -1;
      for (let at = 0; samples && at < samples.length; at++) {
        if (Math.abs(samples[at]) <= ${LOUD}) continue;
        if (first < 0) first = at;
        last = at;
      }
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
  let waiting = [];
  const changed = () => { const met = waiting; waiting = []; met.forEach((done) => done()); };
  const until = async (look) => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise((done) => waiting.push(done));
    }
  };
  /** Notes each sound that comes in: when it began and, once it is over, when it ended. */
  const listener = () => {
    const node = new AudioWorkletNode(bench.context, 'listener', { numberOfOutputs: 0 });
    const sounds = [];
    node.port.onmessage = ({ data }) => {
      if ('began' in data) sounds.push({ began: data.began, wall: data.wall, ended: null });
      else sounds[sounds.length - 1].ended = data.ended;
      changed();
    };
    return { node, sounds };
  };
  const prepare = async () => {
    const context = bench.context = new AudioContext({ latencyHint: 0 });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([Listener], { type: 'text/javascript' })));
    bench.ear = listener();
    bench.mouth = listener();
    bench.microphone = context.createMediaStreamDestination();
    await context.resume();
  };
  bench.prepare = () => bench.ready || (bench.ready = prepare());
  const ends = () => bench.ear.sounds.map((one) => one.ended).filter((ended) => ended !== null);
  bench.onset = (after) => until(() => bench.ear.sounds.find((one) => one.began > after));
  // The server's word for it keeps a crackle of a busy machine from passing for the answer; it may be read late there.
  bench.answer = async (after) => {
    const spoke = await until(() => bench.spoke.find((wall) => wall > after));
    const from = Math.max(after, spoke - NEAR_MS);
    // A sound that goes on since before then hides where the answer began: no number is better than a wrong one.
    const hidden = () => bench.ear.sounds.some((one) => one.wall > after && one.wall < from && one.ended === null);
    return until(() => bench.ear.sounds.find((one) => one.wall >= from) || (hidden() ? null : undefined));
  };
  bench.heard = (after) => ({
    spoke: bench.spoke.filter((wall) => wall > after).map((wall) => wall - after),
    sounds: bench.ear.sounds.filter((one) => one.wall > after).map((one) => one.wall - after),
  });
  bench.silence = (after) => until(() => ends().find((ended) => ended > after));
  bench.quiet = () => until(() => (ends().length === bench.ear.sounds.length ? true : undefined));

  // The scheduler's clock and that of a worklet may differ by some 50 ms, so the mouth is listened to like the ear.
  bench.say = async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const source = bench.context.createBufferSource();
    const number = bench.mouth.sounds.length;
    source.buffer = await bench.context.decodeAudioData(bytes.buffer);
    source.connect(bench.microphone);
    source.connect(bench.mouth.node);
    source.start();
    return Object.assign({ number }, await until(() => bench.mouth.sounds[number]));
  };
  bench.said = (number) => until(() => bench.mouth.sounds[number].ended || undefined);

  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = window.__injected ? bench.microphone.stream : await ask(wanted);
    mark('microphone');
    return stream;
  };

  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...given) {
      super(...given);
      this.addEventListener('connectionstatechange', () => mark(this.connectionState));
      this.addEventListener('track', (event) => {
        bench.source = bench.context.createMediaStreamSource(new MediaStream([event.track]));  // kept, or collected
        bench.source.connect(bench.ear.node);
      });
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
        if (said.type !== 'event') return;
        mark(said.name);
        if (said.name === 'state' && said.data.state === 'speaking') {
          bench.spoke.push(Date.now());
          changed();
        }
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
        """Speak into the microphone; returns when it has begun. Times are seconds of the audio graph."""
        return self._document.evaluate("data => window.__bench.say(data)", base64.b64encode(wav).decode())

    def said(self, saying: dict[str, float]) -> float:
        """When the last sample of it went in."""
        return self._wait("said", saying["number"])

    def onset(self, after_s: float = -1.0) -> dict[str, float] | None:
        """The first sound that begins after that time; None when there is none for long."""
        return self._wait("onset", after_s)

    def answer(self, saying: dict[str, float]) -> dict[str, float] | None:
        """The first sound of what the agent says to it; None when there is none for long."""
        return self._wait("answer", saying["wall"])

    def heard(self, saying: dict[str, float]) -> dict[str, list[float]]:
        """What came since then, in milliseconds after it: the server's word that it speaks, and sounds that began."""
        return self._document.evaluate("after => window.__bench.heard(after)", saying["wall"])

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
    size = np.abs(pcm.astype(np.int32))
    loud = np.flatnonzero(size > size.max() * 0.03)
    return packed(pcm[loud[0] : loud[-1] + 1], rate)


def beep_wav(seconds: float = 0.3, rate: int = 48_000) -> bytes:
    at = np.arange(round(seconds * rate)) / rate
    return packed((np.sin(2 * np.pi * 300 * at) * 12_000).astype(np.int16), rate)


def silent_wav(path: Path, seconds: float = 2.0, rate: int = 48_000) -> Path:
    """What the browser's stand-in for a microphone hears while nobody speaks."""
    path.write_bytes(packed(np.zeros(round(seconds * rate), np.int16), rate))
    return path


def packed(pcm: Pcm, rate: int) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.tobytes())
    return content.getvalue()
