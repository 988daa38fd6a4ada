"""What is nearly one of the owner's examples is whole, and the beginning of one is not."""

import pytest

from agents.brains.examples import like

EXAMPLES = ["Do you rent electric bikes?", "The bike was stolen", "My fridge does not cool", "Prices"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Do you rent electric bikes?", "asked"),
        ("D. Went electric bikes,", "asked"),
        ("The bike was stolen.", "told"),
        ("The bike was stolen yesterday.", "told"),
        ("My bike was stolen last night.", "told"),
        ("My fridge does not coal.", "told"),
        ("Do you rent electric", ""),
        ("Do you rent", ""),
        ("The bike was", ""),
        ("My bike was stolen. Can you tell me what I have to do now?", ""),
        ("Prices.", ""),
        ("", ""),
    ],
)
def test_words_are_like_an_example_where_its_end_is_there_and_nearly_all_of_it(said, found):
    assert like(said, EXAMPLES) == found
