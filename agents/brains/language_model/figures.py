"""Does every figure of an answer stand in what it was made from? Prices, times, phone numbers, links, addresses.

A model that words an answer may word its figures wrong. This compares them as people mean them: "5 pm" is "17:00",
"1,299.00" is "1299", "+44 20 7946 0991" is "020 7946 0991".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

PHONE_DIGITS = 7  # so many in a row are a number that one can ring, or type in
HARMLESS = 3  # "one of our 2 shops": smaller figures without a unit promise nothing
_RUN = re.compile(r"\+?\d(?:[\d\s()/.\-–\u202f]*\d)?")
_NUMBER = re.compile(r"\d+(?:[.,:'’\u202fh]\d+)*")
_UNIT = re.compile(
    r"[$€£¥%]|\b(?:eur|euros?|usd|dollars?|pounds?|gbp|chf|francs?|franken|cents?|percent|per cent|prozent|am|pm|a\.m"
    r"|p\.m|o['’]clock|uhr|hours?|minutes?|stunden?|minuten?|days?|tage?n?|weeks?|wochen?)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥%]|\b(?:eur|euros?|usd|dollars?|pounds?|gbp|chf|francs?|franken|cents?|percent|per cent|prozent)\b", re.I
)
_SIGN_BEFORE = re.compile(r"(?:^|[^\d\s])\s*[$€£¥]\s?$")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/\S*)?", re.I
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?")  # 1,299,000
_SPOKEN = {
    word: number
    for number, both in {
        4: "four vier", 5: "five fünf", 6: "six sechs", 7: "seven sieben", 8: "eight acht", 9: "nine neun",
        10: "ten zehn", 11: "eleven elf", 12: "twelve zwölf", 13: "thirteen dreizehn", 14: "fourteen vierzehn",
        15: "fifteen fünfzehn", 16: "sixteen sechzehn", 17: "seventeen siebzehn", 18: "eighteen achtzehn",
        19: "nineteen neunzehn", 20: "twenty zwanzig", 30: "thirty dreißig", 40: "forty vierzig",
        50: "fifty fünfzig", 60: "sixty sechzig", 70: "seventy siebzig", 80: "eighty achtzig",
        90: "ninety neunzig", 100: "hundred hundert", 1000: "thousand tausend",
    }.items()
    for word in both.split()
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {"one": 1, "two": 2, "three": 3, "ein": 1, "eins": 1, "eine": 1, "zwei": 2, "drei": 3}
_TWENTY_ONE = re.compile(r"^(\w+)und(\w+)$")

Key = tuple[str, str]


@dataclass(slots=True)
class Figures:
    """The figures that may be said."""

    numbers: set[Key] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)  # of the numbers that one can ring
    links: set[str] = field(default_factory=set)

    def add(self, text: str, *, trusted: bool = True) -> None:
        """Learn them from a source. What was not written by the owner brings no links and no numbers to ring."""
        for number in _NUMBER.findall(text):
            self.numbers |= _keys(number)
        for value in [*_worded(text), *(_SMALL[word] for word in _WORD.findall(text.lower()) if word in _SMALL)]:
            self.numbers |= _keys(str(value))
        if trusted:
            self.digits |= set(_rung(text))
            self.links |= {_link(found) for found in _LINK.findall(text)}

    def foreign(self, text: str) -> list[str]:
        """Those of an answer that stand in no source."""
        links = [found for found in _LINK.findall(text) if not self._knows_link(_link(found))]
        text = _LINK.sub(" ", text)
        rung = [run for run in _rung(text) if not any(_same(run, own) for own in self.digits)]
        if rung or links:
            return [*links, *rung]
        left = _RUN.sub(lambda run: " " if len(_only_digits(run[0])) >= PHONE_DIGITS else run[0], text)
        has_unit = bool(_UNIT.search(left))
        found = [
            number[0]
            for number in _NUMBER.finditer(left)
            if _promises(number[0], has_unit) and not self._knows(number[0], amount=_is_amount(left, number))
        ]
        if has_unit:
            amount = bool(_MONEY.search(left))
            found += [str(n) for n in _worded(left) if n > HARMLESS and not self._knows(str(n), amount=amount)]
        return found

    def _knows(self, number: str, *, amount: bool) -> bool:
        """`amount`: it is no time of day."""
        return any(key in self.numbers for key in _keys(number) if key[0] == "n" or not amount)

    def _knows_link(self, link: str) -> bool:
        return any(own == link or own.startswith(f"{link}/") or own.endswith(f"@{link}") for own in self.links)


def figures(trusted: Iterable[str], others: Iterable[str] = ()) -> Figures:
    """Those of an owner's texts, and of what somebody else wrote."""
    found = Figures()
    for text in trusted:
        found.add(text)
    for text in others:
        found.add(text, trusted=False)
    return found


def _promises(number: str, has_unit: bool) -> bool:
    return has_unit or not number.isdigit() or int(number) > HARMLESS


def _is_amount(text: str, number: re.Match[str]) -> bool:
    """Does a currency or a percent sign stand beside it?"""
    behind = " ".join(text[number.end() :].split()[:1])
    return bool(_MONEY.search(behind) or _SIGN_BEFORE.search(text[: number.start()]))


def _keys(number: str) -> set[Key]:
    """All that a figure may mean: an amount, and where it can be one a time of day."""
    parts = re.split(r"[.,:'’\u202fh]", number)
    keys: set[Key] = set()
    if re.search(r"[:h]", number):  # a time, and no price
        pass
    elif len(parts) > 1 and len(parts[-1]) <= 2 and all(len(part) == 3 for part in parts[1:-1]):
        keys.add(("n", _amount("".join(parts[:-1]), parts[-1])))
    elif all(len(part) == 3 for part in parts[1:]):
        keys.add(("n", _amount("".join(parts), "")))
    else:  # a date, a version: as it is written
        keys.add(("n", ".".join(part.lstrip("0") or "0" for part in parts)))
    hour, minute = parts[0], parts[1] if len(parts) == 2 else "00"
    if len(parts) <= 2 and len(hour) <= 2 and len(minute) == 2 and int(hour) <= 24 and int(minute) < 60:
        keys.add(("t", f"{int(hour) % 12}:{minute}"))
    return keys


def _amount(whole: str, cents: str) -> str:
    return f"{whole.lstrip('0') or '0'}.{cents.ljust(2, '0')}".removesuffix(".00")


def _rung(text: str) -> list[str]:
    """The digits of all numbers that one could ring."""
    runs = (_only_digits(run) for run in _RUN.findall(text) if not _GROUPED.fullmatch(run) and not _is_span(run))
    return [run for run in runs if len(run) >= PHONE_DIGITS]


def _is_span(run: str) -> bool:
    """Is it "9.30-17.30", or two dates?"""
    parts = re.split(r"[\s\-–/]+", run)
    return all(re.fullmatch(r"\d{1,2}\.\d{2}|\d{1,2}\.\d{1,2}\.(?:\d{4})?", part) for part in parts)


def _same(one: str, other: str) -> bool:
    """With and without the country in front."""
    least = max(PHONE_DIGITS, min(len(one), len(other)) - 1)
    return one[-least:] == other[-least:]


def _only_digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _link(found: str) -> str:
    bare = re.sub(r"^https?://", "", found.lower()).removeprefix("www.")
    return bare.rstrip("/.,;:!?")


def _worded(text: str) -> list[int]:
    """Figures that are written as words; "twenty-five" is one."""
    found: list[int] = []
    tens = False
    for word in _WORD.findall(text.lower()):
        value = _SPOKEN.get(word, 0)
        german = _TWENTY_ONE.match(word)
        if german and german[2] in _SPOKEN and german[1] in (_SPOKEN | _SMALL):
            value = (_SPOKEN | _SMALL)[german[1]] + _SPOKEN[german[2]]
        ones = (_SPOKEN | _SMALL).get(word, 0)
        if tens and 0 < ones < 10:
            found[-1] += ones
            tens = False
            continue
        tens = value in range(20, 100, 10)
        if value:
            found.append(value)
    return found
