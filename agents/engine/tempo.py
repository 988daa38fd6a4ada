"""How a caller speaks: in one go, or word by word with pauses between. Pure; the seconds are those of the gate.

A pause says little by itself: many people think once in the middle of a sentence. Who says a word or two, pauses, and
says a word or two will do so again, in this turn and in the next ones.
"""

from collections.abc import Sequence

SLOW_S = 0.35  # a pause that is more than a breath
BIT_S = 0.75  # speech between two pauses of somebody who speaks word by word
_TELLING_S = 1.0  # a turn without a pause that is shorter tells nothing
_FEWEST_BITS = 4  # before that nothing is known of a caller's habit
_SHARE = 0.8  # of a caller's pauses that should be waited out …
_MARGIN_S = 0.2  # … and by how much
_FEWEST_PAUSES = 3

Told = tuple[float, int]  # of a turn: seconds of speech, and in how many bits they came


def slow(pauses: Sequence[float]) -> list[float]:
    return [pause for pause in pauses if pause >= SLOW_S]


def told(pauses: Sequence[float], spoken_s: float) -> Told | None:
    """What a turn tells of its speaker's tempo; None where it was too short."""
    bits = len(slow(pauses)) + 1
    return (spoken_s, bits) if bits > 1 or spoken_s >= _TELLING_S else None


def is_word_by_word(turns: Sequence[Sequence[float]]) -> bool:
    """Has this caller spoken like that in these turns?"""
    spoken_s, bits = sum(turn[0] for turn in turns), sum(turn[1] for turn in turns)
    return bits >= _FEWEST_BITS and 0 < spoken_s / bits < BIT_S


def in_short_bits(pauses: Sequence[float], spoken_s: float) -> bool:
    """Is this turn spoken like that so far?"""
    bits = len(slow(pauses)) + 1
    return bits > 1 and 0 < spoken_s / bits < BIT_S


def wait_for_most_ms(pauses: Sequence[float]) -> int:
    """The wait that would have sat out most of these pauses; 0 where they are too few."""
    if len(pauses) < _FEWEST_PAUSES:
        return 0
    return round((sorted(pauses)[int(len(pauses) * _SHARE)] + _MARGIN_S) * 1000)


def wait_for_next_ms(pauses: Sequence[float]) -> int:
    """The wait that sits out one more pause like the longest of these."""
    return round((max(pauses) + _MARGIN_S) * 1000) if pauses else 0
