"""Days of the week that a text names: whoever asks about Fridays is not answered with Sundays."""

import re

Days = frozenset[int]  # 0 is Monday

_NAMES = (
    ("monday", "montag", "lunes", "lundi", "lunedì"),
    ("tuesday", "dienstag", "martes", "mardi", "martedì"),
    ("wednesday", "mittwoch", "miércoles", "mercredi", "mercoledì"),
    ("thursday", "donnerstag", "jueves", "jeudi", "giovedì"),
    ("friday", "freitag", "viernes", "vendredi", "venerdì"),
    ("saturday", "samstag", "sonnabend", "sábado", "samedi", "sabato"),
    ("sunday", "sonntag", "domingo", "dimanche", "domenica"),
)
_DAY_OF = {name: day for day, names in enumerate(_NAMES) for name in names}
_DAY = "|".join(sorted(_DAY_OF, key=len, reverse=True))
# The beginning of a word is enough: "Sundays", "Friday's", "Sonntagszuschlag".
_ONE = re.compile(rf"\b({_DAY})\w*", re.IGNORECASE)
_RANGE = re.compile(
    rf"\b({_DAY})s?\s*(?:to|through|till|until|up to|bis|hasta|al?|au|à|[-–—])\s*(?:el |le )?({_DAY})", re.IGNORECASE
)
_WEEKEND = re.compile(r"\bweek-?ends?\b|\bwochenende|\bfin(?:es)? de semana\b|\bfine settimana\b", re.IGNORECASE)
_WORKDAYS = re.compile(
    r"\b(?:week|work|working |business )days?\b|\bwerktag|\bunter der woche\b|\bentre semana\b|\ben semaine\b",
    re.IGNORECASE,
)
_EVERY_DAY = re.compile(
    r"\b(?:every ?day|daily|seven days|all week|each day)\b|\btäglich|\bjeden tag\b|\btodos los días\b"
    r"|\btous les jours\b",
    re.IGNORECASE,
)
_TOGETHER = ((_WEEKEND, range(5, 7)), (_WORKDAYS, range(5)), (_EVERY_DAY, range(7)))
_BEFORE_DAY = r"(?:\b(?:on|am|an|el|los|le|les|every|jeden)\s+)?"
_SAID = re.compile(
    rf"{_BEFORE_DAY}(?:{_ONE.pattern}|{'|'.join(pattern.pattern for pattern, _ in _TOGETHER)})", re.IGNORECASE
)


def named(text: str) -> Days:
    found = {_DAY_OF[match[1].lower()] for match in _ONE.finditer(text)}
    for match in _RANGE.finditer(text):
        first, last = _DAY_OF[match[1].lower()], _DAY_OF[match[2].lower()]
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    for pattern, days in _TOGETHER:
        if pattern.search(text):
            found.update(days)
    return frozenset(found)


def without(text: str) -> str:
    """The text without the days in it: what is left when another day takes their place."""
    return " ".join(_SAID.sub(" ", text).split())
