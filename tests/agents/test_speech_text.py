"""Written words in spoken form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.speech.spoken_text import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $49.99, about.", "It costs 49 dollars and 99 cents, about."),
        ("$1 or £5 or €1.01!", "1 dollar or 5 pounds or 1 euro and 1 cent!"),
        ("£0.50 and £1,250.00", "50 pence and 1250 pounds"),
        ("$5 million a year", "5 million dollars a year"),
        ("$2.5k or €3.50/month", "2 point 5 thousand dollars or 3 euros and 50 cents per month"),
        ("$10-$20", "10 dollars to 20 dollars"),
        ("from 9am to 5:30pm.", "from 9 A M to 5 30 P M."),
        ("9 a.m. to 5 p.m.", "9 A M to 5 P M."),
        ("at 10:00, 9:05 or 17:30", "at 10 o'clock, 9 oh 5 or 17 30"),
        ("Mon-Fri 9–5", "Monday to Friday 9 to 5"),
        ("10 – 12 days", "10 to 12 days"),
        ("open 24/7", "open twenty four seven"),
        ("call 555-0198 now", "call 5 5 5, 0 1 9 8 now"),
        ("+1 (415) 555-0198.", "plus 1, 4 1 5, 5 5 5, 0 1 9 8."),
        ("0800 123 4567", "0 8 0 0, 1 2 3, 4 5 6 7"),
        ("mail sarah.b@example.com!", "mail sarah dot b at example dot com!"),
        ("see https://www.example.com/help/.", "see www dot example dot com slash help."),
        ("in 1985 and 1907, 2024 or 2000", "in 19 85 and 19 oh 7, 20 24 or 2000"),
        ("on 2024-05-12", "on May 12, 20 24"),
        ("order 48213, code 0042", "order 4 8 2 1 3, code 0 0 4 2"),
        ("10000 or 12,500 people", "10000 or 12,500 people"),
        ("20kg, 5 km and 1 ft", "20 kilograms, 5 kilometres and 1 foot"),
        ("30 min. by bus", "30 minutes by bus"),
        ("7°C or 1/2 price", "7 degrees Celsius or one half price"),
        ("No. 5, #12. No.", "number 5, number 12. No."),
        ("Dr. Smith, Harbour St. near St. James", "doctor Smith, Harbour street near saint James"),
        ("e.g. this & that, etc.", "for example this and that, et cetera."),
        ("It's **bold** “quoted” (really)…", "It's bold quoted really."),
        ("and/or yes/no", "and or yes or no"),
        ("a well-known 3-day A-12 pass", "a well-known 3-day A-12 pass"),
        ("3.5% of 2 plans", "3.5% of 2 plans"),
    ],
)
def test_what_is_written_is_said_so(written, said):
    assert " ".join(spoken(written)) == said


@given(st.text(max_size=80))
def test_every_word_of_any_text_has_one_form(text):
    assert len(spoken(text)) == len(text.split())


@given(st.from_regex(r"[$€£#+(]?[0-9][0-9:.,/\-–%a-z)]{0,12}", fullmatch=True))
def test_no_figure_is_too_odd(word):
    assert len(spoken(f"it is {word} now")) == 4
