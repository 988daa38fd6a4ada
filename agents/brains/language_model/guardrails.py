"""What a model's words have to pass before anybody hears them. Code, not a request to the model.

Withheld are figures that no source holds, the instructions themselves, words of our own wire, and a claim to be human.
What a page, a topic or a tool wrote is shown to the model as data; that it is no order is also kept here: an order in
it can neither bring a link nor a number to ring past these checks.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from agents.brains.language_model.figures import Figures
from agents.speech.words import words

UNKNOWN = "[[unknown]]"  # what a model writes where the facts do not hold the answer
Reason = Literal["figures", "instructions", "marks", "human", "promise"]
ECHO_WORDS = 8  # so many of the owner's instructions in a row are no chance …
OUR_WORDS = 5  # … and so many of ours: they are like nothing that an owner has to say
_MARKS = re.compile(r"\[\[|\]\]|</?(?:facts|page|system|assistant|user|think)\b|<\|", re.IGNORECASE)
_HUMAN = re.compile(
    r"\b(?:i\s+am|i['’]m)\s+(?:actually\s+|really\s+|in fact\s+)?(?:not\s+(?:an?\s+)?(?:ai|a\.i\.|robot|bot|machine"
    r"|computer|automated|artificial)|(?:an?\s+)?(?:real\s+|actual\s+|living\s+)?(?:human|person|man|woman)\b(?!['’]s))"
    r"|\bich\s+bin\s+(?:wirklich\s+|tatsächlich\s+)?(?:kein(?:e)?\s+(?:ki|roboter|bot|maschine|computer|künstliche)"
    r"|ein(?:e)?\s+(?:echte[rs]?\s+|richtige[rs]?\s+)?(?:mensch|mann|frau|person)\b)",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"\b(?:my|the|these)\s+(?:system\s+prompt|system\s+message|hidden\s+instructions|instructions\s+(?:say|are|tell))"
    r"|\b(?:mein|meine|der)\s+(?:system-?\s?prompt|anweisungen\s+(?:sind|lauten|sagen))",
    re.IGNORECASE,
)
_DID = (
    "booked|reserved|cancell?ed|scheduled|rescheduled|ordered|refunded|registered|arranged|changed|updated|placed"
    "|submitted|signed|moved|sent"
)
_GETAN = (
    "gebucht|reserviert|storniert|eingetragen|bestellt|abgesagt|verschoben|erstattet|angelegt|veranlasst|geändert"
    "|verschickt|gesendet|angemeldet"
)
_PROMISE = re.compile(
    r"\b(?:(?:i|we)(?:\s+have|['’]ve)|is|are|has been|have been|['’]s been)\s+(?:(?:now|just|already|all)\s+)*"
    rf"(?:{_DID})\b|\byou(?:['’]re|\s+are)\s+all\s+set\b"
    rf"|\b(?:ich|wir)\s+habe?n?\b[^.!?]{{0,80}}\b(?:{_GETAN})\b|\b(?:ist|sind|wurden?)\s+[^.!?]{{0,40}}\b(?:{_GETAN})\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Guard:
    """Looks at one answer, piece by piece."""

    ours: str
    owners: str
    figures: Figures
    done: bool = True  # something was done in this conversation, or nothing can be: who tells of it tells no lie
    _told: list[str] = field(default_factory=list)  # the last words that passed
    _known: frozenset[tuple[str, ...]] | None = None

    def objection(self, piece: str) -> Reason | None:
        """Why a piece may not be said; None where it may, and it counts as said then."""
        if _MARKS.search(piece):
            return "marks"
        before = " ".join(self._told)
        if _HUMAN.search(f"{before} {piece}"):
            return "human"
        if _PROMPT.search(f"{before} {piece}") or self._echoes(piece):
            return "instructions"
        if self.figures.foreign(piece):
            return "figures"
        if not self.done and _PROMISE.search(f"{before} {piece}"):
            return "promise"
        self._told = [*self._told, *piece.split()][-(ECHO_WORDS - 1) :]
        return None

    def _echoes(self, piece: str) -> bool:
        if self._known is None:
            ours, owners = _runs(words(self.ours), OUR_WORDS), _runs(words(self.owners), ECHO_WORDS)
            self._known = frozenset([*ours, *owners])
        said = words(" ".join([*self._told, piece]))
        return any(run in self._known for run in [*_runs(said, OUR_WORDS), *_runs(said, ECHO_WORDS)])


def _runs(said: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(said[start : start + length]) for start in range(len(said) - length + 1)]
