"""How an agent talks: its speed, its patience, whether it lets itself be interrupted. Named choices and their numbers.

A version keeps only the numbers that somebody chose; all others are the installation's, at the time of the call.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agents.brains.settings import TalkSettings

UNTIL_THE_END_MS = 60_000  # longer than any segment of speech: the agent always finishes


@dataclass(frozen=True, slots=True)
class Dial:
    """One number and the names of its usual values; the one named "" is the default, where nothing is kept."""

    least: float
    most: float
    default: float
    choices: dict[str, float]

    def choice(self, value: float | None) -> str:
        """The name of a value: "default" for none, "own" for one without a name."""
        if value is None or value == self.default:
            return "default"
        return next((name for name, number in self.choices.items() if number == value), "own")


DIALS: dict[str, Dial] = {
    "speed": Dial(0.7, 1.4, 1.0, {"slower": 0.85, "quicker": 1.2}),
    "end_of_turn_ms": Dial(200, 2000, 400, {"brisk": 300, "patient": 700}),
    "barge_in_ms": Dial(100, UNTIL_THE_END_MS, 200, {"few_words": 800, "never": UNTIL_THE_END_MS}),
    "barge_in_greeting": Dial(0, 1, 1, {"never": 0}),
    "barge_ins_max": Dial(0, 100, 0, {}),
    "silence_prompt_s": Dial(3, 120, 10, {}),
}


def clean(given: Mapping[str, Any]) -> dict[str, float]:
    """What is worth keeping: known numbers within their limits that are not the default."""
    kept = {}
    for name, dial in DIALS.items():
        value = given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            value = min(max(value, dial.least), dial.most)
            if value != dial.default:
                kept[name] = value
    return kept


def speed(manner: Mapping[str, float]) -> float:
    return manner.get("speed", 1.0)


def applied(settings: TalkSettings, manner: Mapping[str, float]) -> TalkSettings:
    """The installation's numbers, with those that the version brings."""
    changed: dict[str, Any] = {}
    if "end_of_turn_ms" in manner:
        pause_ms = round(manner["end_of_turn_ms"])
        changed["end_of_turn_ms"] = pause_ms
        changed["speculate_ms"] = min(settings.speculate_ms, pause_ms)
    if "barge_in_ms" in manner:
        changed["barge_in_ms"] = round(manner["barge_in_ms"])
    if "barge_in_greeting" in manner:
        changed["barge_in_greeting"] = manner["barge_in_greeting"] > 0
    if "barge_ins_max" in manner:
        changed["barge_ins_max"] = round(manner["barge_ins_max"])
    if "silence_prompt_s" in manner:
        changed["silence_prompt_s"] = float(manner["silence_prompt_s"])
    return replace(settings, **changed)
