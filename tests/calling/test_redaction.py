"""A visitor's words for more readers: what tells who they are is gone, wherever and however it was said."""

import pytest

from agents.brains.phrases import phrases
from calling.record.redaction import BORN, STAND_INS, Redaction

CONFIG = {
    "flows": [
        {
            "steps": [
                {"key": "name", "kind": "name", "ask": "And who is it for?"},
                {"key": "where", "kind": "address", "ask": "Where shall we bring it, ${variant_name}?"},
                {"key": "born", "kind": "date", "ask": "When were you born?", "limits": {"when": "past"}},
                {"key": "day", "kind": "date", "ask": "Which day suits you?"},
                {"key": "card", "kind": "code", "ask": "What stands on your card?", "again": "Once more, please."},
            ]
        }
    ]
}
COLLECTED = [{"flow": "Repair", "data": {"name": "Quincy Tagore", "day": "2026-12-04"}}]


@pytest.fixture
def redaction():
    return Redaction("en", CONFIG, COLLECTED)


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        ("And who is it for?", "for my aunt, Imelda", STAND_INS["name"]),
        (f"Of course. {phrases('en').message_name}", "Quince here", STAND_INS["name"]),
        ("Where shall we bring it, Leeds?", "twelve Harbour Lane", STAND_INS["address"]),
        ("When were you born?", "the 3rd of May 1990", BORN["en"]),
        ("Once more, please.", "K seven seven", STAND_INS["code"]),
        ("Which day suits you?", "next Friday", "next Friday"),
        ("And who is it for?", "why do you want to know?", "why do you want to know?"),
    ],
)
def test_what_was_asked_for_decides(redaction, asked, said, kept):
    assert redaction.said(said, asked) == kept


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("write to quincy at example dot com please", "quincy"),
        ("ring me on oh seven seven double oh nine oh oh one two three", "seven"),
        ("my name is Imelda Bell and I have a question", "Imelda"),
        ("I live at 12 Harbour Lane, Leeds", "Harbour"),
        ("I was born on the 3rd of May 1990", "1990"),
        ("it is for QUINCY again", "QUINCY"),
        ("my number is +44 7700 900 123", "7700"),
    ],
)
def test_it_is_found_where_nobody_asked_for_it(redaction, said, gone):
    assert gone not in redaction.said(said, "How can I help?")


@pytest.mark.parametrize("said", ["Can I come on Friday at three?", "What do 4 new tyres cost?", "I am not sure."])
def test_what_tells_nothing_stays(redaction, said):
    assert redaction.said(said, "How can I help?") == said


def test_german_is_read_as_german():
    redaction = Redaction("de", {}, [])
    assert "Bell" not in redaction.even("mein Name ist Imelda Bell")
    assert "Hafen" not in redaction.even("Ich wohne in der Hafenstraße 12, 20457 Hamburg")
