"""What a voice has no sound for: letters of scripts that it cannot read, pictures and signs.

All voices read Latin letters. Nothing is said in place of others, so that nobody hears "Cyrillic letter pe"; authors
are told beside the field.
"""

import re
import unicodedata

from agents.speech.plain_text import plain

MOST = 3  # of them are shown
LONGEST = 24  # characters of each
_NAMES = re.compile(r"\$\{[^}]*\}")
_NO_LOSS = frozenset("©®™°†‡•·|§¶ªºµ°")  # part of ordinary writing
_RUN = re.compile(r"x(?:[x ]*x)?")


def unsayable(text: str) -> list[str]:
    """Pieces of a text that nobody will hear: in order, each once, at most `MOST`."""
    if text.isascii():
        return []
    words = " ".join(_NAMES.sub(" ", plain(text)).split())
    signs = "".join("x" if is_lost(sign) else " " if sign == " " else "-" for sign in words)
    found = dict.fromkeys(words[run.start() : run.end()] for run in _RUN.finditer(signs))
    return [piece if len(piece) <= LONGEST else piece[: LONGEST - 1] + "…" for piece in found][:MOST]


def is_lost(sign: str) -> bool:
    """Whether no voice has a sound for it."""
    if sign.isascii() or sign in _NO_LOSS:
        return False
    category = unicodedata.category(sign)
    if category in ("Lu", "Ll", "Lt", "Lo", "Lm", "Nl", "No"):
        return not unicodedata.normalize("NFKD", sign).replace(
            "\u2044", "/"
        ).isascii() and "LATIN" not in unicodedata.name(sign, "")
    return category == "So"


def without_lost(word: str) -> str:
    """A word without them."""
    return word if word.isascii() else "".join(sign for sign in word if not is_lost(sign))
