"""Whose turn it is. Nothing here keeps time or does anything: it answers questions about what was heard."""

import re
from dataclasses import dataclass, field

from agents.brains.settings import TalkSettings
from agents.speech.words import FILLERS, readable, real_words, words

# Words with which nobody ends a sentence
_UNFINISHED = FILLERS | frozenset(
    "and or but because so if then than the a an to of for my your our with from at in on is are was that which and/or"
    " like also plus".split()
)
_NUMBERS = frozenset(
    "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double".split()
)
_TRAILS = (",", "-", "–", "—", "...", "…", ":")
_DIGITS = re.compile(r"^[\d-]{2,}$")
_MOST_LIKELY_NOISE = frozenset({"you"})  # what small models make of a breath or a click
_BREATH_S = 0.5


@dataclass(frozen=True, slots=True)
class VisitorTurn:
    """What the visitor said."""

    text: str
    started_s: float
    ended_s: float
    timings: dict[str, float] = field(default_factory=dict)
    before: str = ""  # the part of `text` that an earlier piece of the turn brought


def unfinished(text: str) -> bool:
    """Does this sound as if more is to come: a conjunction, a hesitation, a comma, the middle of a number?"""
    text = text.strip()
    if text.endswith("?"):
        return False
    if text.endswith(_TRAILS):
        return True
    said = words(text)
    if not said:
        return False
    if said[-1] in _UNFINISHED:
        return True
    if _DIGITS.match(said[-1]):
        return True
    return len(said) > 1 and said[-1] in _NUMBERS and said[-2] in _NUMBERS


def patience_s(text: str, settings: TalkSettings) -> float:
    """The silence after which a turn with these words is over."""
    wait_ms = settings.trailing_end_of_turn_ms if unfinished(text) else settings.end_of_turn_ms
    return max(wait_ms, settings.end_of_turn_ms) / 1000


def understood(text: str, speech_s: float) -> bool:
    """Are these words somebody's, or what a model makes of noise? `speech_s`: how much speech the gate saw."""
    if not readable(text):
        return False
    said = real_words(text)
    if not said:
        return False
    return not (speech_s < _BREATH_S and set(said) <= _MOST_LIKELY_NOISE)


def interrupts(run_s: float, text: str, speech_s: float, settings: TalkSettings) -> bool:
    """May this silence the agent? Speech that went on for a while and has a word in it; not a cough, not "mm"."""
    return run_s >= settings.barge_in_ms / 1000 - 1e-6 and understood(text, speech_s)
