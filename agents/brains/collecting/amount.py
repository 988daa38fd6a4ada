"""Sums of money: "twenty euros fifty", "£15", "zwanzig Euro fünfzig", "1.299,00 €"."""

import re
from collections.abc import Iterator

from agents.brains.collecting import numerals
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import Token, best, clean, tokens, word_at, words_at

_UNITS = {
    "euro": "EUR", "euros": "EUR", "€": "EUR", "eur": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "£": "GBP", "gbp": "GBP", "dollar": "USD", "dollars": "USD", "bucks": "USD", "$": "USD", "usd": "USD",
    "franken": "CHF", "francs": "CHF", "chf": "CHF", "pfund": "GBP",
}  # fmt: skip
_CENTS = frozenset({"cent", "cents", "pence", "p", "penny"})
_FIGURE = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_UNITS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"(?:(?P<before>{_SIGN})\s?)?(?P<sum>{_FIGURE})(?![\d]|[.,]\d)(?:\s?(?P<behind>{_SIGN})(?![^\W\d_]))?",
    re.IGNORECASE,
)
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "k": 1000,
    "million": 1_000_000,
    "hundert": 100,
    "tausend": 1000,
    "grand": 1000,
}
_HALVES_DE = re.compile(r"(?:anderthalb|einundeinhalb|(\w*?)einhalb)(tausend|hundert|)$")
Found = tuple[int, int, int, str]  # first token, token behind, cents, what it was counted in
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = tokens(text, asking.german)
    figures = list(_in_figures(text, said, asking))
    found = [one for one in figures if one[3]] or figures or list(_in_words(said, asking))
    one = best([(first, behind, str(cents)) for first, behind, cents, _ in found], said)
    if one is None:
        return NOTHING
    first, behind, _ = one
    cents, unit = next(each[2:] for each in found if each[0] == first)
    start, end, currency = said[first].start, said[behind - 1].end, _currency(asking, unit)
    least, most = asking.limits.get("least"), asking.limits.get("most")
    value = f"{cents // 100}" + (f".{cents % 100:02}" if cents % 100 else "")
    value = f"{value} {currency}".strip()
    if least is not None and cents < float(least) * 100:
        return Heard(problem="least", start=start, end=end, part=value)
    if most is not None and cents > float(most) * 100:
        return Heard(problem="most", start=start, end=end, part=value)
    return Heard(value, start, end)


def _currency(asking: Asking, unit: str = "") -> str:
    return _UNITS.get(unit.lower(), "") or str(asking.limits.get("currency") or "")


def _in_figures(text: str, said: list[Token], asking: Asking) -> Iterator[Found]:
    for match in _WRITTEN.finditer(text):
        unit = match["before"] or match["behind"] or ""
        first = next((n for n, token in enumerate(said) if match.start() <= token.start < match.end()), None)
        if first is None or not (unit or asking.asked):
            continue
        cents = _cents(match["sum"])
        behind = next((n for n, token in enumerate(said) if token.start >= match.end()), len(said))
        if word_at(said, behind) in _SCALES:  # "2.5 thousand", "3k"
            cents, behind = cents * _SCALES[said[behind].word], behind + 1
        if unit and cents % 100 == 0:  # "20 euros 50"
            more = numerals.small(said, behind + (word_at(said, behind) in ("and", "und")), asking.german)
            if more and more[0] and (match["behind"] or word_at(said, more[1]) in _CENTS):
                cents, behind = cents + more[0], more[1]
        if not unit and word_at(said, behind) in _UNITS:
            unit, behind = said[behind].word, behind + 1
        yield first, behind, cents, unit


def _cents(written: str) -> int:
    match = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", written)
    assert match
    whole = re.sub(r"[.,]", "", match[1])
    return int(whole) * 100 + int((match[2] or "0").ljust(2, "0"))


def _in_words(said: list[Token], asking: Asking) -> Iterator[Found]:
    place = 0
    while place < len(said):
        found = _at(said, place, asking)
        if found:
            yield found
        place = found[1] if found else place + 1


def _at(said: list[Token], place: int, asking: Asking) -> Found | None:
    number = _with_half(said, place, asking.german) or numerals.cardinal(said, place, asking.german)
    if number is None:
        return None
    value, here = number
    if word_at(said, here) in ("grand", "k"):
        value, here = value * 1000, here + 1
    unit = word_at(said, here)
    if unit in _UNITS and unit.isalpha():
        cents, behind = value * 100, here + 1
        more = numerals.small(said, behind + (word_at(said, behind) in ("and", "und")), asking.german)
        if more and 0 < more[0] < 100:
            behind = more[1] + (word_at(said, more[1]) in _CENTS)
            cents += more[0]
        return place, behind, cents, unit
    if unit in _CENTS and value < 100:
        return place, here + 1, value, ""
    if asking.asked and (word_at(said, place) not in ("ein", "eine", "einen", "a") or value > 1):
        more = numerals.small(said, here, asking.german)  # "nineteen ninety-nine"
        if more and 10 <= more[0] < 100 and value < 1000:
            return place, more[1], value * 100 + more[0], ""
        return place, here, value * 100, ""
    return None


def _with_half(said: list[Token], place: int, german: bool) -> tuple[int, int] | None:
    """ "Two and a half thousand", "half a million", "zweieinhalbtausend", and the token behind."""
    word = word_at(said, place)
    if words_at(said, place, ("half", "halbe"), ("a", *_SCALES)):
        here = place + 1 + (word_at(said, place + 1) == "a")
        scale = _SCALES.get(word_at(said, here), 0)
        return (scale // 2, here + 1) if scale else None
    if match := _HALVES_DE.match(word) if german else None:
        whole = numerals.german(match[1]) if match[1] else 1
        scale = _SCALES.get(match[2]) or _SCALES.get(word_at(said, place + 1), 0)
        behind = place + 1 + (not match[2])
        return (whole * scale + scale // 2, behind) if whole and scale else None
    number = numerals.small(said, place, german)
    if number and words_at(said, number[1], "and", "a", "half", tuple(_SCALES)):
        scale = _SCALES[word_at(said, number[1] + 3)]
        return number[0] * scale + scale // 2, number[1] + 4
    if number and words_at(said, number[1], ("point", "komma")):
        tenth = numerals.small(said, number[1] + 1, german)
        scale = _SCALES.get(word_at(said, tenth[1]), 0) if tenth and tenth[0] < 10 else 0
        if tenth and scale:
            return number[0] * scale + tenth[0] * scale // 10, tenth[1] + 1
    return None


def say(value: str, german: bool = False) -> str:
    """ "£20.50", "20,50 €": as the voice knows how to say it."""
    figure, _, currency = value.partition(" ")
    sign = _SIGNS.get(currency, "")
    if german:
        return f"{figure.replace('.', ',')} {sign or currency}".strip()
    return f"{sign}{figure}" if sign else value
