"""Sentences cut into word pieces, against numbers that are known."""

from pathlib import Path

import pytest

from agents.speech.providers import weights
from agents.speech.providers.word_pieces import WordPieces, split


@pytest.fixture(scope="module")
def pieces():
    return WordPieces(weights.read("bert pieces", Path("unused")).decode())


def test_words_and_marks_are_apart():
    assert list(split("Don't e-mail  A@b.c!\n")) == ["don", "'", "t", "e", "-", "mail", "a", "@", "b", ".", "c", "!"]


def test_accents_and_control_signs_fall_away():
    assert list(split("Zürich\u200b’s CAFÉ\x00")) == ["zurich", "’", "s", "cafe"]


def test_each_chinese_sign_is_a_word():
    assert list(split("ab中文c")) == ["ab", "中", "文", "c"]


def test_known_sentences_have_known_numbers(pieces):
    assert pieces.ids("Hello, world!", 256) == [101, 7592, 1010, 2088, 999, 102]
    assert pieces.ids("unaffable", 256) == [101, 14477, 20961, 3468, 102]
    assert pieces.ids("", 256) == [101, 102]


def test_what_has_no_pieces_is_unknown(pieces):
    assert pieces.ids("\U0001f600 " + "x" * 200, 256) == [101, 100, 100, 102]


def test_a_long_text_is_cut_and_still_ends(pieces):
    ids = pieces.ids("hello " * 1000, 16)
    assert len(ids) == 16 and ids[0] == 101 and ids[-1] == 102
