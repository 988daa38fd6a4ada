"""The rules on 411 utterances: what was measured must not get worse unnoticed (`python -m bench turns`)."""

import numpy as np

from agents.brains.settings import TalkSettings
from bench import replay, turns


def test_the_normal_style_keeps_its_aims_on_utterances_it_was_not_written_on():
    assert turns.missed([row for row in turns.read() if row["part"] == "test"]) == []


def test_a_more_patient_style_cuts_off_less_and_waits_longer():
    rows = turns.read()
    quick, normal, patient = (turns.outcome(rows, turns.our_wait_ms(style)) for style in ("quick", "normal", "patient"))

    assert quick.eot > normal.eot > patient.eot and quick.planted > normal.planted > patient.planted
    assert quick.mean_ms < normal.mean_ms < patient.mean_ms


def test_words_cut_off_less_than_silence_alone_at_the_same_mean_wait():
    rows = turns.read()
    ours = turns.outcome(rows, turns.our_wait_ms("normal"))
    silence = turns.outcome(rows, lambda row: ours.mean_ms)

    assert ours.planted < silence.planted / 2 and ours.eot < silence.eot


def test_slow_callers_are_let_finish_and_whole_questions_are_not_kept_waiting_for_it():
    def outcomes(name, kind=""):
        rows = [row for row in replay.read() if row["list"] == name and kind in row["kind"]]
        return replay.played(rows, TalkSettings())

    slow = outcomes("slow-held")
    assert sum(one.cut_at is not None for one in slow) < 0.03 * len(slow)
    assert np.percentile([one.wait_ms for one in outcomes("whole", "question")], 95) < 1000
