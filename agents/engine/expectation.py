"""What the agent has just asked for: it decides how an answer may end.

A flow or a message knows what it asks for; elsewhere it is read from the agent's own last words.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from agents.brains.memory import Memory

Kind = Literal["free", "yesno", "number", "email", "name", "date"]


@dataclass(frozen=True, slots=True)
class Expected:
    kind: Kind = "free"
    count: int | None = None  # digits of the number, where it is known


FREE = Expected()
YES_OR_NO = Expected("yesno")

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_REQUEST = re.compile(r"\b(?:please|tell me|give me|say|spell|enter)\b")
_EMAIL = re.compile(r"\be-?mail\b")
_NUMBER = re.compile(r"\b(?:number|digits?|code|postcode|pin|how many digits)\b")
_DATE = re.compile(
    r"\b(?:(?:what|which) (?:day|date|month|time)|for when|date of|the date|when (?:would|shall|do you want|did))\b"
)
_NAME = re.compile(r"\b(?:(?:your|full|first|last|family) name|who am i (?:speaking|talking)|surname)\b")
_ASKS_YES_OR_NO = re.compile(
    r"^(?:(?:and|so|or|then)\W+)?(?:am|are|can|could|did|do|does|has|have|is|may|shall|should|was|were|will|would)\b"
)
_COUNTS = {
    word: count for count, word in enumerate("three four five six seven eight nine ten eleven twelve".split(), 3)
}
_COUNT = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_COUNTS)})[- ](?:digits?|figures?|numbers?)\b")
_OF_MESSAGE: dict[str, Kind] = {"offer": "yesno", "check": "yesno", "name": "name", "number": "number", "text": "free"}
_LAST_SENTENCES = 2  # "What is your order number? It has eight digits."


def expected_now(memory: Memory) -> Expected:
    """What kind of answer is due."""
    if memory.asked or memory.offered or memory.said:
        return YES_OR_NO
    due = _OF_MESSAGE.get(memory.message["step"]) if memory.message else (memory.flow or {}).get("expects")
    known: Kind | None = next((kind for kind in get_args(Kind) if kind == due), None)
    if known:
        return Expected(known)
    return expected_of(memory.last_said)


def expected_of(said: str) -> Expected:
    """What an answer to these words of the agent should be; free where nothing is asked, or anything may be said."""
    sentences = _SENTENCE.split(said.strip().lower())[-_LAST_SENTENCES:]
    asking = [sentence for sentence in sentences if sentence.endswith("?") or _REQUEST.search(sentence)]
    if not asking:
        return FREE
    asked = asking[-1]
    if _EMAIL.search(asked):
        return Expected("email")
    if _NUMBER.search(asked):
        return Expected("number", _count(" ".join(sentences)))
    if _NAME.search(asked):
        return Expected("name")
    if _DATE.search(asked):
        return Expected("date")
    if asked.endswith("?") and _ASKS_YES_OR_NO.match(asked):
        return YES_OR_NO
    return FREE


def _count(text: str) -> int | None:
    found = _COUNT.search(text)
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else _COUNTS[found[1]]
