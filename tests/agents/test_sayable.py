"""What authors are told about words that a voice cannot say, or may say otherwise than meant."""

import pytest

from agents.authoring.sayable import doubts
from agents.speech.unsayable import unsayable


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("Hello and welcome, café Müller, ½ price © 2026, 25 °C", []),
        ("Привет мир, hello", ["Привет мир"]),
        ("We speak 日本語 and العربية", ["日本語", "العربية"]),
        ("Open ✓, closed ✗", ["✓", "✗"]),
        ("Call us ☎️ now 😀", ["☎", "😀"]),
        ("${variant_Ж} is filled in", []),
        ("<b title='Ж'>bold</b>", []),
        ("Ж " + "Щ" * 60, ["Ж " + "Щ" * 21 + "…"]),
    ],
)
def test_what_nobody_will_hear_is_found(written, lost):
    assert unsayable(written) == lost


def test_the_author_is_told_in_words():
    assert doubts("Hello", "hibari:heart") == []
    assert doubts("Привет", "hibari:heart") == ["The voice has no sound for “Привет” and leaves it out."]


def test_a_date_that_may_be_another_day_is_told_as_the_voice_says_it():
    american, british = doubts("on 12/05/2026", "hibari:heart"), doubts("on 12/05/2026", "pico:en-GB")
    assert american == ["“12/05/2026” is said as 5 December 2026. Write the month as a word if you mean another day."]
    assert british == ["“12/05/2026” is said as 12 May 2026. Write the month as a word if you mean another day."]
