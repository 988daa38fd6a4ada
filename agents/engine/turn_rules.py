"""Whose turn it is. Nothing here keeps time or does anything: it answers questions about what was heard, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from agents.brains.settings import TalkSettings
from agents.engine.expectation import Expected
from agents.engine.turn_words import Tier, tier
from agents.speech.heard import Heard
from agents.speech.words import readable, real_words

_MOST_LIKELY_NOISE = frozenset({"you"})  # what small models make of a breath or a click
_BREATH_S = 0.5

# Waits in ms by style, as measured (bench/turns.py): where the words say that the turn is over, where they do not tell,
# and where more is to come. A style is known by its first number; what lies between is interpolated.
STYLES: dict[str, tuple[int, int, int]] = {
    "quick": (300, 600, 1200),
    "normal": (400, 900, 1600),
    "patient": (700, 1300, 2400),
}
PAUSE_S = 0.2  # a shorter silence within a turn is no pause
_FEWEST_PAUSES = 3  # before that nothing is known of a caller's tempo
_SLOW_S = 0.4  # a pause within a turn that tells of the next one
_BIT_S = 0.6  # speech between two pauses of somebody who speaks word by word
_SLOW_TWICE = 2  # so many of them, and a turn may go on even where it sounds finished
_SHARE = 0.8  # of a caller's pauses that should be waited out …
_MARGIN_S = 0.2  # … and by how much

# What the mind has to say to the words so far: nobody knows, it is still thinking, an answer, or none: a question back,
# or that it does not know. Words that have an answer are more often whole, and what is none can wait.
Mind = Literal["", "thinking", "answer", "none"]


@dataclass(frozen=True, slots=True)
class VisitorTurn:
    """What the visitor said."""

    text: str
    started_s: float
    ended_s: float
    timings: dict[str, float] = field(default_factory=dict)
    decision: dict[str, Any] = field(default_factory=dict)  # why it was over
    first: "VisitorTurn | None" = None  # an earlier piece of it, which was taken for the whole turn
    may_split: bool = False  # the rest may stand alone: that piece got an answer, or is taken back
    piece: str = ""  # what was said after it …
    piece_from_s: float = 0.0  # … and when that began
    sure: tuple[float, ...] = ()  # how sure the ear is of each word of `text`; () where it does not tell
    piece_sure: tuple[float, ...] = ()
    above_db: float = 0.0  # how far it stood out of its surroundings; 0: not known
    language: str = ""  # it was heard in; "": nobody knows
    pauses: tuple[float, ...] = ()  # seconds of silence within it

    @property
    def heard(self) -> Heard:
        return Heard(self.text, self.sure, self.language, above_db=self.above_db)

    @property
    def may_stand(self) -> Heard:
        """The last piece, where it may be a turn of its own."""
        return Heard(self.piece, self.piece_sure, self.language, above_db=self.above_db) if self.may_split else Heard()

    def apart(self) -> "VisitorTurn":
        """The later piece as a turn of its own."""
        joint = {**self.decision, "joined": {"do": "apart", "reasons": ["stands_alone"]}}
        return replace(
            self,
            text=self.piece,
            sure=self.piece_sure,
            started_s=self.piece_from_s,
            first=None,
            may_split=False,
            decision=joint,
        )


@dataclass(frozen=True, slots=True)
class End:
    """How long a silence has to be for a turn with these words to be over, and why."""

    tier: Tier | Literal["late"]
    wait_ms: int
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"tier": self.tier, "wait_ms": self.wait_ms, "reasons": list(self.reasons)}


def end_of_turn(
    text: str,
    expected: Expected,
    pauses: Sequence[float],
    settings: TalkSettings,
    language: str = "",
    *,
    own_pauses: Sequence[float] = (),
    spoken_s: float = 0.0,
    mind: Mind = "",
) -> End:
    """`text`: all words of the turn so far. `pauses`: seconds for which this caller paused and then went on, in other
    turns; `own_pauses`: in this one, of which `spoken_s` were speech; 0: nobody knows."""
    level, reason = tier(text, expected, language)
    sounds_whole = level == "over"
    over, unknown, more = waits_ms(settings.end_of_turn_ms)
    if reason == "comma" and mind == "answer":  # more often the ear's habit: it is as whole as without
        level, wait, reasons = _without_comma(text, expected, language, (over, unknown, more))
    else:
        level, wait, reasons = _weighed(level, reason, mind, (over, unknown, more))
    slow = [pause for pause in own_pauses if pause >= _SLOW_S]
    if level == "more" or (sounds_whole and len(slow) < _SLOW_TWICE and not _in_short_bits(slow, spoken_s)):
        return End(level, wait, reasons)
    own = max(_own_wait_ms(pauses) if level == "unknown" else 0, _next_wait_ms(slow))
    if own > wait:  # only longer: that people who pause little may be cut off sooner was not measured
        return End(level, min(own, more), (*reasons, "slow_caller"))
    return End(level, wait, reasons)


def _without_comma(
    text: str, expected: Expected, language: str, waits: tuple[int, int, int]
) -> tuple[Tier, int, tuple[str, ...]]:
    """Words that have an answer, with a comma behind them: never over at once."""
    level, wait, (reason, *_) = _weighed(*tier(text.rstrip(" ,"), expected, language), "answer", waits)
    over, unknown, _ = waits
    return ("more" if level == "more" else "unknown"), max(wait, (over + unknown) // 2), ("comma", reason, "answered")


def _weighed(level: Tier, reason: str, mind: Mind, waits: tuple[int, int, int]) -> tuple[Tier, int, tuple[str, ...]]:
    """What the words tell, and what the mind makes of them."""
    over, unknown, more = waits
    soon, late = (over + unknown) // 2, (unknown + more) // 2
    answered: dict[str, int] = {"question_short": soon, "statement": late}
    if mind == "answer" and reason in answered:
        return "unknown", answered[reason], (reason, "answered")
    # As half a question has none, either: but one that sounds whole is not waited for as long as what was only told
    unanswered: dict[str, int] = {
        "question": over + (unknown - over) * 4 // 5,
        "question_short": late,
        "request": late,
        "statement": late,
        "comma": late if mind == "none" else more,
    }
    if mind in ("none", "thinking") and reason in unanswered:
        return "unknown", unanswered[reason], (reason, "unanswered" if mind == "none" else "thinking")
    return level, {"over": over, "unknown": unknown, "more": more}[level], (reason,)


def _in_short_bits(slow: Sequence[float], spoken_s: float) -> bool:
    """A word or two, a pause, a word or two: who speaks like that has seldom finished at the first whole sentence."""
    return bool(slow) and 0 < spoken_s / (len(slow) + 1) < _BIT_S


def waits_ms(style_ms: float) -> tuple[int, int, int]:
    """The waits of any style: between the measured ones, in proportion under the first, as far apart over the last."""
    first, *_, last = known = sorted(STYLES.values())
    if style_ms <= first[0]:
        low, high = (0, 0, 0), first
    elif style_ms < last[0]:
        low, high = next((a, b) for a, b in pairwise(known) if style_ms <= b[0])
    else:
        low, high = last, (last[0] + 1, last[1] + 1, last[2] + 1)
    share = (style_ms - low[0]) / (high[0] - low[0])
    over, unknown, more = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return over, unknown, more


def _own_wait_ms(pauses: Sequence[float]) -> int:
    """The wait that would have sat out most of the caller's own pauses; 0 where too few are known."""
    if len(pauses) < _FEWEST_PAUSES:
        return 0
    return round((sorted(pauses)[int(len(pauses) * _SHARE)] + _MARGIN_S) * 1000)


def _next_wait_ms(slow: Sequence[float]) -> int:
    """The wait that sits out one more pause like those of this turn."""
    return round((max(slow) + _MARGIN_S) * 1000) if slow else 0


def understood(text: str, speech_s: float) -> bool:
    """Are these words somebody's, or what a model makes of noise? `speech_s`: how much speech the gate saw."""
    if not readable(text):
        return False
    said = real_words(text)
    if not said:
        return False
    return not (speech_s < _BREATH_S and set(said) <= _MOST_LIKELY_NOISE)
