"""Sums of money: "twenty euros fifty", "£15", "zwanzig Euro fünfzig", "1.299,00 €"."""

import re

from agents.brains.collecting import numerals
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import Token, clean, tokens, word_at

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
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = tokens(text, asking.german)
    found = _in_figures(text, said, asking) or _in_words(said, asking)
    if found is None:
        return NOTHING
    cents, currency, start, end = found
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


def _in_figures(text: str, said: list[Token], asking: Asking) -> tuple[int, str, int, int] | None:
    found = []
    for match in _WRITTEN.finditer(text):
        unit = match["before"] or match["behind"] or ""
        if not unit and not asking.asked:
            continue
        cents = _cents(match["sum"])
        end = match.end()
        place = next((n for n, token in enumerate(said) if token.start >= end), len(said))
        if unit and cents % 100 == 0:  # "20 euros 50"
            more = numerals.small(said, place + (word_at(said, place) in ("and", "und")), asking.german)
            if more and more[0] and (match["behind"] or word_at(said, more[1]) in _CENTS):
                cents, end = cents + more[0], said[more[1] - 1].end
        found.append((bool(unit), cents, _currency(asking, unit), match.start(), end))
    if not found:
        return None
    best = max(found, key=lambda one: one[0])
    return best[1], best[2], best[3], best[4]


def _cents(written: str) -> int:
    match = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", written)
    assert match
    whole = re.sub(r"[.,]", "", match[1])
    return int(whole) * 100 + int((match[2] or "0").ljust(2, "0"))


def _in_words(said: list[Token], asking: Asking) -> tuple[int, str, int, int] | None:
    place = 0
    while place < len(said):
        number = numerals.cardinal(said, place, asking.german)
        if number is None:
            place += 1
            continue
        value, here = number
        unit = word_at(said, here)
        if unit in _UNITS and unit.isalpha():
            cents, behind = value * 100, here + 1
            at = behind + (word_at(said, behind) in ("and", "und"))
            more = numerals.small(said, at, asking.german)
            if more and 0 < more[0] < 100:
                behind = more[1] + (word_at(said, more[1]) in _CENTS)
                cents += more[0]
            return cents, _currency(asking, unit), said[place].start, said[behind - 1].end
        if unit in _CENTS and value < 100:
            return value, _currency(asking), said[place].start, said[here].end
        if asking.asked and word_at(said, place) not in ("ein", "eine", "einen", "a"):
            more = numerals.small(said, here, asking.german)  # "nineteen ninety-nine"
            if more and 10 <= more[0] < 100 and value < 1000:
                return value * 100 + more[0], _currency(asking), said[place].start, said[more[1] - 1].end
            return value * 100, _currency(asking), said[place].start, said[here - 1].end
        place = here
    return None


def say(value: str, german: bool = False) -> str:
    """ "£20.50", "20,50 €": as the voice knows how to say it."""
    figure, _, currency = value.partition(" ")
    sign = _SIGNS.get(currency, "")
    if german:
        return f"{figure.replace('.', ',')} {sign or currency}".strip()
    return f"{sign}{figure}" if sign else value
