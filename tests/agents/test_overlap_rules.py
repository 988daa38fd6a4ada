"""What a sound over the voice is, by its words: half-said ones decide nothing while the voice is held anyway."""

import pytest

from agents.engine.overlap_rules import Sound, Voice, judge

HELD = Voice("We open at nine every morning.", is_held=True)


@pytest.mark.parametrize(
    ("speech_s", "text", "do", "reason"),
    [
        (0.9, "are green", "hold", ""),  # of "oh, great, thanks", which is not over yet
        (1.2, "wait how am I", "stop", "words"),
        (1.2, "tomorrow", "stop", "long"),
        (1.4, "okay great thanks", "hold", ""),
        (1.4, "yay okay good", "hold", ""),
        (1.4, "no okay good", "stop", "long"),
        (2.0, "okay great thanks", "stop", "long"),
    ],
)
def test_a_sound_that_goes_on_stops_the_voice_late_and_later_where_somebody_seems_to_listen(speech_s, text, do, reason):
    verdict = judge(Sound(speech_s, 0.0, text, judged_s=speech_s - 0.3), HELD)

    assert verdict.do == ("leave" if do == "hold" else do)
    assert verdict.reasons == ((reason,) if reason else ())


@pytest.mark.parametrize(
    ("speech_s", "text", "verdict"),
    [
        (1.3, "yank, okay, good.", "one_word"),
        (1.3, "Sunday, okay.", "words"),
        (0.9, "And on Sundays.", "words"),
        (1.3, "No, okay, good.", "command"),
        (1.3, "Ah, great thanks.", "listening"),
    ],
)
def test_of_a_sound_that_is_over_all_words_count_and_one_of_three_may_be_misheard(speech_s, text, verdict):
    assert judge(Sound(speech_s, 0.2, text, settled=True, judged_s=speech_s), HELD).reasons == (verdict,)


def test_somebody_who_was_let_pass_and_goes_on_is_heard_out_sooner():
    sound = Sound(0.9, 0.0, "that is enough", judged_s=0.7, dismissed=True)

    assert judge(sound, HELD).reasons == ("words",)
