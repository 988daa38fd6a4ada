"""The words that callers of an agent use, as an owner writes them: one a line, and "heard = meant"."""

import re
from typing import Any

from django.utils.translation import gettext as _

from agents.speech.sounds import VOWEL, sounds
from agents.speech.words import words

PHRASES_MOST = 200
CORRECTIONS_MOST = 200
LETTERS_MOST = 60  # of each
CONSONANTS_LEAST = 3  # a shorter name sounds like too much else
_BETWEEN = re.compile(r"\s*(?:=|→|->)\s*")


class Unusable(ValueError):
    """A line cannot be kept; the message says which one, and why."""


def phrases(text: str) -> list[str]:
    """One a line. Raises Unusable."""
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(found) > PHRASES_MOST:
        raise Unusable(_("At most %d.") % PHRASES_MOST)
    for phrase in found:
        _check(phrase)
        if sum(sound != VOWEL for sound in sounds(phrase)) < CONSONANTS_LEAST:
            raise Unusable(
                _("“%s” is too short: too many other words sound like it. Write it as a correction.") % phrase
            )
    return found


def corrections(text: str) -> list[list[str]]:
    """Pairs of what is heard and what is meant, one a line. Raises Unusable."""
    found: dict[tuple[str, ...], list[str]] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        pair = [" ".join(side.split()) for side in _BETWEEN.split(line.strip())]
        if len(pair) != 2 or not all(words(side) for side in pair):
            raise Unusable(
                _("“%s” is no correction. Write: what is heard = what is meant") % line.strip()[:LETTERS_MOST]
            )
        for side in pair:
            _check(side)
        found[tuple(words(pair[0]))] = pair
    if len(found) > CORRECTIONS_MOST:
        raise Unusable(_("At most %d.") % CORRECTIONS_MOST)
    return list(found.values())


def kept(named: list[str], corrected: list[list[str]]) -> dict[str, Any]:
    """What the agent keeps: nothing of what is empty."""
    return {name: value for name, value in (("phrases", named), ("corrections", corrected)) if value}


def shown(kept_words: dict[str, Any]) -> dict[str, str]:
    """The two texts, for their fields."""
    return {
        "phrases": "\n".join(kept_words.get("phrases", ())),
        "corrections": "\n".join(f"{heard} = {meant}" for heard, meant in kept_words.get("corrections", ())),
    }


def _check(text: str) -> None:
    if len(text) > LETTERS_MOST:
        raise Unusable(_("“%(text)s…” is longer than %(n)d letters.") % {"text": text[:20], "n": LETTERS_MOST})
