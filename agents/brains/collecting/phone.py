"""Telephone numbers: said in groups, typed, or on the keypad; in several goes until there is enough of one."""

import re

from agents.brains.collecting import digits
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import clean, tokens

LEAST, MOST = 6, 15
_IN_PASSING_LEAST = 7
_SUMS = frozenset({"thousand", "tausend"})  # "two thousand eight hundred" is a sum
_UNSEEN = re.compile(
    r"\b(?:(?:the |this |that )?(?:same )?(?:number|one|phone|mobile) (?:that )?(?:i'm|i am|i) (?:call\w*|ring\w*|phon\w*|using|on)|same number|this number|number you (?:have|see)"
    r"|(?:die |der )?(?:gleiche|selbe|dieselbe|diese|dieser) (?:handy)?nummer|nummer,? (?:von der|mit der|unter der|die sie|auf der) \w+)",
    re.IGNORECASE,
)


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = tokens(text, asking.german)
    least = int(asking.limits.get("least") or LEAST)
    found = digits.sighs(said, asking.part) or digits.runs(said, asking.german)
    if not asking.asked:
        found = [one for one in found if not any(token.word in _SUMS for token in said[one.first : one.behind])]
        found = [one for one in found if len(one.digits.strip("+")) >= max(least, _IN_PASSING_LEAST)]
    whole = digits.corrected(found, said, least)
    if whole is None:
        return Heard(problem="unseen") if asking.asked and _UNSEEN.search(text) else NOTHING
    number = whole.digits
    start, end = said[whole.first].start, said[whole.behind - 1].end
    count = len(number.strip("+"))
    if asking.part and (count < least or _goes_on(number, asking.part, least)):
        number = asking.part + number.lstrip("+")
        count = len(number.strip("+"))
    if number.startswith("00") and count > 8:
        number = "+" + number[2:]
        count -= 2
    if count > MOST:
        return Heard(problem="most", start=start, end=end)
    if count < least:
        return Heard(problem="part", start=start, end=end, part=number) if asking.asked else NOTHING
    return Heard(number, start, end)


def only_digits(text: str, *, german: bool) -> str:
    """The digits of a text that holds nothing else; "" elsewhere."""
    said = tokens(clean(text))
    found = digits.runs(said, german)
    if len(found) != 1 or found[0].first or found[0].behind < len([t for t in said if t.word not in (".", ",", "!")]):
        return ""
    return found[0].digits.strip("+") if len(found[0].digits) >= 2 else ""


def _goes_on(number: str, part: str, least: int) -> bool:
    """Is it the rest of the number, and not the number again from its beginning?"""
    return not number.startswith(part[:2]) and not number.startswith(("+", "0")) and len(number) < least + 3


def say(value: str, german: bool = False) -> str:
    """Digit by digit, in groups."""
    plus, figures = ("plus ", value[1:]) if value.startswith("+") else ("", value)
    groups = [figures[start : start + 3] for start in range(0, len(figures), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return plus + ", ".join(" ".join(group) for group in groups)
