"""The agent's voice is held and goes on: at the same word, without a click, with everything counted as it was heard."""

import numpy as np
import pytest

from agents.engine.line import Clip, ClipEnded, ClipStarted, Played, Say
from agents.speech.sound import FRAME_S, SPOKEN_FRAME, SPOKEN_HZ
from calling.lines.webrtc.opus import Decoder, comfort_after, encode_clip
from tests.fakes.room import Room, clip


@pytest.fixture
async def room():
    return Room()


async def test_a_held_voice_is_silent_and_goes_on_at_the_word_that_was_cut(room):
    await room.seat.play(Say(clip("one two three", 9), 1))  # three frames a word
    assert room.tick(5) == [b"o0", b"o1", b"o2", b"o3", b"o4"]
    await room.seat.pause()
    assert room.tick(3) == [None] * 3
    await room.seat.resume()
    assert room.tick(7) == [b"o3", b"o4", b"o5", b"o6", b"o7", b"o8", None]


async def test_a_voice_that_was_held_for_long_begins_the_clause_again(room):
    await room.seat.play(Say(clip("one two three", 9), 1))
    room.tick(8)
    await room.seat.pause()
    await room.seat.resume(clip_again=True)
    assert room.tick(10) == [f"o{index}".encode() for index in range(9)] + [None]


async def test_a_clip_that_was_held_is_reported_once(room):
    say = Say(clip("one two", 4), 1)
    await room.seat.play(say)
    room.tick(3)
    await room.seat.pause()
    room.tick(2)
    await room.seat.resume(clip_again=True)
    room.tick(6)
    assert room.events() == [ClipStarted(say, pytest.approx(0.0)), ClipEnded(say, pytest.approx(9 * FRAME_S))]


async def test_a_hold_between_two_clips_loses_nothing(room):
    for text in ("alpha", "beta"):
        await room.seat.play(Say(clip(text, 2), 1))
    assert room.tick(2) == [b"a0", b"a1"]
    await room.seat.pause()
    assert room.tick(1) == [None]
    await room.seat.resume()
    assert room.tick(3) == [b"b0", b"b1", None]


async def test_what_was_heard_up_to_a_hold_is_told_when_the_voice_stops(room):
    await room.seat.play(Say(clip("one two three four", 12), 1))
    room.tick(7)
    await room.seat.pause()
    room.tick(10)
    assert await room.seat.clear() == Played("one two", pytest.approx(7 * FRAME_S))
    assert room.tick(1) == [None]


async def test_clear_while_paused_lets_the_next_clip_sound(room):
    await room.seat.play(Say(clip("alpha", 4), 1))
    room.tick(1)
    await room.seat.pause()
    await room.seat.clear()
    await room.seat.play(Say(clip("beta", 1), 2))
    assert room.tick(1) == [b"b0"]


async def test_the_room_in_the_queue_is_counted_through_holds(room):
    await room.seat.play(Say(clip("one two three", 9), 1))
    for _ in range(3):
        room.tick(2)
        await room.seat.pause()
        await room.seat.resume(clip_again=True)
    assert room.seat._queued_frames == 9
    room.tick(9)
    assert room.seat._queued_frames == 0


async def test_the_recording_of_a_held_voice_dies_away_within_a_frame(room):
    await room.seat.play(Say(clip("alpha", 6), 1))
    room.tick(2)
    await room.seat.pause()
    room.tick(2)
    _, _, fading = room.tape.frames[2]
    assert fading[0] == 1000 and abs(fading[-1]) <= 3 and np.all(np.diff(fading) <= 0)
    assert room.tape.frames[3][2] is None


WORD_S = 0.2


def voice(seconds):
    """Something like vowels, one a word."""
    at = np.arange(round(seconds * SPOKEN_HZ)) / SPOKEN_HZ
    wave = sum(np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 20)) * np.sin(np.pi * at / WORD_S) ** 2
    return (wave / np.max(np.abs(wave)) * 12_000).astype(np.int16)


def harshest(pcm):
    """The strongest high frequencies in any 2.5 ms: a click is full of them."""
    bent = np.diff(pcm.astype(float), n=3)
    return np.square(bent[: len(bent) // 60 * 60].reshape(-1, 60)).mean(axis=1).max()


def test_a_hold_makes_no_click_at_the_other_end():
    ends = tuple(WORD_S * (at + 1) for at in range(10))
    said = Clip("a b c d e f g h i j", voice(2.0), ends)
    encode_clip(said)

    def heard(packets):
        decoder = Decoder(SPOKEN_HZ)
        return np.concatenate([decoder.decode(packet) for packet in packets])

    whole = heard(said.packets)
    for cut in range(33, 74, 10):
        again = int(said.word_start_s(cut * FRAME_S) / FRAME_S + 1e-6)
        held = [comfort_after(said.packets[cut - 1])] * 8
        with_hold = heard([*said.packets[:cut], *held, *said.packets[again:]])
        torn = np.concatenate([whole[: cut * SPOKEN_FRAME + 100], np.zeros(SPOKEN_FRAME * 8), whole])
        assert harshest(with_hold) <= harshest(whole) * 1.1 < harshest(torn)
