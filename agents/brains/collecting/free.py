"""Anything: taken as it was said."""

from agents.brains.collecting.base import NOTHING, Asking, Heard

MOST = 1_000


def read(text: str, asking: Asking) -> Heard:
    value = " ".join(text.split())[:MOST]
    if not asking.asked or not any(letter.isalnum() for letter in value):
        return NOTHING
    return Heard(value, 0, len(text))


def say(value: str, german: bool = False) -> str:
    return value.rstrip(" .!?")
