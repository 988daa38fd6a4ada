"""What hearing does without when words come late, in a fixed order: a busy machine hears less promptly, never less.

0  everything
1  a shorter tail of silence is transcribed with the words
2  and no words are transcribed while somebody speaks: captions and interruptions wait for the end of the speech
3  and the last words are transcribed only when the turn would be over, not at every short pause
"""

EVERYTHING, SHORT_TAIL, NO_PARTIALS, LAST_WORDS_ONLY = range(4)
LATE_S = (0.6, 1.2, 3.0)  # lateness from which level 1, 2, 3 holds …
_CALM = 0.5  # … until it falls under this share of it
_USUAL = 0.1  # seconds that a second of sound may take without being late


def lateness_s(took_s: float, sound_s: float) -> float:
    """How much longer an attempt took than its sound explains."""
    return max(0.0, took_s - sound_s * _USUAL)


def level_while_waiting(level: int, late_s: float) -> int:
    """The level while an attempt is this late already: it can only rise."""
    return max(level, sum(late_s >= limit for limit in LATE_S))


def level_after(level: int, late_s: float) -> int:
    """The level after an attempt: up at once, down one step at a time."""
    risen = level_while_waiting(level, late_s)
    if risen == level and level and late_s < LATE_S[level - 1] * _CALM:
        return level - 1
    return risen
