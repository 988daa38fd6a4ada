"""Codes as they are said and written: "e twenty four", "E 24" and "E-24" are E24."""

import re

from agents.brains.collecting import digits
from agents.brains.collecting.tokens import clean, tokens

_APART = re.compile(r"\b([B-HJ-WYZb-hj-wyz])[ -](\d+)\b")  # "a" and "I" are words, and "2 x 4" is a size


def written(text: str) -> str:
    """As they are kept."""
    return _APART.sub(lambda code: code[1].upper() + code[2], text)


def said(text: str, language: str) -> str:
    """As they are asked for, with figures in words, too."""
    text = written(clean(text))
    told = tokens(text)
    for run in reversed(digits.runs(told, language.startswith("de"))):
        letter = told[run.first - 1] if run.first else None
        if letter and len(letter.word) == 1 and letter.is_word and letter.word not in "aiox":
            text = text[: letter.start] + letter.word.upper() + run.digits + text[told[run.behind - 1].end :]
    return text
