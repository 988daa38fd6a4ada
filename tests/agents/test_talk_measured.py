"""What `make bench-talk` makes of a recording: shown on sounds whose story is known."""

import numpy as np
import pytest

from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, from_float
from bench.talk import score
from bench.talk.rivals import by_silence


def voice(seconds, seed=0):
    """Something that is like nothing else."""
    drawn = np.random.default_rng(seed).normal(0, 0.1, round(seconds * SPOKEN_HZ))
    return np.convolve(drawn, np.ones(4) / 4, "same").astype(np.float32)


def tape(*parts):
    """Seconds of silence, and sounds."""
    pieces = [np.zeros(round(one * SPOKEN_HZ), np.float32) if isinstance(one, float) else one for one in parts]
    return from_float(resample(np.concatenate(pieces), SPOKEN_HZ, HEARD_HZ))


def test_a_spell_lasts_from_its_first_sound_to_its_last_with_short_pauses_within():
    found = score.spells(tape(0.5, voice(1.0), 0.2, voice(0.5), 0.6, voice(0.4), 0.5))

    assert found == [pytest.approx((0.5, 2.2), abs=0.02), pytest.approx((2.8, 3.2), abs=0.02)]


def test_an_agent_that_begins_in_the_callers_pause_has_cut_them_off():
    pieces = [(0.0, 1.0), (2.0, 3.0)]

    assert score.cut_off(tape(1.4, voice(0.4), 3.0), pieces)
    assert not score.cut_off(tape(3.4, voice(0.4), 1.0), pieces)
    assert not score.cut_off(tape(0.4, voice(0.4), 1.0), [(0.0, 1.0)])


def test_the_time_to_silence_is_that_until_the_sound_ends_which_goes_on_at_the_onset():
    agent = tape(1.0, voice(1.0), 1.0)

    assert score.silent_after(agent, 1.6) == pytest.approx(0.4, abs=0.03)
    assert score.silent_after(agent, 2.5) is None


CLAUSES = [voice(1.2, 1), voice(1.2, 2)]


def test_an_answer_that_was_heard_whole_went_on_and_nothing_of_it_is_lost_or_twice():
    times = score.heard_times(tape(0.3, *CLAUSES, 0.5), CLAUSES)

    assert score.went_on(times)
    assert (score.lost_s(times), score.twice_s(times)) == (0.0, 0.0)


def test_an_answer_that_was_stopped_did_not_go_on():
    assert not score.went_on(score.heard_times(tape(0.3, CLAUSES[0], CLAUSES[1][:6000], 3.0), CLAUSES))


def test_what_sounds_again_after_a_hold_is_counted_in_seconds():
    times = score.heard_times(tape(0.3, CLAUSES[0], 0.7, *CLAUSES, 0.5), CLAUSES)

    assert score.twice_s(times) == pytest.approx(1.2, abs=0.01)


def test_what_never_sounded_is_lost_but_for_the_piece_that_a_hold_fades():
    whole, cut = CLAUSES[0], CLAUSES[1]
    gone = score.heard_times(tape(0.3, whole, cut[round(0.72 * SPOKEN_HZ) :], 0.5), CLAUSES)

    assert score.lost_s(gone) == pytest.approx(0.48, abs=0.01)


def test_a_rival_that_goes_by_silence_ends_a_turn_in_a_pause_that_is_longer():
    frames = [True] * 50 + [False] * 30 + [True] * 50 + [False] * 60

    soon, late = by_silence(frames, 0.5), by_silence(frames, 0.78)

    assert soon.ends == pytest.approx([1.5, 3.1]) and soon.interruptions == pytest.approx([0.2, 1.8])
    assert late.ends == pytest.approx([3.38]) and late.interruptions == pytest.approx([0.2])
