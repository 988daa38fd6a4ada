"""Numbers of things: "four", "there are six of us", "a couple", "zu viert", "zweieinhalb", "2.5"."""

import re
from collections.abc import Iterator

from agents.brains.collecting import digits, longer_units, numerals, people
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.sound_alikes import as_numbers
from agents.brains.collecting.tokens import NO, Token, best, clean, denied, tokens, word_at, words_at
from agents.speech.words import words

_DECIMAL = re.compile(r"(?<![\d.,])(-?\d{1,9})[.,](\d{1,2})(?![\d.,]\d|\d)")
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3})+)(?![\d.,]*\d)")
_PEOPLE = frozenset(
    "people persons person guests guest adults personen person leute gäste gast erwachsene menschen of".split()
)
_FOR = frozenset({"for", "für", "of"})
_IN_GERMAN = {
    "zweit": 2,
    "dritt": 3,
    "viert": 4,
    "fünft": 5,
    "sechst": 6,
    "siebt": 7,
    "acht": 8,
    "neunt": 9,
    "zehnt": 10,
}
_ABOUT_PEOPLE = re.compile(
    r"\b(?:people|persons?|guests?|party|tickets|places|participants|players|passengers|pupils|personen|leute|gäste|karten|plätze|teilnehmer\w*|fahrgäste|reisende)\b|\bviele (?:sind|seid|kommen|werden|wären|dürfen|wollen|möchten)\b",
    re.IGNORECASE,
)
_NO_UNITS = frozenset("how many much for the which what is are do you wie viele viel für ist die der das".split())
_SUMS = frozenset("so makes that's total altogether insgesamt zusammen also macht".split())  # "… and me, so three"
_PADDING = frozenset("only just be now actually doch nur jetzt dann insgesamt leider".split())
_ABOUT_AGE = re.compile(r"\b(?:age|how old|alter|wie alt)\b", re.IGNORECASE)
_AGES = frozenset({"age", "alter"})
_IS = (["she's"], ["he's"], ["i'm"], ["they're"], ["turned"], ["aged"])
_THEY_ARE = (["she", "is"], ["he", "is"], ["i", "am"], ["sie", "ist"], ["er", "ist"], ["ich", "bin"], ["daughter", "is"],
             ["son", "is"], ["tochter", "ist"], ["sohn", "ist"])  # fmt: skip
_ARE = (["we", "are"], ["there", "are"], ["there", "is"], ["there", "will"], ["we", "will"], ["can", "we"], ["could", "we"], ["wir", "sind"], ["wir", "wären"],
        ["sind", "wir"], ["wir", "kommen"], ["es", "sind"])  # fmt: skip
_NO_PEOPLE = frozenset(
    "o'clock uhr am pm hours hour minutes days nights weeks stunden stunde minuten tage nächte wochen : . in past to st nd rd th"
    " euro euros pounds dollars percent or oder of".split()
)
_IS_LABEL = re.compile(r"\b(?:which|welche\w*)\b", re.IGNORECASE)  # "Which year?" – "year eight", "the sixth"
_MONEY = frozenset("quid euro euros pounds dollars bucks franken".split())
_NO_NUMBER = frozenset("o'clock uhr am pm st nd rd th % percent".split())


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = as_numbers(tokens(text, asking.german), german=asking.german, asked=asking.asked)
    units = _units(asking)
    found = [one for one in _all(said, text, asking) if not denied(one[0], said)]
    found = [one for one in found if word_at(said, one[1]) not in _MONEY - units]
    found = _in_its_unit(found, said, units)
    if not found and asking.asked and _IS_LABEL.search(asking.about):
        ordinals = [(n, numerals.ordinal(said, n, asking.german)) for n in range(len(said))]
        found = [(n, each[1], str(each[0])) for n, each in ordinals if each]
    summed = [one for one in found if one[0] > 0 and said[one[0] - 1].word in _SUMS]
    if asking.asked and summed:
        found = summed  # "three rooms and a kitchen, so four"
    elif not asking.asked:
        labels = units if _IS_LABEL.search(asking.about) else frozenset()
        found = [one for one in found if word_at(said, one[0] - 1) in labels or _counted(said, one, units)]
    elif len(found) > 1 and not any(token.word in NO for token in said[found[0][1] : found[-1][0]]):
        found = [one for one in found if _counted(said, one, units)] or found
    if _PEOPLE <= units and (named := people.count(said, asking.german)):
        first, behind, total = named
        found = [one for one in found if one[1] <= first or one[0] >= behind]
        found = sorted([*found, (first, behind, str(total))] if asking.asked or not found else found)
    if asking.asked and (either := _either(found, said)):
        return Heard(problem="which", options=either, start=said[found[0][0]].start, end=said[found[1][1] - 1].end)
    summed = [one for one in found if one[0] > 0 and said[one[0] - 1].word in _SUMS]
    one = best(summed or found, said)
    if one is None:
        return NOTHING
    first, behind, value = one
    start, end = said[first].start, said[behind - 1].end
    least, most = asking.limits.get("least"), asking.limits.get("most")
    if least is not None and float(value) < float(least):
        return Heard(problem="least", start=start, end=end, part=value)
    if most is not None and float(value) > float(most):
        return Heard(problem="most", start=start, end=end, part=value)
    return Heard(value, start, end)


def _in_its_unit(
    found: list[tuple[int, int, str]], said: list[Token], units: frozenset[str]
) -> list[tuple[int, int, str]]:
    """ "Two years, no, three": in the unit of what it puts right."""
    kept: list[tuple[int, int, str]] = []
    for one in found:
        before = kept[-1] if kept else None
        if before and any(token.word in NO for token in said[before[1] : one[0]]) and "." not in one[2]:
            own = word_at(said, one[1] - 1) == word_at(said, before[1] - 1) or word_at(said, one[1]) in units
            factor = 0 if own else longer_units.factor(word_at(said, before[1] - 1), units)
            one = (one[0], one[1], str(int(one[2]) * factor)) if factor else one
        kept.append(one)
    return kept


def _units(asking: Asking) -> frozenset[str]:
    """What the things are called that are counted: nouns of the name and the question."""
    named = frozenset(word for word in words(asking.about) if len(word) > 3) - _NO_UNITS
    named |= _AGES if _ABOUT_AGE.search(asking.about) else frozenset()
    return named | _PEOPLE if _ABOUT_PEOPLE.search(asking.about) else named


def _counted(said: list[Token], one: tuple[int, int, str], units: frozenset[str]) -> bool:
    behind = one[1]
    if said[one[0]].word == "zu" or words_at(said, one[0] - 1, "zu"):
        return True
    if longer_units.is_longer(word_at(said, behind - 1)):
        return True  # "for two weeks", where days are counted
    after = word_at(said, behind)
    if units & _AGES and _is_age(said, one[0]) and after not in _NO_PEOPLE:
        return True  # "she's only five"
    if units & _PEOPLE and word_at(said, one[0] - 1) in _FOR and not _goes_on(said, behind):
        return True  # "a table for two"
    if units & _PEOPLE and _we_are(said, one[0]) and not _goes_on(said, behind):
        return True  # "we are only seven"
    if after == "of":
        # "There are six of us"; but "one of us is vegan" counts nobody
        return word_at(said, behind + 1) in ("us", "them", "you") and bool(units & _PEOPLE) and one[2] != "1"
    return any(after == unit or after.rstrip("s") == unit.rstrip("s") for unit in units - {"of"})


def _is_age(said: list[Token], place: int) -> bool:
    before = [token.word for token in said[max(0, place - 4) : place]]
    while before and before[-1] in _PADDING | {"almost", "nearly", "about", "fast", "erst", "schon", "already"}:
        before.pop()
    return before[-1:] in _IS or before[-2:] in _THEY_ARE


def _we_are(said: list[Token], place: int) -> bool:
    before = [token.word for token in said[max(0, place - 5) : place]]
    while before and before[-1] in _PADDING:
        before.pop()
    return before[-1:] in (["we're"], ["we'll"], ["there's"], ["there'll"]) or before[-2:] in _ARE


def _either(found: list[tuple[int, int, str]], said: list[Token]) -> tuple[str, ...]:
    """ "Six or seven": both, where nothing else stands between them."""
    if len(found) != 2 or word_at(said, found[0][1]) not in ("or", "oder") or found[1][0] != found[0][1] + 1:
        return ()
    return found[0][2], found[1][2]


def _goes_on(said: list[Token], place: int) -> bool:
    """Is the number only the beginning of something else: "for eight thirty", "für acht Uhr", "for two hours"?"""
    word = word_at(said, place)
    return word in _NO_PEOPLE or word[:1].isdigit() or numerals.small(said, place, False) is not None


def _all(said: list[Token], text: str, asking: Asking) -> Iterator[tuple[int, int, str]]:
    written = {one[0]: one for one in _written(said, text)}
    place = 0
    while place < len(said):
        found = written.get(place) or _at(said, place, asking)
        if found and word_at(said, found[1]) not in _NO_NUMBER:
            yield found
            place = found[1]
        else:
            place = max(found[1] if found else 0, place + 1)


def _written(said: list[Token], text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_DECIMAL, _GROUPED):
        for match in pattern.finditer(text):
            places = [n for n, token in enumerate(said) if match.start() <= token.start < match.end()]
            if not places:
                continue
            if pattern is _GROUPED:
                yield places[0], places[-1] + 1, re.sub(r"[.,]", "", match[1])
            else:
                yield places[0], places[-1] + 1, _plain(f"{match[1]}.{match[2]}")


def _plain(value: str) -> str:
    return value.rstrip("0").rstrip(".") if "." in value else value


def _at(said: list[Token], place: int, asking: Asking) -> tuple[int, int, str] | None:
    word, german = word_at(said, place), asking.german
    if longer := longer_units.counted(said, place, german, _units(asking)):
        return longer
    if words_at(said, place, "half", "a", "dozen"):
        return place, place + 3, "6"
    if words_at(said, place, ("a", "the"), ("couple", "pair")) or words_at(said, place, "ein", "paar"):
        return place, place + 2 + (word_at(said, place + 2) == "of"), "2"
    if words_at(said, place, "a", "dozen") or words_at(said, place, "ein", "dutzend"):
        return place, place + 2, "12"
    if word in ("dozen", "dutzend", "couple"):
        return place, place + 1, "2" if word == "couple" else "12"
    if word == "zu" and word_at(said, place + 1) in _IN_GERMAN:
        return place, place + 2, str(_IN_GERMAN[word_at(said, place + 1)])
    if asking.asked and word in ("none", "nobody", "keine", "keiner") and len(said) <= 3:
        return place, place + 1, "0"
    if german and word.endswith("einhalb"):
        whole = numerals.german(word.removesuffix("einhalb"))
        return (
            (place, place + 1, f"{whole}.5")
            if whole is not None
            else ((place, place + 1, "1.5") if word in ("anderthalb", "eineinhalb") else None)
        )
    if word in ("ein", "eine", "einen", "einem", "einer") and not (asking.asked and len(said) <= 3):
        counted = word_at(said, place - 1) not in _FOR and _counted(said, (place, place + 1, "1"), _units(asking))
        return (place, place + 1, "1") if counted else None
    if asking.asked and (row := digits.one_by_one(said, place, german)):
        return row
    found = numerals.cardinal(said, place, german)
    if found is None or (
        word_at(said, place - 1) == "." and word.isdecimal() and place > 1 and said[place - 2].is_number
    ):
        return None
    value, behind = found
    if words_at(said, behind, "and", "a", "half"):
        return place, behind + 3, f"{value}.5"
    if word_at(said, behind) in ("point", "komma"):
        rest, here = "", behind + 1
        while (digit := numerals.small(said, here, german)) and len(rest) < 4:
            rest, here = rest + str(digit[0]), digit[1]
        if rest:
            return place, here, _plain(f"{value}.{rest}")
    return place, behind, str(value)


def say(value: str, german: bool = False) -> str:
    return value.replace(".", ",") if german else value
