"""A visitor's mouth and ears: sound goes into the microphone when the test says so, and what is heard is kept.

The script below runs in every frame before the page's own. It stands for the device only: asking, constraints, tracks
and the peer connection are the browser's and the product's.
"""

import base64
import io
from pathlib import Path

import av
import numpy as np
from playwright.sync_api import Frame

from agents.speech.sound import HEARD_HZ, Pcm

SCRIPT = """
(() => {
  if (!navigator.mediaDevices || !window.RTCPeerConnection) return;
  const voice = window.__voice = { opened: 0, closed: 0, refuse: null, constraints: null, chunks: [], recorder: null };

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    voice.constraints = constraints;
    if (voice.refuse) throw new DOMException('refused', voice.refuse);
    voice.opened += 1;
    const context = voice.context = new AudioContext();
    const out = voice.out = context.createMediaStreamDestination();
    const stop = out.stream.getTracks()[0].stop;
    out.stream.getTracks()[0].stop = function () { voice.closed += 1; return stop.call(this); };
    context.resume();  // a page that came back without a touch gets its microphone all the same, and silence
    return out.stream;
  };

  voice.say = async (data) => {
    await voice.context.resume();
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const sound = await voice.context.decodeAudioData(bytes.buffer);
    const source = voice.context.createBufferSource();
    source.buffer = sound;
    source.connect(voice.out);
    const ended = new Promise((done) => source.addEventListener('ended', done));
    source.start();
    await ended;
  };

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('track', (event) => {
        const recorder = voice.recorder = new MediaRecorder(new MediaStream([event.track]), {
          mimeType: 'audio/webm;codecs=opus',
        });
        recorder.addEventListener('dataavailable', (chunk) => voice.chunks.push(chunk.data));
        recorder.start(200);
      });
    }
  };

  voice.heard = async () => {
    if (voice.recorder && voice.recorder.state === 'recording') {
      const got = new Promise((done) => voice.recorder.addEventListener('dataavailable', done, { once: true }));
      voice.recorder.requestData();
      await got;
    }
    const reader = new FileReader();
    const read = new Promise((done) => reader.addEventListener('load', done));
    reader.readAsDataURL(new Blob(voice.chunks));
    await read;
    return reader.result.split(',')[1] || '';
  };
})();
"""


def say(frame: Frame, wav: Path) -> None:
    """Speak a file into the microphone; returns when it has been said."""
    frame.evaluate("data => window.__voice.say(data)", base64.b64encode(wav.read_bytes()).decode())


def begin_to_say(frame: Frame, wav: Path) -> None:
    """Speak a file into the microphone, and go on at once."""
    frame.evaluate("data => { window.__voice.say(data); }", base64.b64encode(wav.read_bytes()).decode())


def heard(frame: Frame) -> Pcm:
    """Everything the browser has played of the call so far, at 16 kHz."""
    data = base64.b64decode(frame.evaluate("() => window.__voice.heard()"))
    if not data:
        return np.zeros(0, np.int16)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=HEARD_HZ)
    parts = []
    with av.open(io.BytesIO(data)) as container:
        for frame_in in container.decode(audio=0):
            parts += [out.to_ndarray()[0] for out in resampler.resample(frame_in)]
    parts += [out.to_ndarray()[0] for out in resampler.resample(None)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def pcm_of(data: str) -> Pcm:
    """Samples that a page has sent as base64."""
    return np.frombuffer(base64.b64decode(data), np.int16)
