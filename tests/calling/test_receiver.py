"""From packets to frames with the real decoder: what comes out is what went in, also when some of it is lost."""

import numpy as np
import pytest
from aiortc.rtp import RtpPacket

from agents.speech.sound import HEARD_FRAME, SPOKEN_FRAME
from calling.lines.webrtc.jitter import LEAST_DELAY
from calling.lines.webrtc.opus import Encoder
from calling.lines.webrtc.receiver import Receiver
from tests.fakes.visitor import tone


class Clock:
    now = 10.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def receiver(clock):
    receiver = Receiver(clock)
    yield receiver
    receiver.close()


def speech(seconds=4.0):
    """A voice without words: harmonics that rise, fall and swell."""
    at = np.arange(round(seconds * 24_000)) / 24_000
    pitch = np.cumsum(140 + 40 * np.sin(2 * np.pi * 0.7 * at)) / 24_000
    voice = sum(np.sin(2 * np.pi * pitch * harmonic) / harmonic for harmonic in range(1, 20))
    return (voice * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)) * 6000).astype(np.int16)


def packets_of(pcm, ssrc=1, sequence=0, timestamp=0):
    encoder = Encoder()
    for number, frame in enumerate(pcm.reshape(-1, SPOKEN_FRAME)):
        packet = RtpPacket(payload_type=96, sequence_number=sequence + number, timestamp=timestamp + number * 960)
        packet.ssrc, packet.payload = ssrc, encoder.encode(frame)
        yield number, packet


def through(receiver, pcm, lost=lambda number: False):
    out = []
    for number, packet in packets_of(pcm):
        if not lost(number):
            receiver.packet(packet)
        out.append(receiver.take())
    return np.concatenate(out)


def likeness(one, other):
    return float(np.corrcoef(one.astype(float), other.astype(float))[0, 1])


def test_what_comes_out_is_what_went_in(receiver):
    pcm = speech()
    out = through(receiver, pcm)
    original = np.interp(np.arange(len(out)) * 1.5, np.arange(len(pcm)), pcm)
    best, delay = max((likeness(out[delay:], original[: len(out) - delay]), delay) for delay in range(400, 1200, 2))
    assert best > 0.7  # Opus keeps what the ear needs, not the wave: decoded with nothing in between it is 0.77
    assert LEAST_DELAY * HEARD_FRAME < delay < (LEAST_DELAY + 1) * HEARD_FRAME


@pytest.mark.parametrize("start", [1, 7, 13])
def test_with_5_percent_lost_the_sound_is_nearly_the_same(clock, start):
    pcm = speech()
    whole = through(Receiver(clock), pcm)
    lossy_receiver = Receiver(clock)
    lossy = through(lossy_receiver, pcm, lambda number: number % 20 == start)
    counters = lossy_receiver.jitter.counters()
    assert counters["lost"] == 10 and counters["recovered"] + counters["concealed"] == 10
    assert counters["recovered"] >= 5
    assert likeness(whole, lossy) > 0.97


def test_a_stream_that_begins_anew_is_followed_at_once(receiver):
    for ssrc, sequence, timestamp in ((1, 0, 0), (2, 60_000, 2**31)):
        for number, packet in packets_of(tone(300, 0.2), ssrc, sequence, timestamp):
            receiver.packet(packet)
            out = receiver.take()
            assert len(out) == HEARD_FRAME
            assert number < 4 or np.abs(out).max() > 1000
    assert receiver.jitter.counters() | {"late": 0, "lost": 0, "dropped": 0} == receiver.jitter.counters()


def test_silence_is_counted_from_the_last_sign_of_life(receiver, clock):
    histories = []
    clock.now += 2
    histories.append(receiver.silent_s())
    receiver.sign_of_life()
    histories.append(receiver.silent_s())
    clock.now += 3
    histories.append(receiver.silent_s())
    receiver.packet(next(packets_of(tone(300, 0.02)))[1])
    histories.append(receiver.silent_s())
    assert histories == [2, 0, 3, 0]
