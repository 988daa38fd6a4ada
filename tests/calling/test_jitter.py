"""The jitter buffer against the things that happen to packets. The decoder here only says what was asked of it."""

import numpy as np
import pytest

from agents.speech.sound import HEARD_FRAME
from calling.lines.webrtc.jitter import LEAST_DELAY, LONGEST_BUFFER, MOST_PACKETS, JitterBuffer

CONCEALED = 30_000  # the loudness of what the decoder made up,
RECOVERED = 10_000  # and of what it found in the next packet
SILENCE = 0


class Echo:
    """A decoder whose sound is the number in the packet, so that each frame tells where it comes from."""

    def __init__(self):
        self.resets = 0

    def decode(self, payload):
        if len(payload) <= 2:
            return np.zeros(HEARD_FRAME, np.int16)
        samples = {0x68: 320, 0x80: 40, 0x58: 960, 0x40: 160}[payload[0]]
        return np.full(samples, int.from_bytes(payload[2:4], "big"), np.int16)

    def recover(self, following, samples):
        return np.full(samples, RECOVERED + int.from_bytes(following[2:4], "big"), np.int16)

    def conceal(self, samples):
        return np.full(samples, CONCEALED, np.int16)

    def reset(self):
        self.resets += 1


COMFORT = b"\x68"


def packet(number, *, copy=False, first=0x68):
    """A 20 ms packet: its loudness is its number."""
    return bytes([first, 0x40 if copy else 0, *number.to_bytes(2, "big")])


class Sender:
    """Pushes packets with running sequence numbers and time stamps."""

    def __init__(self, jitter, sequence=65_530, timestamp=2**32 - 4000):
        self.jitter, self.first_sequence, self.first_timestamp = jitter, sequence, timestamp

    def push(self, number, *, payload=None, sequence=None, copy=False, frame=None):
        """Packet `number` is the one for frame `number`, unless `sequence` says that others were not sent."""
        sequence = number if sequence is None else sequence
        self.jitter.push(
            (self.first_sequence + sequence) & 0xFFFF,
            (self.first_timestamp + 960 * number) & 0xFFFFFFFF,
            packet(number + 1000, copy=copy) if payload is None else payload,
        )


@pytest.fixture
def jitter():
    return JitterBuffer(Echo())


@pytest.fixture
def sender(jitter):
    return Sender(jitter)


def value(frame):
    assert frame.dtype == np.int16 and len(frame) == HEARD_FRAME
    return int(frame[len(frame) // 2])


def play(jitter, sender, arrivals, ticks):
    """Arrivals by tick: {tick: [numbers]}. Returns what came out at each tick."""
    out = []
    for tick in range(ticks):
        for number in arrivals.get(tick, []):
            sender.push(*number) if isinstance(number, tuple) else sender.push(number)
        out.append(value(jitter.pop()))
    return out


def speech(first, last):
    return list(range(1000 + first, 1000 + last))


def test_before_the_first_packet_there_is_silence(jitter):
    assert [value(jitter.pop()) for _ in range(3)] == [SILENCE] * 3


def test_packets_on_time_come_out_in_order_after_the_first_delay(jitter, sender):
    out = play(jitter, sender, {tick: [tick] for tick in range(30)}, 30)
    assert out == [SILENCE] * LEAST_DELAY + speech(0, 30 - LEAST_DELAY)
    assert jitter.counters()["lost"] == 0


def test_packets_out_of_order_come_out_in_order(jitter, sender):
    arrivals = {tick: [tick] for tick in range(20)}
    arrivals[5], arrivals[6] = [], [6, 5]
    out = play(jitter, sender, arrivals, 20)
    assert out == [SILENCE] * LEAST_DELAY + speech(0, 20 - LEAST_DELAY)
    assert jitter.counters()["late"] == jitter.counters()["lost"] == 0


def test_the_first_two_packets_may_come_in_the_wrong_order(jitter, sender):
    out = play(jitter, sender, {0: [1], 1: [0, 2], 2: [3], 3: [4]}, 5)
    assert out[1:] == speech(0, 4)


def test_a_packet_that_comes_twice_is_played_once(jitter, sender):
    out = play(jitter, sender, {tick: [tick, tick] for tick in range(20)}, 20)
    assert out == [SILENCE] * LEAST_DELAY + speech(0, 20 - LEAST_DELAY)
    assert jitter.counters()["duplicates"] == 20


def test_a_lost_packet_is_taken_from_the_copy_in_the_next(jitter, sender):
    out = []
    for tick in range(20):
        if tick != 7:
            sender.push(tick, copy=True)
        out.append(value(jitter.pop()))
    at = LEAST_DELAY + 7
    assert out[at - 1 : at + 2] == [1006, RECOVERED + 1008, 1008]
    assert jitter.counters() | {"lost": 1, "recovered": 1, "concealed": 0} == jitter.counters()


def test_a_lost_packet_without_a_copy_is_concealed(jitter, sender):
    out = play(jitter, sender, {tick: [tick] for tick in range(20) if tick != 7}, 20)
    at = LEAST_DELAY + 7
    assert out[at - 1] == 1006 and 0 < out[at] <= CONCEALED and out[at + 1] == 1008
    assert jitter.counters() | {"lost": 1, "recovered": 0, "concealed": 1} == jitter.counters()


def test_of_two_lost_packets_one_is_concealed_and_one_recovered(jitter, sender):
    out = []
    for tick in range(20):
        if tick not in (7, 8):
            sender.push(tick, copy=True)
        out.append(value(jitter.pop()))
    at = LEAST_DELAY + 7
    assert 0 < out[at] <= CONCEALED and out[at + 1 : at + 3] == [RECOVERED + 1009, 1009]
    assert jitter.counters() | {"lost": 2, "recovered": 1, "concealed": 1} == jitter.counters()


def test_concealment_fades_and_then_falls_silent(jitter, sender):
    out = play(jitter, sender, {tick: [tick] for tick in range(5)}, 20)
    tail = out[LEAST_DELAY + 5 :]
    guessed, silent = tail[:5], tail[5:]
    assert guessed == sorted(guessed, reverse=True) and guessed[0] > guessed[-1] > 0
    assert set(silent) == {SILENCE}
    assert jitter.counters()["concealed"] == 5 and jitter.counters()["lost"] == 0


def test_a_pause_that_was_not_sent_is_silence_and_no_loss(jitter, sender):
    out = []
    for tick in range(80):
        if tick < 10:
            sender.push(tick)
        elif tick == 10:
            sender.push(10, payload=COMFORT)
        elif tick in (30, 50):
            sender.push(tick, payload=COMFORT, sequence=11 + (tick - 30) // 20)
        elif tick >= 60:
            sender.push(tick, sequence=13 + tick - 60)
        out.append(value(jitter.pop()))
    assert out[:LEAST_DELAY] == [SILENCE] * LEAST_DELAY
    assert out[LEAST_DELAY : 10 + LEAST_DELAY] == speech(0, 10)
    assert set(out[10 + LEAST_DELAY : 60 + LEAST_DELAY]) == {SILENCE}
    assert out[60 + LEAST_DELAY :] == speech(60, 80 - LEAST_DELAY)
    assert jitter.counters() | {"lost": 0, "concealed": 0, "late": 0} == jitter.counters()


def test_a_short_pause_inside_the_buffer_keeps_its_length(jitter, sender):
    sender.push(0)
    sender.push(1, payload=COMFORT)
    sender.push(4, sequence=2)
    out = [value(jitter.pop()) for _ in range(7)]
    assert out == [SILENCE, SILENCE, 1000, SILENCE, SILENCE, SILENCE, 1004]


def test_a_packet_lost_during_a_pause_makes_no_noise(jitter, sender):
    sender.push(0)
    sender.push(1, payload=COMFORT)
    sender.push(6, sequence=3)
    out = [value(jitter.pop()) for _ in range(9)]
    assert out == [SILENCE, SILENCE, 1000, *[SILENCE] * 5, 1006]
    assert jitter.counters()["lost"] == 1


def test_a_stall_delays_what_follows_and_loses_nothing(jitter, sender):
    arrivals = {tick: [tick] for tick in range(40)}
    late = [arrivals.pop(tick)[0] for tick in range(10, 16)]
    arrivals[16] = [*late, 16]
    out = play(jitter, sender, arrivals, 40)
    spoken = [each for each in out if 1000 <= each < 2000]
    assert spoken == speech(0, len(spoken))
    assert jitter.counters()["late"] == jitter.counters()["dropped"] == 0


def test_the_delay_left_by_a_stall_is_taken_back_while_nobody_speaks(jitter, sender):
    arrivals = {tick: [tick] for tick in range(10)} | {20: list(range(10, 21))}
    play(jitter, sender, arrivals, 21)
    grown = jitter.delay_frames
    quiet = packet(5)
    for tick in range(21, 300):
        sender.push(tick, payload=quiet)
        jitter.pop()
    assert grown >= 8
    assert jitter.delay_frames <= 5
    assert jitter.counters()["hurried"] > 0


def test_speech_is_not_hurried(jitter, sender):
    arrivals = {tick: [tick] for tick in range(10)} | {20: list(range(10, 21))}
    arrivals |= {tick: [tick] for tick in range(21, 100)}
    out = [each for each in play(jitter, sender, arrivals, 100) if 1000 <= each < 2000]
    assert out == speech(0, len(out))
    assert jitter.counters()["hurried"] == 0


def test_the_wanted_delay_grows_with_trouble_and_falls_when_all_is_calm(jitter, sender):
    tick = 0
    for _ in range(20):  # a stall of 80 ms every 200 ms
        for _ in range(6):
            sender.push(tick)
            jitter.pop()
            tick += 1
        for _ in range(4):
            jitter.pop()
        for _ in range(4):
            sender.push(tick)
            tick += 1
    troubled = jitter._wanted
    for _ in range(5000):
        sender.push(tick, payload=packet(5))
        jitter.pop()
        tick += 1
    assert LEAST_DELAY < troubled <= 6
    assert jitter._wanted == LEAST_DELAY


def test_the_buffer_is_bounded_and_says_what_it_dropped(jitter, sender):
    for number in range(200):
        sender.push(number)
    assert jitter.delay_frames <= LONGEST_BUFFER + 1
    assert jitter.counters()["dropped"] == 200 - LONGEST_BUFFER - 1
    first = next(filter(None, (value(jitter.pop()) for _ in range(5))))
    assert first == 1000 + 200 - LONGEST_BUFFER - 1
    assert jitter.counters()["lost"] == 0


def test_packets_closer_than_packets_can_be_are_bounded_too(jitter):
    for number in range(1000):
        jitter.push(number, number, packet(7))
    assert len(jitter._packets) <= MOST_PACKETS
    assert [len(jitter.pop()) for _ in range(50)] == [HEARD_FRAME] * 50


def test_a_packet_after_its_time_is_late_and_not_played(jitter, sender):
    arrivals = {tick: [tick] for tick in range(20) if tick != 5} | {12: [12, 5]}
    out = play(jitter, sender, arrivals, 20)
    assert 1005 not in out
    assert jitter.counters() | {"late": 1, "lost": 1, "concealed": 1} == jitter.counters()


def test_numbers_and_times_may_wrap_around(jitter):
    sender = Sender(jitter, sequence=65_535, timestamp=2**32 - 960)
    out = play(jitter, sender, {tick: [tick] for tick in range(10)}, 10)
    assert out[LEAST_DELAY:] == speech(0, 10 - LEAST_DELAY)


@pytest.mark.parametrize("jump", [-(2**31 - 9600), -48_000 * 60, 48_000 * 60])
def test_a_sender_that_sets_its_clock_anew_is_followed(jitter, jump):
    sender = Sender(jitter, timestamp=2**31)
    play(jitter, sender, {tick: [tick] for tick in range(10)}, 10)
    again = Sender(jitter, sequence=9000, timestamp=(2**31 + jump) % 2**32)
    out = play(jitter, again, {tick: [tick] for tick in range(10)}, 10)
    assert out == [SILENCE] * LEAST_DELAY + speech(0, 10 - LEAST_DELAY)


def test_a_clock_set_back_a_little_is_followed_after_a_while(jitter):
    play(jitter, Sender(jitter, timestamp=10**6), {tick: [tick] for tick in range(10)}, 10)
    back = Sender(jitter, sequence=9000, timestamp=10**6 - 48_000 * 4)
    out = play(jitter, back, {tick: [tick] for tick in range(40)}, 40)
    assert out[-1] == 1000 + 39 - LEAST_DELAY


@pytest.mark.parametrize(("first", "ticks"), [(0x80, 120), (0x40, 480), (0x58, 2880)])
def test_packets_of_any_length_come_out_as_frames_of_20_ms(jitter, first, ticks):
    for number in range(round(960 * 12 / ticks)):
        jitter.push(number, number * ticks, packet(1500, first=first))
    out = [value(jitter.pop()) for _ in range(LEAST_DELAY + 11)]
    assert out[LEAST_DELAY:] == [1500] * 11


def test_garbage_is_counted_and_ignored(jitter, sender):
    sender.push(0)
    for garbage in (b"", b"\x03", b"\x6b\x3f"):
        jitter.push(1, 960, garbage)
    assert jitter.counters()["broken"] == 3
    assert [value(jitter.pop()) for _ in range(3)][-1] == 1000


def test_reset_forgets_the_stream_and_keeps_the_counters(jitter, sender):
    play(jitter, sender, {tick: [tick] for tick in range(5)}, 5)
    jitter.reset()
    assert value(jitter.pop()) == SILENCE
    assert jitter.counters()["received"] == 5
