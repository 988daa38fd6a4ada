"""Pasted texts without their markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.speech.plain_text import plain


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        # HTML
        ("<p>We open at <b>nine</b>.</p>", "We open at nine."),
        ("<p>We open at nine</p><p>We close at five</p>", "We open at nine. We close at five"),
        ("One<br>two<br/>three", "One two three"),
        ('<a href="https://example.com/prices">our prices</a> are fair', "our prices are fair"),
        ("<h2>Hours</h2><p>Nine to five.</p>", "Hours. Nine to five."),
        ("We sell<ul><li>tea</li><li>coffee</li></ul>", "We sell: tea, coffee."),
        ("<script>alert(1)</script>Hello<style>p{}</style>", "Hello"),
        ("<table><tr><th>Day</th><th>Price</th></tr><tr><td>Monday</td><td>5 €</td></tr></table>", "Monday: 5 €."),
        ('<img src="x.png" alt="Our house"> is old', "Our house is old"),
        ('<span style="color: red">Closed</span> on <o:p></o:p>Monday', "Closed on Monday"),
        ("<!-- note -->Welcome", "Welcome"),
        # Entities
        ("Fish&nbsp;&amp;&nbsp;chips", "Fish & chips"),
        ("Fish &amp;amp; chips &#8211; &#x20AC;5", "Fish & chips – €5"),
        ("caf&eacute;", "café"),
        ("nine\u00a0to\u202ffive, Donau\u00addampf", "nine to five, Donaudampf"),
        # Markdown
        ("See [our prices](https://example.com).", "See our prices."),
        ('See [our prices](https://example.com/a_(b) "All of them") now', "See our prices now"),
        ("See [our prices][1].\n\n[1]: https://example.com", "See our prices."),
        ("Look: ![a map](map.png)", "Look: a map"),
        ("Write to <mailto:hi@example.com> or <https://example.com>", "Write to hi@example.com or https://example.com"),
        ("It is **really** _very_ `good` and ~~bad~~ ***so***", "It is really very good and bad so"),
        ("## Hours\nNine to five.", "Hours. Nine to five."),
        ("We sell:\n- tea\n- coffee\n- cake", "We sell: tea, coffee, cake."),
        (
            "* Come by bus, the stop is in front of the door\n* Or by train",
            "Come by bus, the stop is in front of the door. Or by train.",
        ),
        ("1. Call us\n2. Come by", "1. Call us. 2. Come by."),
        ("> We open at nine", "We open at nine"),
        ("One\n\n---\n\nTwo", "One. Two"),
        ("```\nCode\n```", "Code"),
        # Tables
        ("| Day | Price |", "Day, Price."),
        ("| Day | Price |\n|---|---|\n| Monday | 5 € |\n| Tuesday | 6 € |", "Monday: 5 €. Tuesday: 6 €."),
        (
            "Our hours\n\n| Day | Opens | Closes |\n| :-- | --: | --- |\n| Monday | nine | five |\n| Sunday | | |",
            "Our hours. Monday: Opens nine, Closes five. Sunday.",
        ),
        ("Monday\t9 to 5\nTuesday\t10 to 4", "Monday, 9 to 5. Tuesday, 10 to 4."),
    ],
)
def test_markup_is_taken_away_and_what_it_meant_is_kept(pasted, said):
    assert plain(pasted) == said


@pytest.mark.parametrize(
    "written",
    [
        "Hello, this is Robin. How can I help you?",
        "Our prices:  two spaces\nand a new line",
        "AT&T, R&D & more; 5 < 6 and 7 > 6, a <3 for you",
        "Call <name> or press #1; it's 3 * 4 = 12.",
        "${variant_opening_hours} and ${page.first_name} by _underscore",
        "snake_case_name and -5 degrees – cold",
        "Room [A] (upstairs)",
        "&copying is fine",
    ],
)
def test_a_text_without_markup_is_said_as_it_was_written(written):
    assert plain(written).split() == written.split()


def test_names_to_be_filled_in_survive():
    assert plain("**${variant_city}**: <b>${page.first_name}</b>") == "${variant_city}: ${page.first_name}"


@given(st.text(alphabet="ab <>/p&;#*_[]()|-\n\t`~!.x1", max_size=60))
def test_no_text_is_too_odd_and_plain_words_stay_plain(text):
    once = plain(text)
    assert "\n" not in once or once == text
    plain(once)
