"""Whose turn it is, decided from words and times."""

import pytest

from agents.brains.settings import TalkSettings
from agents.engine import turn_rules
from agents.speech.words import even, joined, real_words, words

SETTINGS = TalkSettings()


@pytest.mark.parametrize(
    "text",
    [
        "I want to book a repair and",
        "I would like, um",
        "My number is 555",
        "five five",
        "On Monday,",
        "I wanted to ask...",
        "It is because",
        "Can you tell me the",
    ],
)
def test_unfinished_sentences_are_waited_for_longer(text):
    assert turn_rules.unfinished(text)
    assert turn_rules.patience_s(text, SETTINGS) == SETTINGS.trailing_end_of_turn_ms / 1000


@pytest.mark.parametrize("text", ["When do you open?", "Do you open at 5?", "I have one.", "Yes please.", "", "Stop"])
def test_finished_sentences_end_after_the_usual_silence(text):
    assert not turn_rules.unfinished(text)
    assert turn_rules.patience_s(text, SETTINGS) == SETTINGS.end_of_turn_ms / 1000


def test_patience_is_never_shorter_than_the_setting():
    assert turn_rules.patience_s("and", TalkSettings(end_of_turn_ms=1500)) == 1.5


@pytest.mark.parametrize(
    ("text", "speech_s", "understood"),
    [
        ("Stop", 0.3, True),
        ("mm", 1.0, False),
        ("Uh, hmm.", 1.0, False),
        ("", 2.0, False),
        ("...", 2.0, False),
        ("you", 0.4, False),
        ("You", 0.8, True),
        ("Thank you", 0.4, True),
        ("a\ufffdb", 1.0, False),
    ],
)
def test_only_words_count_as_speech(text, speech_s, understood):
    assert turn_rules.understood(text, speech_s) is understood


@pytest.mark.parametrize(
    ("run_s", "text", "interrupts"),
    [(0.3, "Stop", True), (0.24, "Stop", True), (0.2, "Stop", False), (2.0, "uh", False), (2.0, "", False)],
)
def test_an_interruption_is_long_enough_and_has_a_word(run_s, text, interrupts):
    assert turn_rules.interrupts(run_s, text, run_s, SETTINGS) is interrupts


def test_words_are_evened_out():
    assert words("Good-bye, it’s 9:30 to-morrow!") == ["goodbye", "it's", "9", "30", "tomorrow"]
    assert even("Good-bye   to-morrow") == "goodbye tomorrow"
    assert real_words("Um, yes, uh-huh") == ["yes"]
    assert joined("Can you ", " mend it?") == "Can you mend it?"
    assert joined("", "mend") == "mend"
