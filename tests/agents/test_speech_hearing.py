"""From Moonshine's tokens to words."""

import numpy as np
import pytest

from agents.speech.providers.moonshine import asks_at_mark, join_pieces, read_pieces, tidy

PIECES = [b"", b"\xe2\x96\x81Hello", b",", b"\xe2\x96\x81you", b"<0xC3>", b"<0xA9>", b"\xff"]


def test_pieces_have_lengths_of_one_or_two_bytes():
    long = b"x" * 200
    assert read_pieces(b"\x02ab\x00\x01c" + bytes([128 + 200 % 128, 200 // 128]) + long) == [b"ab", b"", b"c", long]


def test_tokens_become_text():
    assert join_pieces([1, 2, 3], PIECES) == " Hello, you"
    assert join_pieces([1, 4, 5], PIECES) == " Helloé"


def test_bytes_that_are_no_text_are_no_words():
    assert join_pieces([1, 6], PIECES) == ""
    assert join_pieces([4], PIECES) == ""


@pytest.mark.parametrize(
    ("text", "seconds", "heard"),
    [
        (" Good-bye, see you to-morrow. ", 2.0, "Goodbye, see you tomorrow."),
        ("TO-DAY or to-night", 2.0, "TODAY or tonight"),
        ("a good-bye-party at 555-0198", 2.0, "a goodbye-party at 555-0198"),
        ("You", 0.9, ""),
        ("you.", 0.9, ""),
        ("You", 2.0, "You"),
        ("Thank you", 0.9, "Thank you"),
        (" ... ", 2.0, ""),
        ("", 2.0, ""),
    ],
)
def test_text_is_tidied(text, seconds, heard):
    assert tidy(text, seconds) == heard


def test_the_nearness_of_a_question_mark_is_its_share_of_the_marks():
    logits = np.log(np.array([1.0, 20.0, 60.0, 15.0, 4.0], np.float32))
    marks = [1, 2, 3, 4]  # the question mark first

    assert asks_at_mark(logits, 2, marks) == pytest.approx(20 / 99, abs=1e-4)
    assert asks_at_mark(logits, 0, marks) == 0  # a word and no mark
