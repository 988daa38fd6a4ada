"""An owner's colour is readable wherever it is used."""

from hypothesis import given
from hypothesis import strategies as st

from widgets.card import colours


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_every_colour_passes_both_checks_in_both_themes(brand):
    made = colours.accents(brand)
    assert colours.contrast(made.accent, made.on_accent) >= 4.5
    assert colours.contrast(made.accent, "#ffffff") >= 3
    assert colours.contrast(made.accent_dark, made.on_accent_dark) >= 4.5
    assert colours.contrast(made.accent_dark, "#191b20") >= 3


def test_a_colour_that_is_readable_already_stays_as_it_is():
    assert colours.accents("#0b6e4f").accent == "#0b6e4f"


def test_our_own_colour_is_the_drawn_pair():
    assert colours.accents(colours.OWN).shown() == {
        "accent": "#4a4ae0",
        "onAccent": "#ffffff",
        "accentDark": "#8b8bff",
        "onAccentDark": "#16181d",
    }
