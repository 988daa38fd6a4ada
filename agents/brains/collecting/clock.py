"""Times of day: "half past two", "at nine thirty", "halb drei", "fünf vor halb elf", "14 Uhr 30".

Whether "three" is in the night or in the afternoon, opening hours decide; where both are open, it is asked.
"""

import re

from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.clock_reader import NOON, Found, every
from agents.brains.collecting.day_parts import meridiem, part_of_day
from agents.brains.collecting.sound_alikes import as_numbers
from agents.brains.collecting.tokens import Token, best, clean, tokens, word_at

_AROUND = frozenset({"after", "before", "past", "nach", "vor"})
_ISH = re.compile(r"(?<=[a-z0-9])-?ish\b", re.IGNORECASE)  # "sevenish"


def read(text: str, asking: Asking) -> Heard:
    text = _ISH.sub(lambda match: " " * len(match[0]), clean(text))
    said = as_numbers(tokens(text, asking.german), german=asking.german, asked=asking.asked)
    found = list(every(said, text, asking))
    if len(found) > 1:  # "shortly after noon, at one"
        found = [one for one in found if not (said[one[0]].word in NOON and word_at(said, one[0] - 1) in _AROUND)]
    spoken_of = part_of_day(said, asking)
    one = best(found, said)
    if one is None:
        if spoken_of and asking.asked:
            return Heard(problem="part", part=spoken_of)
        return NOTHING
    first, behind, value = one
    if len(found) == 2 and _is_range(said, found):
        options = tuple(_settled(each[2], spoken_of, asking)[0] for each in found)
        return Heard(problem="which", options=options, start=said[first].start, end=said[found[1][1] - 1].end)
    start, end = said[first].start, said[behind - 1].end
    readings = _settled(value, meridiem(said, behind) or spoken_of or asking.part, asking)
    fitting = [each for each in readings if _open(each, asking)]
    if len(fitting) > 1:
        return Heard(problem="which", options=tuple(fitting), start=start, end=end)
    if not fitting:
        return Heard(problem="closed", part=readings[0], start=start, end=end)
    return Heard(fitting[0], start, end)


def _open(value: str, asking: Asking) -> bool:
    least, most = asking.limits.get("from") or "00:00", asking.limits.get("to") or "23:59"
    return str(least) <= value <= str(most)


def _settled(value: str, part: str, asking: Asking) -> list[str]:
    """The times of day that "3:00" can be, the likeliest alone where opening hours do not tell."""
    sure = value.endswith("!")
    hour, minute = (int(each) for each in value.rstrip("!").split(":"))
    if hour == 24:
        hour = 0
    morning, evening = f"{hour % 12:02}:{minute:02}", f"{hour % 12 + 12:02}:{minute:02}"
    if sure or hour > 12 or hour == 0:
        return [f"{hour:02}:{minute:02}"]
    if part in ("am", "night"):
        return [morning]
    if part in ("pm", "eve", "noon"):
        return [evening]
    if asking.limits.get("from") or asking.limits.get("to"):
        return [each for each in (morning, evening) if _open(each, asking)] or [
            evening if hour < 7 or hour == 12 else morning
        ]
    if hour in (7, 8):  # breakfast or dinner
        return [morning, evening]
    return [morning if 7 < hour < 12 else evening]


def _is_range(said: list[Token], found: list[Found]) -> bool:
    between = [token.word for token in said[found[0][1] : found[1][0]]]
    return between in (["and"], ["und"], ["to"], ["bis"], ["or"], ["oder"], ["-"])


def say(value: str, german: bool = False) -> str:
    """ "2:30 pm", "14:30 Uhr"."""
    hour, minute = (int(part) for part in value.split(":"))
    if german:
        return f"{hour}:{minute:02} Uhr" if minute else f"{hour} Uhr"
    if minute == 0 and hour in (0, 12):
        return "noon" if hour else "midnight"
    spoken = f"{hour % 12 or 12}" + (f":{minute:02}" if minute else "")
    return f"{spoken} {'am' if hour < 12 else 'pm'}"
