"""The kinds of things that can be collected: how each is heard, read back, and how its answers end."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.brains.collecting import (
    address,
    amount,
    choice,
    clock,
    code,
    date,
    email,
    free,
    name,
    number,
    phone,
    yes_no,
)
from agents.brains.collecting.base import Asking, Heard


@dataclass(frozen=True, slots=True)
class Kind:
    read: Callable[[str, Asking], Heard]
    say: Callable[[str, bool], str]
    order: int  # who looks first: what is sure of itself comes before what takes anything
    expects: str = "free"  # how an answer may end (agents/engine/expectation.py)
    echoed: bool = False  # said back as soon as it is heard
    keypad: bool = False  # may be typed on the keypad


KINDS: dict[str, Kind] = {
    "email": Kind(email.read, email.say, 0, "email", echoed=True),
    "phone": Kind(phone.read, phone.say, 1, "number", echoed=True, keypad=True),
    "code": Kind(code.read, code.say, 2, "number", echoed=True, keypad=True),
    "date": Kind(date.read, date.say, 3, "date", echoed=True, keypad=False),
    "time": Kind(clock.read, clock.say, 4, "date", echoed=True),
    "amount": Kind(amount.read, amount.say, 5, "date", echoed=True, keypad=True),
    "number": Kind(number.read, number.say, 6, "date", keypad=True),
    "address": Kind(address.read, address.say, 7, "free", echoed=True),
    "choice": Kind(choice.read, choice.say, 8, "free"),
    "yesno": Kind(yes_no.read, yes_no.say, 9, "yesno"),
    "name": Kind(name.read, name.say, 10, "name"),
    "text": Kind(free.read, free.say, 11, "free"),
}


def read(kind: str, text: str, asking: Asking) -> Heard:
    return KINDS[kind].read(text, asking)


def say(kind: str, value: str, language: str) -> str:
    """A value as it is read back."""
    return KINDS[kind].say(value, language.lower().startswith("de"))
