"""Small numbers that were written as words that sound like them: "a table for too", "at ate", "um vir".

Such a word counts as a number only where it can be nothing else: at the end of what was said or before what is counted,
behind a word that a number follows; or alone, where a number was asked for.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.brains.collecting.tokens import Token, word_at

_ENGLISH = {"to": "two", "too": "two", "tu": "two", "for": "four", "fore": "four", "ate": "eight", "won": "one", "tree": "three",
            "free": "three", "fife": "five", "sex": "six", "sicks": "six", "tan": "ten", "tin": "ten"}  # fmt: skip
_GERMAN = {"sex": "sechs", "sechse": "sechs", "vir": "vier", "fier": "vier", "viere": "vier", "zweie": "zwei", "dreie": "drei",
           "neuen": "neun", "acht's": "acht", "zehen": "zehn", "elfe": "elf", "füns": "fünf"}  # fmt: skip
_BEFORE = frozenset(
    "for at of until till around about by it's we're are be us um für zu gegen ab bis sind wären sagen".split()
)
_BEHIND = frozenset(
    "people persons guests adults children o'clock oclock pm am on in please thirty fifteen forty twenty bitte personen leute"
    " uhr am , . !".split()
)
_ALONE_WORDS_MOST = 3
_PREPOSITIONS = frozenset(("to", "for"))  # "for thirty" is thirty, and "ate thirty" half past eight
_MINUTES = frozenset("thirty fifteen forty twenty ten five".split())
_AROUND_IT = frozenset(
    "please bitte then dann , . ! um of us people persons guests personen leute uhr o'clock just only"
    " hours days nights weeks tickets rooms stunden tage nächte wochen karten zimmer".split()
)


def as_numbers(said: Sequence[Token], *, german: bool, asked: bool) -> list[Token]:
    """The tokens with such words as numbers; their places stay."""
    alike = _GERMAN if german else _ENGLISH
    found = list(said)
    for place, token in enumerate(said):
        number = alike.get(token.word)
        if number and (_is_one(said, place, alike) or (asked and _is_alone(said, place))):
            found[place] = replace(token, word=number)
    return found


def _is_one(said: Sequence[Token], place: int, alike: dict[str, str]) -> bool:
    """A preposition before it ("for too"), and nothing behind it that it could belong to."""
    before, behind = word_at(said, place - 1), word_at(said, place + 1)
    if before not in _BEFORE or (before in alike and place >= 2 and word_at(said, place - 2) in _BEFORE):
        return False
    return behind in _BEHIND or not behind


def _is_alone(said: Sequence[Token], place: int) -> bool:
    others = {token.word for number, token in enumerate(said) if number != place}
    around = _AROUND_IT if said[place].word in _PREPOSITIONS else _AROUND_IT | _MINUTES
    return len(said) <= _ALONE_WORDS_MOST and not others - around
