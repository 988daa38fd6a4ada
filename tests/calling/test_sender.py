"""Pacing and silence of the outgoing packets, with a clock driven by hand."""

import pytest

from calling.lines.webrtc.opus import is_comfort
from calling.lines.webrtc.sender import CATCH_UP_FRAMES, COMFORT_FRAMES, FRAME_TICKS, Pace, Sender


class Time:
    """A clock that moves when somebody sleeps, and a little too far if `overrun` says so."""

    def __init__(self):
        self.now, self.overrun = 50.0, 0.0

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.now += seconds + self.overrun


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def pace(time):
    return Pace(time, time.sleep)


async def test_frames_are_20_ms_apart(time, pace):
    numbers = [await pace.next() for _ in range(4)]
    assert numbers == [0, 1, 2, 3]
    assert time.now == pytest.approx(50.06)


async def test_waking_late_each_time_does_not_add_up(time, pace):
    time.overrun = 0.003
    for _ in range(1001):
        await pace.next()
    assert time.now == pytest.approx(50 + 1000 * 0.02 + 0.003)
    assert pace.late_ms() == pytest.approx({"p50": 3.0, "p99": 3.0, "max": 3.0})


async def test_a_short_stall_is_caught_up_without_a_loss(time, pace):
    await pace.next()
    time.now += 0.09
    assert [await pace.next() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert pace.skipped == 0 and time.now == pytest.approx(50.10)


async def test_of_a_long_stall_the_oldest_frames_are_skipped_and_counted(time, pace):
    await pace.next()
    time.now += 1.0
    numbers = [await pace.next() for _ in range(CATCH_UP_FRAMES + 2)]
    assert numbers == list(range(50 - CATCH_UP_FRAMES, 52))
    assert pace.skipped == 50 - CATCH_UP_FRAMES - 1
    assert time.now == pytest.approx(51.02)


async def test_lateness_is_known_before_there_is_any(pace):
    assert pace.late_ms() == {"p50": 0.0, "p99": 0.0, "max": 0.0}


def sender_of(pace, packets):
    sender, queue = Sender(pace), list(packets)
    sender.start(lambda: queue.pop(0) if queue else None)
    return sender


async def test_packets_carry_the_time_of_their_frame(pace):
    sender = sender_of(pace, [b"\x68one", b"\x68two"])
    first, second = await sender.recv(), await sender.recv()
    assert (bytes(first), first.pts, bytes(second), second.pts) == (b"\x68one", 0, b"\x68two", FRAME_TICKS)


async def test_in_silence_a_small_packet_goes_out_every_400_ms_and_time_goes_on(pace):
    sender = sender_of(pace, [b"\x7cword"])
    sent = [await sender.recv() for _ in range(4)]
    assert [packet.pts // FRAME_TICKS for packet in sent] == [0, 1, 1 + COMFORT_FRAMES, 1 + 2 * COMFORT_FRAMES]
    assert [bytes(packet) for packet in sent[1:]] == [b"\x7c"] * 3
    assert all(is_comfort(bytes(packet)) for packet in sent[1:])


async def test_speech_after_silence_goes_out_at_once(pace):
    sender = sender_of(pace, [None, None, None, b"\x68word"])
    sent = [await sender.recv() for _ in range(2)]
    assert [packet.pts // FRAME_TICKS for packet in sent] == [0, 3]
    assert sender.sent == 2
