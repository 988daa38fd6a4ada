"""Parts of the day: "in the morning", "am Abend", "nachmittags", and what stands right behind an hour."""

import re

from agents.brains.collecting.base import Asking
from agents.brains.collecting.tokens import Token, word_at, words_at

PARTS = {
    "morning": "am", "mornings": "am", "afternoon": "pm", "evening": "eve", "tonight": "eve", "night": "eve",
    "noon": "noon", "vormittag": "am", "vormittags": "am", "morgens": "am", "früh": "am", "nachmittag": "pm",
    "nachmittags": "pm", "abend": "eve", "abends": "eve", "nachts": "night", "am": "am", "pm": "pm", "lunchtime": "pm",
}  # fmt: skip


def meridiem(said: list[Token], behind: int) -> str:
    """ "am" or "pm" right behind a time, "in the morning" near it."""
    for here in range(behind, min(behind + 4, len(said))):
        word = said[here].word
        if word in PARTS and not (word == "am" and here > behind):
            return PARTS[word]
        if word not in ("in", "the", "at", "uhr", "am", "o'clock", "o", "clock"):
            break
    return ""


def part_of_day(said: list[Token], asking: Asking) -> str:
    """A part of the day anywhere in the text; "am" alone is none."""
    for place, token in enumerate(said):
        word = token.word
        if word in PARTS and word not in ("am", "pm", "noon"):
            if word in ("morning", "evening", "afternoon", "abend", "früh") and word_at(said, place - 1) in (
                "good",
                "guten",
            ):
                continue
            return PARTS[word]
        match = re.fullmatch(r"(?:\w+tag|mittwoch)(vormittag|nachmittag|abend|früh)", word)
        if match:
            return PARTS[match[1]]
        if (word == "morgen" and asking.german and word_at(said, place - 1) in ("am", "heute")) or words_at(
            said, place, "morgen", "früh"
        ):
            return "am"
    return ""
