"""From measures to what to do: the chances of every topic and of "none of them", and the choice that costs least.

The weights were learned from businesses and questions of many trades (bench/exam/learn.py); none of them is about any
trade. A topic's logit is the sum of its weighted measures, and so is that of "none"; together they add up to one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from agents.brains.measures import Measures, none_names, topic_names

Numbers = npt.NDArray[np.float64]
Way = Literal["answer", "lead", "ask", "unknown"]
_LEARNED = Path(__file__).parent / "learned.json"


@dataclass(frozen=True, slots=True)
class Costs:
    """What each way costs a visitor who meant the topic, who meant another one, and who meant none of them."""

    answer: tuple[float, float, float]
    lead: tuple[float, float, float]
    ask: tuple[float, float, float]
    unknown: tuple[float, float, float] = (3.0, 3.0, 0.0)


# How bold an agent is: what a wrong answer costs beside a question back or a message taken.
COSTS = {
    "careful": Costs((0, 7, 7), (0.6, 4, 4), (1.3, 3.0, 2.5)),
    "even": Costs((0, 5, 6), (0.5, 3.0, 4.0), (1.5, 2.6, 2.6)),
    "bold": Costs((0, 4, 4), (0.5, 1.8, 2.0), (1.3, 2.2, 2.0)),
}
BOLDNESS = tuple(COSTS)


@dataclass(frozen=True, slots=True)
class Choice:
    way: Way
    places: tuple[int, ...]  # the topics it is about: one, two when asked, the likeliest ones when unknown
    score: float  # the chance of the first


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights for vectors of certain encoders, in the order of the measures."""

    topics: Numbers
    none: Numbers
    after: Mapping[str, float]  # how much a question hangs on what was said before it
    sentences: Mapping[str, float]

    def logits(self, measures: Measures) -> tuple[Numbers, float]:
        return measures.topics @ self.topics, float(measures.none @ self.none)


@lru_cache(maxsize=4)
def learned(parts: Sequence[tuple[str, int]]) -> Learned | None:
    """The weights for these encoders; None where nothing was learned for them."""
    kept: dict[str, Any] = json.loads(_LEARNED.read_text()) if _LEARNED.is_file() else {}
    own = kept.get("+".join(name for name, _ in parts))
    if own is None:
        return None
    topics = np.array([own["topics"][name] for name in topic_names(parts)])
    none = np.array([own["none"][name] for name in none_names(parts)])
    return Learned(topics, none, own["after"], own["sentences"])


def chances(topics: Numbers, none: float) -> Numbers:
    """The chance of each topic, and as the last one that of none of them."""
    logits = np.append(topics, none)
    found: Numbers = np.exp(logits - logits.max())
    return found / found.sum()


def choose(probable: Numbers, costs: Costs) -> Choice:
    """Whatever is expected to cost least."""
    order = np.argsort(-probable[:-1])
    none = float(probable[-1])
    if not len(order):
        return Choice("unknown", (), 0.0)
    first = float(probable[order[0]])
    both = float(probable[order[:2]].sum())

    def expected(cost: tuple[float, float, float], right: float) -> float:
        return right * cost[0] + max(1 - right - none, 0) * cost[1] + none * cost[2]

    ways: dict[Way, float] = {
        "answer": expected(costs.answer, first),
        "lead": expected(costs.lead, first),
        "unknown": expected(costs.unknown, 1 - none),
    }
    if len(order) > 1:
        ways["ask"] = expected(costs.ask, both)
    way = min(ways, key=lambda each: ways[each])
    named = 2 if way in ("ask", "unknown") else 1
    return Choice(way, tuple(int(place) for place in order[:named]), round(first, 4))


def choose_by_closeness(close: Numbers, *, answer: float, ask: float, clearly_better: float) -> Choice:
    """The same choice where nothing was learned for the meaning in use: fixed limits for how close a topic is."""
    order = [int(place) for place in np.argsort(-close, kind="stable")]
    if not order:
        return Choice("unknown", (), 0.0)
    best, score = order[0], float(close[order[0]])
    if score < ask:
        return Choice("unknown", tuple(order[:2]), score)
    second = order[1] if len(order) > 1 else None
    rival = second is not None and score - float(close[second]) < clearly_better
    if score >= answer and not (rival and second is not None and float(close[second]) >= answer):
        return Choice("answer", (best,), score)
    return Choice("ask", (best, second) if rival and second is not None else (best,), score)
