"""When is a caller done? `python -m bench turns`: our rules on pauses whose meaning is known, beside silence alone.

Each row of `bench/data/pauses.jsonl` is one pause: what was asked, the words of the turn so far as the ear made them
out, how long the pause was, and whether the caller went on. A cut-off is a pause that goes on and is longer than the
wait. It is counted twice: with the lengths in the set (planted), and with every pause as long as those of real calls
(eot: a lognormal through the published points of eot-bench's English part, 56 % over 0.3 s and 5 % over 1.6 s), so that
long waits are not flattered. Harm is a turn answered in two pieces: a caller who goes on later than 1.5 s after the
agent's first sound. Nothing is fitted here; the lists of words were written with the part "train" in sight.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.brains.settings import TalkSettings
from agents.engine import turn_rules
from agents.engine.expectation import Expected

DATA = Path(__file__).resolve().parent / "data" / "pauses.jsonl"
MEAN, SPREAD, SHORTEST_S = -1.07, 0.938, 0.1  # of the logarithm of eot-bench's pauses, and the shortest that counts
FIRST_SOUND_MS = 150  # from the end of the wait to the agent's first sound
JOINED_MS = 1500  # speech that begins so soon after it belongs to the turn
AIMS = {"cut-offs, planted": 10.0, "cut-offs, eot": 14.0, "mean wait": 780.0, "harm": 1.5}
SMART_TURN = 0.5  # probability from which smart-turn calls a turn complete …
SMART_TURN_MS = (200, 2000)  # … and its waits: as soon as it is asked, and Pipecat's usual longest

Row = dict[str, Any]
Rule = Callable[[Row], float]


def longer(ms: np.ndarray) -> np.ndarray:
    """The share of pauses of real calls that are longer."""

    def tail(seconds: float) -> float:
        return 0.5 * math.erfc((math.log(seconds) - MEAN) / SPREAD / math.sqrt(2))

    return np.array([min(1.0, tail(max(each / 1000, SHORTEST_S)) / tail(SHORTEST_S)) for each in ms])


def our_wait_ms(style: str) -> Rule:
    settings = TalkSettings(end_of_turn_ms=turn_rules.STYLES[style][0])

    def wait(row: Row) -> float:
        expected = Expected(row["ask"], row.get("digits"))
        return turn_rules.end_of_turn(row.get("text", ""), expected, (), settings).wait_ms

    return wait


def smart_turn_ms(row: Row) -> float:
    return SMART_TURN_MS[0] if row.get("smart_turn", 0.0) >= SMART_TURN else SMART_TURN_MS[1]


@dataclass(frozen=True, slots=True)
class Outcome:
    planted: float  # cut-offs in %
    eot: float
    mean_ms: float
    median_ms: float
    p90_ms: float
    harm: float  # % of pauses, eot lengths


def outcome(rows: Sequence[Row], rule: Rule) -> Outcome:
    waits = np.array([rule(row) for row in rows], float)
    on = np.array([row["label"] == "on" for row in rows])
    gaps_ms = np.array([row["gap"] * 1000 for row in rows])
    over = waits[~on]
    return Outcome(
        planted=float(np.mean(gaps_ms[on] > waits[on]) * 100),
        eot=float(np.mean(longer(waits[on])) * 100),
        mean_ms=float(over.mean()),
        median_ms=float(np.median(over)),
        p90_ms=float(np.percentile(over, 90)),
        harm=float(np.mean(longer(waits[on] + FIRST_SOUND_MS + JOINED_MS)) * 100),
    )


def read() -> list[Row]:
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


RULES: dict[str, Rule] = {
    **{f"silence alone, {ms} ms": lambda row, ms=ms: ms for ms in (300, 500, 700, 780, 1000, 1300)},
    "smart-turn alone": smart_turn_ms,
    **{f"**ours, {style}**": our_wait_ms(style) for style in turn_rules.STYLES},
}


def show(title: str, rows: Sequence[Row]) -> None:
    on = sum(row["label"] == "on" for row in rows)
    print(f"\n{title}: {on} pauses go on, {len(rows) - on} turns are over\n")
    print("| rule | cut-offs, planted | cut-offs, eot | mean wait | median | p90 | in two pieces, eot |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, rule in RULES.items():
        found = outcome(rows, rule)
        print(
            f"| {name} | {found.planted:.1f} % | {found.eot:.1f} % | {found.mean_ms:.0f} ms |"
            f" {found.median_ms:.0f} ms | {found.p90_ms:.0f} ms | {found.harm:.1f} % |"
        )


def missed(rows: Sequence[Row]) -> list[str]:
    found = outcome(rows, our_wait_ms("normal"))
    values = dict(zip(AIMS, (found.planted, found.eot, found.mean_ms, found.harm), strict=True))
    return [f"{name}: {values[name]:.1f} instead of under {aim:g}" for name, aim in AIMS.items() if values[name] >= aim]


def cuts(rows: Sequence[Row]) -> None:
    """Every pause that the normal style would cut, with the reason of its wait."""
    settings = TalkSettings()
    for row in rows:
        end = turn_rules.end_of_turn(row.get("text", ""), Expected(row["ask"], row.get("digits")), (), settings)
        if row["label"] == "on" and row["gap"] * 1000 > end.wait_ms:
            print(f"- {row['gap']:.2f} s, {end.tier} ({', '.join(end.reasons)}), {row['kind']}: {row.get('text', '')}")


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m bench turns", description=__doc__)
    options.add_argument("--cuts", action="store_true", help="list the pauses of the test part that are cut")
    chosen = options.parse_args(given)
    rows = read()
    test = [row for row in rows if row["part"] == "test"]
    show("Test part, all voices", test)
    show("Test part, one human speaker", [row for row in test if row["voice"] == "human"])
    show("The part the rules were written on", [row for row in rows if row["part"] == "train"])
    if chosen.cuts:
        cuts(test)
    found = missed(test)
    print("\nAims missed by the normal style on the test part: " + ("; ".join(found) if found else "none"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
