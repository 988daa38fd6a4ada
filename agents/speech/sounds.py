"""How alike two spellings sound. Rough, and for languages that are written in Latin letters; no dictionary is needed.

A text becomes a string of sounds: consonants by how they are spoken, every group of vowels as one. The distance between
two of them counts what an ear mixes up (b and p, m and n, one vowel more) as less than what it does not.
"""

import re
import unicodedata
from functools import lru_cache

VOWEL = "a"
_SPOKEN = (
    (r"^kn", "n"),
    (r"^wr", "r"),
    (r"^ps", "s"),
    (r"^x", "s"),
    (r"tch", "C"),
    (r"sch|sh", "S"),
    (r"ch", "C"),
    (r"ti(?=on)|ci(?=ous|al)|si(?=on)", "S"),
    (r"dge|dg", "J"),
    (r"gh(?=t)|(?<=[aeiou])gh$", ""),
    (r"gh", "g"),
    (r"ph", "f"),
    (r"wh", "w"),
    (r"th", "T"),
    (r"ck", "k"),
    (r"qu", "kw"),
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"c|q", "k"),
    (r"j", "J"),
    (r"ß", "s"),
    (r"mb$", "m"),
    (r"(?<=[aeiouy][bdfgklmnprstvzJST])e$", ""),
    (r"(?<=[aeiouy])h(?![aeiouy])", ""),
    (r"(?<=[aeiou])w(?![aeiou])", ""),
    (r"[aeiouy]+", VOWEL),
    (r"(.)\1+", r"\1"),
)
_RULES = tuple((re.compile(pattern), spoken) for pattern, spoken in _SPOKEN)
_MIXED_UP = ("bp", "dt", "gk", "vf", "zs", "mn", "SCJ", "Tf", "Ts", "Td", "vw", "lr", "wr", "bv")
_NEAR = {frozenset((one, two)) for group in _MIXED_UP for one in group for two in group if one != two}
_NEAR_COST, _VOWEL_COST, _H_COST = 0.45, 0.35, 0.3


@lru_cache(maxsize=8192)
def sounds(text: str) -> str:
    """The sounds of a text, spaces left out."""
    plain = unicodedata.normalize("NFD", text.lower())
    spoken = []
    for word in re.findall(r"[a-zß]+|\d+", "".join(c for c in plain if unicodedata.category(c) != "Mn")):
        for pattern, sound in _RULES:
            word = pattern.sub(sound, word)
        spoken.append(word)
    return re.sub(r"(.)\1+", r"\1", "".join(spoken))


def alike(one: str, two: str) -> float:
    """How alike two strings of `sounds` are: 1 for the same, 0 for nothing in common."""
    weight = max(_weight(one), _weight(two))
    return max(0.0, 1 - _distance(one, two) / weight) if weight else 0.0


def mixed_up_with(sound: str) -> set[str]:
    """The sounds that an ear may take for this one, itself among them."""
    return {sound, *(other for pair in _NEAR if sound in pair for other in pair)}


def _weight(heard: str) -> float:
    return sum(_cost(sound) for sound in heard)


def _cost(sound: str) -> float:
    """What it costs to hear one too many, or to miss it."""
    return _VOWEL_COST if sound == VOWEL else _H_COST if sound == "h" else 1.0


def _distance(one: str, two: str) -> float:
    row = [0.0]
    for sound in two:
        row.append(row[-1] + _cost(sound))
    for first in one:
        before, row = row, [row[0] + _cost(first)]
        for place, second in enumerate(two, 1):
            changed = before[place - 1] + _change(first, second)
            row.append(min(before[place] + _cost(first), row[place - 1] + _cost(second), changed))
    return row[-1]


def _change(first: str, second: str) -> float:
    if first == second:
        return 0.0
    if VOWEL in (first, second):
        return 1.2
    return _NEAR_COST if frozenset((first, second)) in _NEAR else 1.0
