"""What the agent has just asked for: it decides how an answer may end.

A flow or a message knows what it asks for; elsewhere it is read from the agent's own last words.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from agents.brains.memory import Memory
from agents.engine.turn_lists import TurnLists, lists

Kind = Literal["free", "yesno", "number", "email", "name", "date"]


@dataclass(frozen=True, slots=True)
class Expected:
    kind: Kind = "free"
    count: int | None = None  # digits of the number, where it is known


FREE = Expected()
YES_OR_NO = Expected("yesno")

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_OF_MESSAGE: dict[str, Kind] = {"offer": "yesno", "check": "yesno", "name": "name", "number": "number", "text": "free"}
_LAST_SENTENCES = 2  # "What is your order number? It has eight digits."


def expected_now(memory: Memory) -> Expected:
    """What kind of answer is due."""
    if memory.asked or memory.offered or memory.said or memory.offered_language:
        return YES_OR_NO
    due = _OF_MESSAGE.get(memory.message["step"]) if memory.message else (memory.flow or {}).get("expects")
    known: Kind | None = next((kind for kind in get_args(Kind) if kind == due), None)
    if known:
        return Expected(known)
    return expected_of(memory.last_said, memory.language)


def expected_of(said: str, language: str = "") -> Expected:
    """What an answer to these words of the agent should be; free where nothing is asked, or anything may be said."""
    own = lists(language)
    sentences = _SENTENCE.split(said.strip().lower())[-_LAST_SENTENCES:]
    asking = [sentence for sentence in sentences if sentence.endswith("?") or own.request.search(sentence)]
    if not asking:
        return FREE
    asked = asking[-1]
    if own.asks_mail.search(asked):
        return Expected("email")
    if own.asks_number.search(asked):
        return Expected("number", _count(" ".join(sentences), own))
    if own.asks_name.search(asked):
        return Expected("name")
    if own.asks_date.search(asked):
        return Expected("date")
    if asked.endswith("?") and own.asks_yes_or_no.match(asked):
        return YES_OR_NO
    return FREE


def _count(text: str, own: TurnLists) -> int | None:
    found = own.count.search(text)
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else own.counts[found[1]]
