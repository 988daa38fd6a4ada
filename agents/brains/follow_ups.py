"""Questions that hang on the one before: "and on Sundays?", "what does that cost", "the other one".

Such a question is measured twice, alone and together with the one before it; how much each counts, and how strongly the
topic spoken of draws, depends on how the question points back. The weights were learned (bench/exam/learn.py) together
with new questions after a stranger topic, so that a change of subject stays one.
"""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from agents.brains import days, picking
from agents.brains.decision import Learned
from agents.brains.flows import questions
from agents.brains.measures import Measures, TopicIndex
from agents.speech.words import words

Numbers = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

NAMES = ("alone", "joint", "inside", "before", "opens", "points", "short", "empty", "kind", "bare")
_SHORT_WORDS = 4
_TELLING = 0.5  # rarer than this, a word tells what a question is about

OPENS = re.compile(
    r"^\W*(?:and|or|but|what about|how about|what if|also|even|then"
    r"|und|oder|aber|auch|was ist mit|wie ist es mit|wie sieht es mit|und wenn|dann"
    r"|y|o|pero|también|qué hay de|et|mais|aussi)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|it's|that|this|those|these|them|they|there|one|ones|he|she|too|as well|then"
    r"|das|die|der|dem|den|es|davon|dafür|damit|dabei|da|dort|dann|diese[rnms]?|so was|so etwas|auch|sie|ihn"
    r"|eso|esto|esta|este|ese|esa|lo|la|los|las|se|ça|cela|il|elle|ils)\b",
    re.IGNORECASE,
)
# What points at something that was said, in a whole sentence, too; "die" and "das" are articles there most of the time.
_REFERS = re.compile(
    r"\b(?:it|its|it's|that|that's|this|those|these|them|they|one|ones|there|too|as well|either|else|instead"
    r"|es|davon|dafür|damit|dabei|dort|dazu|daran|daraus|stattdessen|auch|sonst|noch|ihn|das(?=\W*$|\s+(?:auch|denn|dann|eigentlich|kostet|geht|dauert|bei|pro|ist|nicht)\b))\b",
    re.IGNORECASE,
)


def stands_alone(question: str) -> bool:
    """Is it a full question of its own, that points at nothing said before?"""
    is_full = len(words(question)) > _SHORT_WORDS and questions.of_any_form(question)
    return is_full and not OPENS.match(question) and not _REFERS.search(question)


def joined(before: str, question: str) -> str:
    """Both as one question. A day that is named now takes the place of the one before: "and on Fridays?"."""
    return f"{days.without(before) if days.named(question) else before} {question}"


def signals(
    index: TopicIndex, learned: Learned, question: str, vector: Vectors, alone: Measures, joint: Measures, place: int
) -> tuple[Numbers, float]:
    """Topics × NAMES, and the logit of "none of them". `place`: the topic that was spoken of."""
    own, own_none = learned.logits(alone)
    both, both_none = learned.logits(joint)
    here = np.zeros(len(own))
    here[place] = 1.0
    said = words(question)
    telling = sum(index.words.weight(word) > _TELLING for word in said)
    kind, other = picking.of_a_kind(question, index.contents[place])
    bare = kind and not any(index.words.weight(word) > _TELLING for word in words(other))
    close = index.vectors.sentences(vector, place)
    columns = (
        own,
        both,
        here * (float(close.max()) if len(close) else 0.0) * 5,
        here,
        here * bool(OPENS.match(question)),
        here * bool(_POINTS.search(question)),
        here * (len(said) <= _SHORT_WORDS),
        here * (telling == 0),
        here * kind,  # it asks for a price, a time, a place … that the topic spoken of holds …
        here * bare,  # … and names nothing else
    )
    return np.stack(columns, axis=1), min(own_none, both_none)


def logits(found: Numbers, none: float, weights: Mapping[str, float]) -> tuple[Numbers, float]:
    by_topic: Numbers = found @ np.array([weights[name] for name in NAMES])
    return by_topic, none * weights["none"] + weights["bias"]
