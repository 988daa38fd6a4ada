"""More than a yes: "yes that's right, and …", "yes, but …". What stands behind it is heard, too."""

import re
from dataclasses import dataclass

from agents.brains import small_talk
from agents.brains.collecting import yes_no
from agents.brains.flows import questions
from agents.speech.words import words

_PADDING = re.compile(
    r"^\W*(?:please|thanks|thank you|right|correct|fine|good|it is|it does|we are|i am|that is|bitte|danke|so|richtig|ist es|ist so|das ist)\b",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"^\W*(?:oh\W+|ach\W+)?(?P<join>and|also|plus|but|except|only|although|though|just|und|auch|aber|nur|außer|bis auf|allerdings)\b\W*(?:also|auch|then|dann|noch)?\W*",
    re.IGNORECASE,
)
_CONTRASTS = frozenset(("but", "except", "only", "although", "though", "aber", "nur", "außer", "bis auf", "allerdings"))
_NOTE_LEAST = 3  # words; fewer are no wish


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a yes. `contrasts`: it takes part of the yes back."""

    text: str
    contrasts: bool

    @property
    def asks(self) -> bool:
        return questions.of_any_form(self.text)

    def is_note(self, language: str) -> bool:
        """Is it something to be noted, and neither thanks nor a question?"""
        if len(words(self.text)) < _NOTE_LEAST or small_talk.kind(self.text, language):
            return False
        return not self.asks or questions.is_request(self.text)


def behind_yes(text: str) -> Behind | None:
    """None: it does not begin with a yes, or nothing stands behind it."""
    rest = yes_no.without_yes(text)
    if rest is None:
        return None
    while match := _PADDING.match(rest):
        rest = rest[match.end() :]
    join = _JOINS.match(rest)
    rest = rest[join.end() :] if join else rest
    if not words(rest):
        return None
    return Behind(rest.strip(" ,.;"), bool(join) and join["join"].lower() in _CONTRASTS)  # type: ignore[index]
