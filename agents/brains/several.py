"""Two questions in one breath: "When do you close, and is there a sauna?"."""

import re
from itertools import islice

from agents.speech.words import words

LEAST_WORDS = 2  # a piece of fewer words is no question of its own
CHARACTERS_MOST = 400  # of what may be two questions; longer is a story, and would keep the loop
_SEAMS_MOST = 12  # that are tried of a kind
_ASKS = (
    r"(?:what|when|where|who|which|how|why|do|does|did|is|are|can|could|may|will|would|should|have|has|i|i'd|i'll|we|my"
    r"|was|wann|wo|wer|wie|welche[rsnm]?|warum|wieso|kann|können|könnte|darf|dürfen|gibt|haben|hat|habt|ist|sind|macht"
    r"|machen|muss|müssen|liefern|nehmen|nehmt|holt|ich|wir|mein\w*"
    r"|qué|cuándo|dónde|cómo|cuánto|puedo|hay|tienen)"
)
_SEAMS = (
    re.compile(r"(?<=[?!])\s+"),
    re.compile(r"(?<=\w)\.\s+(?=[A-ZÄÖÜ])"),
    re.compile(rf"[,;]?\s+(?:and|und|y|plus)\s+(?:also\s+|then\s+|außerdem\s+|auch\s+)?(?={_ASKS}\b)", re.IGNORECASE),
    re.compile(r"[,;]?\s+(?:and also|and then|as well as|und außerdem|und auch|sowie)\s+", re.IGNORECASE),
    re.compile(r"[,;]?\s+(?:and|und)\s+", re.IGNORECASE),
)
_LOOSE_LEAST_WORDS = 8  # only a sentence of this length is taken apart at any "and"


def parts(text: str) -> list[tuple[str, str]]:
    """Ways to take a text apart into two, the surest seam first; few of them are two questions."""
    found: list[tuple[str, str]] = []
    if len(text) > CHARACTERS_MOST:
        return found
    for number, seam in enumerate(_SEAMS):
        if number == len(_SEAMS) - 1 and len(words(text)) < _LOOSE_LEAST_WORDS:
            break
        for match in islice(seam.finditer(text), _SEAMS_MOST):
            pair = (text[: match.start()].strip(" ,;"), text[match.end() :].strip())
            if len(found) < 2 and all(len(words(piece)) >= LEAST_WORDS for piece in pair) and pair not in found:
                found.append(pair)
    return found
