"""The engines without models do what they promise."""

import asyncio

import numpy as np

from agents.speech.providers import scripted
from agents.speech.sound import HEARD_FRAME, HEARD_HZ, SPOKEN_HZ


def tone(seconds, seed=1):
    return np.random.default_rng(seed).integers(-9000, 9000, int(seconds * HEARD_HZ)).astype(np.int16)


def run(work):
    return asyncio.run(work)


def test_loud_sound_is_speech():
    activity = scripted.ScriptedActivity()

    heard = [activity.speech(tone(1)[:HEARD_FRAME]) for _ in range(8)]
    activity.reset()
    silent = [activity.speech(np.zeros(HEARD_FRAME, np.int16)) for _ in range(4)]

    assert [value for value in heard if value is not None] == [1.0] * 5
    assert {value for value in silent if value is not None} == {0.0}


def test_the_nth_segment_becomes_the_nth_line():
    hearing = scripted.ScriptedHearing(["first", "second"])
    one, two, three = tone(1, 1), tone(2, 2), tone(1.5, 3)

    async def scene():
        pieces = [one[:8000], one, two, three[:9000], three, np.zeros(16000, np.int16)]
        return [(await hearing.hear(piece, language="en")).text for piece in pieces]

    assert run(scene()) == ["first", "first", "second", "I spoke for 0.6 seconds", "I spoke for 1.5 seconds", ""]


def test_each_word_has_a_quarter_of_a_second():
    spoken = run(scripted.ScriptedVoice().speak("We open at nine."))

    assert spoken.word_ends_s == (0.25, 0.5, 0.75, 1.0)
    assert len(spoken.pcm) == SPOKEN_HZ
    assert np.abs(spoken.pcm[: SPOKEN_HZ // 5]).max() > 4000


def test_the_same_words_are_close_and_others_are_not():
    vectors = run(scripted.ScriptedMeaning().vectors(["When do you open?", "do you open when", "red bicycle", ""]))

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors[0] @ vectors[1] > 0.99 > 0.2 > vectors[0] @ vectors[2]
