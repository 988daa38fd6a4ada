"""Segments of speech and when their words are made out."""

import asyncio

import numpy as np
import pytest

from agents.brains.settings import TalkSettings
from agents.engine import overload
from agents.engine import virtual_clock as clock
from agents.engine.hearing import Ear
from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from agents.speech.providers.scripted import ScriptedActivity
from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ

LOUD = (np.sin(np.arange(HEARD_FRAME) * 0.3) * 9000).astype(np.int16)
QUIET = np.zeros(HEARD_FRAME, np.int16)


class LengthHearing:
    """Says how much sound it was given, in tenths of a second."""

    languages = ("en",)

    def __init__(self, takes_s=0.0, errors=()):
        self.asked = []
        self.busy = 0
        self.most_busy = 0
        self._takes_s = takes_s
        self._errors = list(errors)

    async def hear(self, pcm_16k, *, language, who=None, final=True):
        self.asked.append(round(len(pcm_16k) / HEARD_HZ, 2))
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        await asyncio.sleep(self._takes_s)
        self.busy -= 1
        if self._errors and (error := self._errors.pop(0)):
            raise error
        return Heard(f"{len(pcm_16k) / HEARD_HZ:.1f}")


def listen(script, hearing, *, eager=False, activity=None, **settings):
    """Play loud and quiet pieces (seconds, sound) to an ear; returns the ear, and the errors it reported."""

    async def scene():
        failures = []

        async def failed(error):
            failures.append(error)

        async def changed():
            pass

        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            ear = Ear(
                activity or ScriptedActivity(),
                hearing,
                language=lambda: "en",
                settings=TalkSettings(**settings),
                start=group.create_task,
                changed=changed,
                failed=failed,
                now_s=loop.time,
            )
            ear.eager = eager
            for seconds, frame in script:
                for _ in range(round(seconds / FRAME_S)):
                    await asyncio.sleep(FRAME_S)
                    ear.frame(frame, loop.time())
        return ear, failures

    return clock.run(scene())


def test_a_segment_keeps_sound_from_before_the_gate_opened():
    ear, _ = listen([(1.0, QUIET), (0.5, LOUD), (0.3, QUIET)], LengthHearing())

    segment = ear.segment
    assert segment.started_s == pytest.approx(1.0, abs=0.05)
    assert segment.voice_until_s == pytest.approx(1.5, abs=0.05)
    assert segment.speech_s == pytest.approx(0.5, abs=0.05)
    assert segment.samples / HEARD_HZ == pytest.approx(0.3 + 0.5 + 0.3, abs=0.05)


def test_silence_is_never_made_out():
    hearing = LengthHearing()

    ear, _ = listen([(5.0, QUIET)], hearing)

    assert (ear.segment, hearing.asked) == (None, [])


def test_the_final_words_are_made_out_after_a_short_silence():
    hearing = LengthHearing()

    ear, _ = listen([(0.4, LOUD), (0.18, QUIET)], hearing)
    assert not ear.segment.settled and hearing.asked == []

    ear, _ = listen([(0.4, LOUD), (0.3, QUIET)], hearing)
    assert ear.segment.settled and len(hearing.asked) == 1


def test_words_are_not_final_when_speech_goes_on():
    ear, _ = listen([(0.4, LOUD), (0.3, QUIET), (0.2, LOUD)], LengthHearing())

    assert not ear.segment.settled


def test_an_open_segment_is_made_out_now_and_then():
    hearing = LengthHearing()

    listen([(3.0, LOUD)], hearing)

    assert hearing.asked == pytest.approx([0.7, 1.4, 2.1, 2.8], abs=0.1)


def test_nothing_is_made_out_while_the_attempt_before_runs():
    hearing = LengthHearing(takes_s=1.0)

    listen([(4.0, LOUD), (1.0, QUIET)], hearing)

    assert hearing.most_busy == 1
    assert len(hearing.asked) <= 6


def test_talking_over_the_agent_is_made_out_early():
    hearing = LengthHearing()

    listen([(0.45, LOUD)], hearing, eager=True)
    assert hearing.asked == []

    listen([(0.6, LOUD)], hearing, eager=True)
    assert len(hearing.asked) == 1


def test_the_last_words_of_what_goes_over_the_agent_are_transcribed_sooner():
    hearing = LengthHearing()

    ear, _ = listen([(0.4, LOUD), (0.18, QUIET)], hearing, eager=True)

    assert ear.segment.settled and len(hearing.asked) == 1


def test_a_long_segment_is_cut_and_goes_on():
    hearing = LengthHearing()

    ear, _ = listen([(6.0, LOUD), (0.5, QUIET)], hearing, segment_max_s=2.0)

    assert ear.segment.said.text == "2.0 2.0 2.0"
    assert ear.segment.settled
    assert max(hearing.asked) <= 2.0


def test_the_gate_has_a_threshold_to_open_and_a_lower_one_to_close():
    class Probabilities:
        def __init__(self, values):
            self._values = iter(values)

        def speech(self, frame):
            return next(self._values)

    gate = Probabilities([0.4, 0.45, 0.5, 0.4, 0.36, 0.34, 0.4, 0.49])
    ear, _ = listen([(0.16, LOUD)], LengthHearing(), activity=gate)

    assert ear.segment.speech_s == pytest.approx(3 * FRAME_S)
    assert not ear.speaking


def test_a_passing_failure_of_the_final_words_is_tried_again_once():
    again = ProviderError("busy")

    ear, failures = listen([(0.4, LOUD), (0.4, QUIET)], LengthHearing(errors=[again]))
    assert failures == [] and ear.segment.settled

    _, failures = listen([(0.4, LOUD), (0.24, QUIET)], LengthHearing(errors=[again, again]))
    assert failures == [again]


def test_a_passing_failure_of_words_for_a_caption_is_left_at_that():
    _, failures = listen([(1.0, LOUD)], LengthHearing(errors=[ProviderError("busy")]))

    assert failures == []


def test_a_broken_engine_is_reported_at_once():
    broken = ProviderError("no weights", permanent=True)

    _, failures = listen([(1.0, LOUD)], LengthHearing(errors=[broken]))

    assert failures == [broken]


def test_a_long_silence_is_not_kept_with_the_speech():
    hearing = LengthHearing(takes_s=2.0)

    ear, _ = listen([(0.6, LOUD), (9.0, QUIET)], hearing)

    assert ear.segment.settled
    assert max(hearing.asked) <= 0.3 + 0.6 + 0.3
    assert ear.segment.samples / HEARD_HZ <= 0.3 + 0.6 + 0.35


def test_speech_after_a_long_silence_keeps_the_sound_from_before_it():
    ear, _ = listen([(1.0, QUIET), (0.6, LOUD), (3.0, QUIET), (0.6, LOUD), (0.3, QUIET)], LengthHearing())

    assert ear.segment.samples / HEARD_HZ == pytest.approx(0.3 + 0.6 + 0.3 + 0.3 + 0.6 + 0.3, abs=0.08)


def test_the_last_words_do_not_wait_for_a_caption():
    hearing = LengthHearing(takes_s=2.0)

    ear, _ = listen([(0.8, LOUD), (2.4, QUIET)], hearing)

    assert len(hearing.asked) == 2 and ear.segment.settled


@pytest.mark.parametrize(("late_s", "level"), [(0.0, 0), (0.59, 0), (0.6, 1), (1.2, 2), (2.9, 2), (3.0, 3), (60.0, 3)])
def test_the_later_words_come_the_more_is_done_without(late_s, level):
    assert overload.level_while_waiting(0, late_s) == level
    assert overload.level_after(0, late_s) == level


def test_hearing_gets_better_one_step_at_a_time_and_only_when_it_is_clearly_quicker():
    assert overload.level_after(3, 1.6) == 3
    assert overload.level_after(3, 0.0) == 2
    assert overload.level_after(2, 0.0) == 1
    assert overload.level_after(1, 0.0) == 0
    assert overload.level_while_waiting(3, 0.0) == 3


def test_long_sound_may_take_longer():
    assert overload.lateness_s(2.0, 20.0) == 0.0


def test_captions_are_dropped_before_the_last_words():
    hearing = LengthHearing(takes_s=2.0)

    ear, _ = listen([(0.8, LOUD), (2.4, QUIET), (3.0, LOUD), (0.3, QUIET)], hearing)

    assert ear.level >= overload.NO_PARTIALS
    assert len(hearing.asked) == 3  # a caption that was given up, the last words, the last words


def test_how_far_speech_stands_out_of_what_was_there_before_is_kept_with_its_words():
    murmur = (LOUD / 30).astype(np.int16)  # 30 dB softer

    ear, _ = listen([(2.0, murmur), (0.6, LOUD), (0.3, murmur)], LengthHearing())

    assert ear.segment.heard.above_db == pytest.approx(29.5, abs=1)
