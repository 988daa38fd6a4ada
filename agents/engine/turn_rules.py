"""Whose turn it is. Nothing here keeps time or does anything: it answers questions about what was heard, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from agents.brains.settings import TalkSettings
from agents.engine import tempo
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
_SLOW_TWICE = 2  # so many slow pauses in a turn, and it may go on even where it sounds finished
_WHOLE = frozenset({"question", "request"})  # behind which a comma of the ear tells nothing
_ASKED_FOR = frozenset({"yes_or_no", "digits_complete", "email_complete"})  # whole, however it was said

_ASKS = 0.1  # an ear that was so near to a question mark has more often heard a question than not
_TOLD = frozenset({"statement", "request"})  # what a question looks like that was misheard

_ASKS_WORDS = 4  # of fewer words it cannot tell

# What the mind has to say to the words so far: nobody knows, it is still thinking, an answer, a sure one, one to what
# is nearly a question that its owner expects, or none: a question back, or that it does not know. Words that have an
# answer are more often whole, and what is none can wait.
Mind = Literal["", "thinking", "answer", "sure", "asked", "none"]
_ANSWERED: dict[Mind, str] = {"answer": "answered", "sure": "answered_surely", "asked": "as_expected"}  # the reason


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
    def spoken_s(self) -> float:
        """Without its pauses."""
        return round(self.ended_s - self.started_s - sum(self.pauses), 2)

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
    before: Sequence[Sequence[float]] = (),
    own_pauses: Sequence[float] = (),
    spoken_s: float = 0.0,
    mind: Mind = "",
    asks: float = 0.0,
) -> End:
    """`text`: all words of the turn so far. `pauses`: seconds for which this caller paused and then went on, in other
    turns, `before`: what those told (tempo.py); `own_pauses`: in this one, of which `spoken_s` were speech; 0: nobody
    knows. `asks`: how near the ear was to a question mark."""
    level, reason = tier(text, expected, language)
    sounds_whole, is_asked_for = level == "over", reason in _ASKED_FOR
    waits = waits_ms(settings.end_of_turn_ms)
    bare = tier(text.rstrip(" ,"), expected, language) if reason == "comma" else (level, reason)
    if asks >= _ASKS and bare[1] in _TOLD and len(real_words(text)) >= _ASKS_WORDS:
        level, wait, reasons = _perhaps_asked(bare[1], mind, waits)
    elif reason == "comma" and (mind in _ANSWERED or bare[1] in _WHOLE):  # more often the ear's habit: as without it
        level, wait, reasons = _without_comma(*bare, mind, waits)
    else:
        level, wait, reasons = _weighed(level, reason, mind, waits)
    slow, habit = tempo.slow(own_pauses), tempo.is_word_by_word(before)
    pauses_again = habit or len(slow) >= _SLOW_TWICE or tempo.in_short_bits(own_pauses, spoken_s)
    if level == "more" or is_asked_for or (sounds_whole and not pauses_again):
        return End(level, wait, reasons)
    usual = tempo.slow(pauses) if habit else pauses if level == "unknown" else ()
    own = min(waits[-1], max(tempo.wait_for_most_ms(usual), tempo.wait_for_next_ms(slow)))
    if own > wait:  # only longer: that people who pause little may be cut off sooner was not measured
        return End(level, own, (*reasons, "slow_caller"))
    return End(level, wait, reasons)


def _perhaps_asked(reason: str, mind: Mind, waits: tuple[int, int, int]) -> tuple[Tier, int, tuple[str, ...]]:
    """Words that look like something told, by an ear that nearly put a question mark behind them: it has misheard."""
    over, unknown, _ = waits
    return "unknown", (over + unknown) // 2 if mind in _ANSWERED else unknown, (reason, "perhaps_asked")


def _without_comma(
    level: Tier, reason: str, mind: Mind, waits: tuple[int, int, int]
) -> tuple[Tier, int, tuple[str, ...]]:
    """Words with a comma behind them that tells nothing: never over at once."""
    level, wait, (_, *why) = _weighed(level, reason, mind, waits)
    over, unknown, _ = waits
    least = (over + unknown) // 2 if mind in _ANSWERED else unknown
    why = [_ANSWERED[mind]] if mind in _ANSWERED else why
    return ("more" if level == "more" else "unknown"), max(wait, least), ("comma", reason, *why)


def _weighed(level: Tier, reason: str, mind: Mind, waits: tuple[int, int, int]) -> tuple[Tier, int, tuple[str, ...]]:
    """What the words tell, and what the mind makes of them."""
    over, unknown, more = waits
    soon, late = (over + unknown) // 2, (unknown + more) // 2
    statement = {"asked": soon, "sure": (unknown + late) // 2}.get(mind, late)
    answered: dict[str, int] = {"question_short": soon, "statement": statement}
    if mind in _ANSWERED and reason in answered:
        return "unknown", answered[reason], (reason, _ANSWERED[mind])
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


def understood(text: str, speech_s: float) -> bool:
    """Are these words somebody's, or what a model makes of noise? `speech_s`: how much speech the gate saw."""
    if not readable(text):
        return False
    said = real_words(text)
    if not said:
        return False
    return not (speech_s < _BREATH_S and set(said) <= _MOST_LIKELY_NOISE)
