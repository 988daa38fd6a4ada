"""Every cause has its sentence for the admin, and the sound of a call its line."""

import re
from pathlib import Path

import pytest

from calling.record import end_reasons
from widgets.refusals import CODES

ROOT = Path(__file__).resolve().parents[2]


def test_every_code_has_its_sentence():
    assert set(end_reasons.CODES) == set(CODES)


def test_every_ending_on_the_wire_has_its_words():
    line = re.search(r"`ended\.cause`: (.*?)\n\n", (ROOT / "docs/wire.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert set(end_reasons.ENDINGS) == set(re.findall(r"`([a-z_]+)`", line.partition("(")[0]))


@pytest.mark.parametrize("code", sorted(end_reasons.CODES))
def test_a_sentence_is_one_and_names_no_code(code):
    words = end_reasons.reason(code)
    assert words.endswith(".") and words[0].isupper() and code not in words


def test_what_is_not_known_is_not_guessed():
    assert end_reasons.reason("") == end_reasons.reason("SOMETHING_ELSE") == ""
    assert end_reasons.ending("never heard of") == "Ended"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"received": 900, "lost_percent": 0.3, "round_trip_ms": 41.6}, "Good, 0.3 % lost, 42 ms round trip"),
        ({"received": 900, "lost_percent": 0.0, "round_trip_ms": None}, "Good, 0 % lost"),
        ({"received": 900, "lost_percent": 5.0}, "Fair, 5 % lost"),
        ({"received": 900, "lost_percent": 25.4}, "Poor, 25.4 % lost"),
        ({"received": 0, "lost_percent": 0.0}, "Nothing was heard of the visitor"),
        ({}, "Nothing was heard of the visitor"),
    ],
)
def test_the_sound_of_a_call_in_a_line(numbers, words):
    assert end_reasons.sound(numbers) == words
