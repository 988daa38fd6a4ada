"""What a visitor said without what tells who they are, for what is read by more people and kept for longer than a call.

What the agent had asked for decides first. Then the grammars that collect such things find them wherever they were
said, and what was collected in the end is found by its value. Free words may still tell something: whoever makes
anything of a call looks it over (studio/pages/agent/rehearsal_editor.py).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date as Day
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agents.brains.collecting import date, kinds
from agents.brains.collecting.base import Asking
from agents.brains.collecting.tokens import clean
from agents.brains.phrases import phrases

# Numbers and addresses that nobody has: Ofcom keeps the number for drama, RFC 2606 the domain for examples.
STAND_INS = {
    "email": "sam@example.com",
    "phone": "020 7946 0112",
    "address": "12 Mill Road, Leeds",
    "code": "AB 1234",
    "name": "Sam Okafor",
}
BORN = {"de": "am 3. Mai 1991", "en": "3 May 1991"}
_LONG_AGO = timedelta(days=366)  # a day that far behind tells about a person, not about an appointment
_DIGITS = re.compile(r"\+?\d(?:[\s,./-]*\d){4,}")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_FILLED = re.compile(r"\$\{[^}]*\}|\{\d?\}")
_FOUND_MOST = 8  # of one kind in one sentence
_VALUE_LEAST = 3  # letters of a collected value that is looked for


class Redaction:
    """Of one conversation: its language, what it collected, and the flows of the version that answered."""

    def __init__(self, language: str, config: Mapping[str, Any], collected: Iterable[Mapping[str, Any]]) -> None:
        self._language = language
        words = phrases(language)
        self._asked = [(words.message_name, "name"), (words.message_number, "phone")]
        self._kinds: dict[str, str] = {}
        for flow in config.get("flows", []):
            for step in flow["steps"]:
                own = "born" if step["kind"] == "date" and step.get("limits", {}).get("when") else step["kind"]
                self._kinds[step["key"]] = own
                self._asked += [(text, own) for text in (step["ask"], step.get("again", "")) if text]
        self._values = dict(self._of(collected))

    def said(self, text: str, before: str) -> str:
        """A visitor's words; `before`: what the agent had said."""
        asked = next((kind for question, kind in self._asked if _is_in(question, before)), "")
        if asked in STAND_INS and not _is_question(text):
            return STAND_INS[asked]
        if asked == "born":
            return self._born
        return self.even(text)

    def even(self, text: str) -> str:
        """Words of anybody."""
        for value, instead in self._values.items():
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda _match, new=instead: new, text, flags=re.I)
        text = clean(_MAIL.sub(STAND_INS["email"], text))
        for kind in ("email", "phone", "address", "name"):
            text = self._without(kind, text)
        text = self._without_birthdays(text)
        return " ".join(_DIGITS.sub(STAND_INS["phone"], text).split())

    def _of(self, collected: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
        """Values of what was collected that are somebody's own, with what stands for them."""
        for data in collected:
            own = {"visitor": "name", "number": "phone"} | self._kinds
            told = {**data, **(data.get("data") or {})}
            for key, value in told.items():
                kind = own.get(key, "")
                if isinstance(value, str) and len(value) >= _VALUE_LEAST and kind in STAND_INS:
                    yield value, STAND_INS[kind]
                    if kind == "name":
                        yield from ((part, "Sam") for part in value.split() if len(part) >= _VALUE_LEAST)

    @property
    def _born(self) -> str:
        return BORN.get(self._language[:2], BORN["en"])

    def _asking(self) -> Asking:
        return Asking(timezone.now(), self._language, {"when": "any"}, asked=False)

    def _without(self, kind: str, text: str) -> str:
        """Each thing of a kind replaced by the one that stands for it."""
        done, rest = "", text
        for _ in range(_FOUND_MOST):
            heard = kinds.read(kind, rest, self._asking())
            if not heard.fine or heard.end <= heard.start:
                break
            done += rest[: heard.start] + STAND_INS[kind]
            rest = rest[heard.end :]
        return done + rest

    def _without_birthdays(self, text: str) -> str:
        heard = date.read(text, self._asking())
        if not heard.fine or heard.end <= heard.start:
            return text
        behind = timezone.now().date() - Day.fromisoformat(heard.value)
        return text[: heard.start] + self._born + text[heard.end :] if behind > _LONG_AGO else text


def _is_in(question: str, said: str) -> bool:
    """Whether this was asked: all of it that is no value filled in."""
    pieces = [piece.strip() for piece in _FILLED.split(question)]
    longest = max(pieces, key=len)
    return len(longest) > 5 and longest.casefold() in said.casefold()


def _is_question(text: str) -> bool:
    """A question in between is no answer."""
    return text.rstrip().endswith("?")
