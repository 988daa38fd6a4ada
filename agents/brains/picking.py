"""Which sentences of a topic answer the question: they are said first."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agents.brains.closeness import sentences
from agents.brains.decision import Learned
from agents.brains.measures import TopicIndex
from agents.brains.word_signs import stem
from agents.speech.words import words

Numbers = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

NAMES = ("close", "shared", "kind", "first")
ALL_WORDS = 45  # answers of up to this many words are said whole
_ENOUGH = 0.75  # of the probability: what is chosen is said until then …
_MOST = 2  # … and at most this many sentences
_HANGS_ON = re.compile(
    r"^(?:it|its|it's|they|them|their|this|that|these|those|he|she|both|there|then|if not|otherwise|in between|after that"
    r"|es|sie|er|das|dies\w*|beide\w*|dort|dann|dazu|dabei|sonst|danach|dafür)\b",
    re.IGNORECASE,
)
# What is asked for, and what then stands in the sentence
_KINDS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(stands, re.IGNORECASE))
    for asked, stands in (
        (
            r"how much|cost|price|charge|cheap|fee|pay for|free|was kostet|kosten|teuer|preis|wie viel (?:macht|zahle|nehmt)|gratis|umsonst|cuánto (?:cuesta|vale)|precio",
            r"\d+ ?(?:dollars?|euros?|pounds?|cents?|percent|prozent)|costs?\b|\bfree\b|price|charge|kostet|kosten\w*|zahl|€|\$|cuesta|gratis",
        ),
        (
            r"how long|how many (?:days|weeks|months|hours)|how (?:fast|soon|quick)|wie lange|wie schnell|dauer|wie viele (?:tage|wochen|stunden)|cuánto (?:dura|tarda)",
            r"minutes?|hours?|days?|weeks?|months?|years?|minuten?|stunden?|tagen?|wochen?|monaten?|jahre?n?|minutos|horas|días",
        ),
        (
            r"\bwhen\b|what time|until|till|how late|which day|what day|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekend|wann|bis|uhr|welche[mnr]? tag|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|wochenende|cuándo|hora",
            r"\bfrom \d|\bat \d|\bto \d|o'clock|\d:\d\d|days?\b|closed|until|\buhr\b|tags?\b|mittwoch|geschlossen|lunes|sábado|domingo",
        ),
        (
            r"\b(?:open|closed?|offen|geöffnet|geschlossen|abierto|cerrado)\b",
            r"\bfrom \d|\bat \d|\bto \d|\d:\d\d|closed|\bopen|until|\buhr\b|geschlossen|geöffnet|lunes|domingo",
        ),
        (
            r"\bwhere\b|address|which (?:street|floor|bus)|\bwo\b|wohin|straße|adresse|dónde",
            r"\b(?:street|road|lane|floor|behind|next to|above|under|beside|square|stop)\b|straße|weg\b|neben|hinter|gegenüber|calle",
        ),
        (
            r"how old|what age|from what age|wie alt|ab welchem alter",
            r"\bage\b|years old|\d+ years|children|über \d|ab \d|jahre?n?\b|alt\b",
        ),
    )
)


def of_a_kind(question: str, content: str) -> tuple[bool, str]:
    """Whether the question asks for a price, a time, a place … that stands in this content; and its other words."""
    for asks, stands in _KINDS:
        if asks.search(question) and stands.search(content):
            return True, asks.sub(" ", question)
    return False, question


def measure(index: TopicIndex, content: str, question: str, vector: Vectors, place: int) -> Numbers:
    """Sentences × NAMES."""
    found = sentences(content)
    close = index.vectors.sentences(vector, place).astype(float)
    asked = words(question)
    weights = [index.words.weight(word) for word in asked]
    total = sum(weights) + 0.3
    rows = []
    for number, sentence in enumerate(found):
        stems = {stem(word) for word in words(sentence)}
        shared = sum(weight for word, weight in zip(asked, weights, strict=True) if stem(word) in stems) / total
        kind = sum(bool(ask.search(question)) and bool(stands.search(sentence)) for ask, stands in _KINDS)
        rows.append((close[number] if number < len(close) else 0.0, shared, float(kind), float(number == 0)))
    return np.array(rows)


def order(rows: Numbers, learned: Learned) -> tuple[list[int], int]:
    """The sentences, those that answer first; and how many those are."""
    logits = rows @ np.array([learned.sentences[name] for name in NAMES])
    likely = np.exp(logits - logits.max())
    likely = likely / likely.sum()
    chosen: list[int] = []
    for number in np.argsort(-likely):
        chosen.append(int(number))
        if float(likely[chosen].sum()) >= _ENOUGH or len(chosen) == _MOST:
            break
    chosen.sort()
    return [*chosen, *(number for number in range(len(rows)) if number not in chosen)], len(chosen)


def arrange(found: Sequence[str], wanted: Sequence[int], chosen: int) -> tuple[str, str]:
    """What is said, and what is left for those who ask for more.

    A sentence that hangs on the one before it ("It takes …") keeps it in front of itself when it is not said first.
    """
    ordered = list(wanted)
    said, count = [], 0
    for turn, number in enumerate(ordered):
        length = len(words(found[number]))
        if turn >= chosen and count + length > ALL_WORDS:
            break
        said.append(number)
        count += length
    if len(said) == len(ordered) and any(_HANGS_ON.match(found[number]) for number in ordered[chosen:]):
        rest = [number for number in range(len(found)) if number not in said[:chosen]]
        said = [*said[:chosen], *rest]
    left = [number for number in range(len(found)) if number not in said]
    return " ".join(found[number] for number in said), " ".join(found[number] for number in left)
