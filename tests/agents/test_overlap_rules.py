"""What a sound over the voice is, by its words: half-said ones decide nothing while the voice is held anyway."""

from dataclasses import replace

import pytest

from agents.engine.expectation import YES_OR_NO
from agents.engine.overlap_rules import Sound, Voice, judge

HELD = Voice("We open at nine every morning.", is_held=True)
HELD_IN = {language: replace(HELD, language=language) for language in ("en", "de")}


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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Makes sense."),
        ("en", "Oh, that sounds really good."),
        ("en", "Good to know, thanks."),
        ("en", "Fair enough."),
        ("en", "Yeah, I understand."),
        ("en", "All right then."),
        ("en", "No problem."),
        ("en", "Right, of course. Thanks a lot."),
        ("de", "Ja, das klingt gut."),
        ("de", "Ach so, ich verstehe."),
        ("de", "Gut zu wissen."),
        ("de", "Kein Problem."),
        ("de", "Na ja, das macht Sinn."),
        ("de", "Nicht schlecht."),
    ],
)
def test_whole_phrases_show_that_somebody_listens(language, text):
    sound = Sound(0.9, 0.2, text, settled=True, judged_s=0.9)

    assert judge(sound, Voice("We open at nine.", is_held=True, language=language)).reasons == ("listening",)
    assert judge(replace(sound, speech_s=1.5, settled=False, quiet_s=0.0), HELD_IN[language]).do == "leave"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't understand."),
        ("en", "That's not good."),
        ("en", "No, that's fine."),
        ("en", "Good to know, but is it open?"),
        ("en", "Louder."),
        ("de", "Ich verstehe nicht."),
        ("de", "Das ist nicht gut."),
        ("de", "Nein, das passt."),
        ("de", "Gut zu wissen, aber wann?"),
        ("de", "Lauter."),
    ],
)
def test_what_wants_something_is_no_listening_whatever_it_begins_with(language, text):
    sound = Sound(0.7, 0.2, text, settled=True, judged_s=0.7)

    assert judge(sound, Voice("We open at nine.", is_held=True, language=language)).do == "stop"


def test_a_short_sound_that_is_hardly_made_out_is_no_reason_to_stop():
    sound = Sound(0.7, 0.2, "Yak, chu", settled=True, judged_s=0.7, certainty=0.3)

    assert judge(sound, HELD).reasons == ("unclear",)
    assert judge(replace(sound, certainty=0.9), HELD).reasons == ("words",)
    assert judge(replace(sound, speech_s=1.5), HELD).reasons == ("words",), "who goes on for long is let in"
    assert judge(replace(sound, text="What?"), HELD).reasons == ("command",), "to miss somebody is worse than to stop"


def test_what_is_asked_for_may_be_said_unclearly():
    sound = Sound(0.4, 0.2, "Yes", settled=True, judged_s=0.4, certainty=0.3)

    assert judge(sound, replace(HELD, expected=YES_OR_NO)).reasons == ("answer",)


def test_single_letters_are_what_an_ear_makes_of_a_hum():
    sound = Sound(0.6, 0.2, "M. H. N..", settled=True, judged_s=0.6)

    assert judge(sound, HELD).reasons == ("listening",)


def test_a_word_belongs_to_the_turn_only_before_anybody_can_have_heard_its_answer():
    sound = Sound(0.6, 0.2, "Tuesday.", settled=True, judged_s=0.6, certainty=0.4)
    begun = replace(HELD, answers=True)

    assert judge(sound, replace(begun, unheard=True)).reasons == ("goes_on",)
    assert judge(replace(sound, certainty=0.9), begun).reasons == ("one_word",)
    assert judge(replace(sound, text="on Tuesday morning", certainty=0.9), begun).reasons == ("goes_on",)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "That's for."), ("en", "Make sents."), ("en", "Are interesting,"), ("de", "Alis Klaar")],
)
def test_what_an_ear_makes_of_a_phrase_of_listening_is_still_one(language, text):
    sound = Sound(1.0, 0.2, text, settled=True, judged_s=1.0)

    assert judge(sound, HELD_IN[language]).do == "go_on"
    assert judge(replace(sound, speech_s=1.3, settled=False, quiet_s=0.0), HELD_IN[language]).do == "leave"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't understand."),
        ("en", "That's not fine."),
        ("en", "That's wrong."),
        ("en", "Okay, tomorrow."),
        ("de", "Das ist nicht gut."),
        ("de", "In Hannover."),
    ],
)
def test_what_is_only_nearly_one_and_says_the_contrary_or_something_else_is_not(language, text):
    assert judge(Sound(1.0, 0.2, text, settled=True, judged_s=1.0), HELD_IN[language]).do == "stop"
