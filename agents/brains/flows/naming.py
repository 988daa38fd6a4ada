"""Which of the things collected is spoken of: "the name is wrong", "no, the time is three"."""

import re
from collections.abc import Sequence

from agents.brains.collecting.tokens import NOT
from agents.brains.flows.plan import Step
from agents.brains.word_signs import stem
from agents.speech.words import words

_OF_KIND = {
    "date": "day date tag datum",
    "time": "time hour zeit uhrzeit",
    "phone": "phone number telephone telefon nummer telefonnummer handynummer rufnummer",
    "email": "email mail mailadresse emailadresse e-mail-adresse",
    "name": "name names namen nachname vorname surname",
    "number": "number how",
    "amount": "amount sum price betrag summe",
    "address": "address street adresse straße anschrift",
    "code": "code number nummer",
    "text": "message note nachricht notiz text",
    "choice": "",
    "yesno": "",
}
_SMALL = frozenset(
    "the a of for is it what how your and at or der die das ist was wie ihr ihre und um or to broken".split()
)
_AKIN_LEAST, _AKIN_MORE = 5, 5
_IS = re.compile(
    r"^\W*(?:(?:is|was|should be|has to be|to|must be|isn't right|is wrong|is spell?ed|is spelt|are|lautet|schreibt sich|wird|geschrieben|heißt|ist|soll|sollte|muss|sein|auf|in|wrong|please|bitte|falsch|nicht|richtig|not|right|incorrect)\b\W*)*",
    re.IGNORECASE,
)


def named(steps: Sequence[Step], text: str, language: str) -> list[tuple[Step, str]]:
    """The one thing that is named, with the text behind its name; none where nothing is, or two are as likely."""
    said = [(stem(word), word) for word in words(text) if word not in NOT]
    best: list[tuple[int, Step, str]] = []
    for step in steps:
        own = {stem(word.removesuffix("'s")) for word in words(step.name) if word not in _SMALL}
        of_kind = {stem(word) for word in _OF_KIND[step.kind].split()}
        hits = [word for bare, word in said if bare in own or any(_akin(bare, each) for each in own)]
        score = sum(3 if bare in own else 2 for bare in {stem(word) for word in hits})
        if not hits:
            hits = [word for bare, word in said if bare in of_kind]
            score = len(hits[:1])
        if hits:
            best.append((score, step, hits[-1]))
    if not best:
        return []
    best.sort(key=lambda one: -one[0])
    if len(best) > 1 and best[0][0] == best[1][0]:
        return []
    _, step, word = best[0]
    return [(step, _behind(text, word))]


def _akin(one: str, other: str) -> bool:
    """ "Birthday" for "date of birth", "Geburtstag" for "Geburtsdatum"."""
    pairs = zip(one, other, strict=False)
    shared = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return shared >= _AKIN_LEAST and shared >= min(len(one), len(other)) - _AKIN_MORE


def _behind(text: str, word: str) -> str:
    """What stands behind the last time that word is said, without "is"; what stands before it where nothing does."""
    places = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text.replace("’", "'"), re.IGNORECASE))
    if not places:
        return text
    rest = text[places[-1].end() :]
    behind = _IS.sub("", rest, count=1)
    return behind if words(behind) else ""
