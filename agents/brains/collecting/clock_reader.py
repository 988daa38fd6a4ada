"""All times of day in one text, however they are said: each way to say one is a function that looks at one place."""

import re
from collections.abc import Iterator

from agents.brains.collecting import numerals
from agents.brains.collecting.base import Asking
from agents.brains.collecting.day_parts import PARTS, part_of_day
from agents.brains.collecting.tokens import Token, word_at, words_at

_FIGURES = re.compile(r"(?<![\d.,:/])([01]?\d|2[0-4])([:.h])([0-5]\d)(?![\d:/]|\.\d)", re.IGNORECASE)
NOON = {
    "noon": "12:00",
    "midday": "12:00",
    "mittag": "12:00",
    "mittags": "12:00",
    "midnight": "00:00",
    "mitternacht": "00:00",
}
_BEFORE = frozenset(
    "at um gegen around about by from ab nach after till until before bis vor for lieber ca circa make to kurz".split()
)
_PAST = frozenset({"past", "after", "nach"})
_TO = frozenset({"to", "before", "of", "til", "till", "vor"})
_NO_TIME = frozenset(
    "people persons guests personen leute gäste days day weeks week hours hour minutes minute tage tagen wochen stunden"
    " euro euros pounds dollars percent % of us th st nd rd . / - years jahre".split()
)
_MINUTES_WORDS = frozenset({"minutes", "minuten", "minute"})
Found = tuple[int, int, str]  # first token, token behind, "H:MM", with a "!" where it is sure


def every(said: list[Token], text: str, asking: Asking) -> Iterator[Found]:
    figures = {one[0]: one for one in _figures(said, text, asking)}
    place = 0
    while place < len(said):
        found = figures.get(place) or _at(said, place, asking)
        if found:
            yield found
            place = max(found[1], place + 1)
        else:
            place += 1


def _figures(said: list[Token], text: str, asking: Asking) -> Iterator[Found]:
    for match in _FIGURES.finditer(text):
        places = [n for n, token in enumerate(said) if match.start() <= token.start < match.end()]
        if not places:
            continue
        behind = places[-1] + 1
        named = word_at(said, behind) in ("uhr", "am", "pm", "o'clock")
        if match[2] == "." and not (named or asking.asked or word_at(said, places[0] - 1) in ("um", "at")):
            continue
        hour = int(match[1])
        sure = match[1].startswith("0") or hour > 12
        if asking.german and named and hour in (7, 8) and not part_of_day(said, asking):
            sure = True
        yield (
            places[0],
            behind + (word_at(said, behind) in ("uhr", "am", "pm")),
            _time(hour, int(match[3]), word_at(said, behind), sure),
        )


def _time(hour: int, minute: int, behind: str = "", sure: bool = False) -> str:
    if behind == "pm" and hour < 12:
        return f"{hour + 12}:{minute:02}!"
    if behind == "am":
        return f"{hour % 12}:{minute:02}!"
    if behind == "pm":
        return f"{hour}:{minute:02}!"
    return f"{hour}:{minute:02}{'!' if sure else ''}"


def _at(said: list[Token], place: int, asking: Asking) -> Found | None:
    word = word_at(said, place)
    if word in NOON and not (word == "mittag" and word_at(said, place - 1) in ("guten",)):
        before = word_at(said, place - 1)
        return (place, place + 1, NOON[word] + "!") if not (before.isdecimal() or before == "uhr") else None
    if word in ("twelve", "zwölf") and word_at(said, place + 1) in NOON:
        return place, place + 2, NOON[word_at(said, place + 1)] + "!"
    found = _quarter_or_half(said, place, asking.german) or _minutes(said, place, asking)
    return found or _hour(said, place, asking)


def _spoken_hour(said: list[Token], place: int, german: bool) -> tuple[int, int] | None:
    if german and word_at(said, place) in ("eine", "einen", "einem", "einer"):
        return None
    found = numerals.small(said, place, german)
    return found if found and 0 <= found[0] <= 24 else None


def _before(hour: int) -> int:
    return 12 if hour == 1 else hour - 1


def _quarter_or_half(said: list[Token], place: int, german: bool) -> Found | None:
    word, here = word_at(said, place), place + 1
    if word in ("a",) and word_at(said, here) == "quarter":
        word, here = "quarter", here + 1
    if word == "half":
        here += word_at(said, here) == "past"
        hour = _spoken_hour(said, here, german)
        if hour and word_at(said, hour[1]) not in _NO_TIME:
            return place, _clock_word(said, hour[1]), f"{hour[0]}:30"
        return None
    if word == "halb":
        hour = _spoken_hour(said, here, german)
        return (place, _clock_word(said, hour[1]), f"{_before(hour[0])}:30") if hour else None
    if word == "quarter" and word_at(said, here) in _PAST | _TO:
        hour = _spoken_hour(said, here + 1, german)
        if hour:
            past = word_at(said, here) in _PAST
            return place, _clock_word(said, hour[1]), f"{hour[0]}:15" if past else f"{_before(hour[0])}:45"
    if word in ("viertel", "dreiviertel") or words_at(said, place, "drei", "viertel"):
        three = word != "viertel"
        here += word == "drei"
        way = word_at(said, here)
        hour = _spoken_hour(said, here + (way in ("nach", "vor")), german)
        if hour and way == "nach":
            return place, _clock_word(said, hour[1]), f"{hour[0]}:15"
        if hour and way == "vor":
            return place, _clock_word(said, hour[1]), f"{_before(hour[0])}:45"
        if hour:
            return place, _clock_word(said, hour[1]), f"{_before(hour[0])}:{'45' if three else '15'}"
    return None


def _clock_word(said: list[Token], place: int) -> int:
    """Behind an "o'clock" or "Uhr" that ends a time."""
    if word_at(said, place) in ("o'clock", "uhr", "oclock"):
        return place + 1
    return place + 2 if words_at(said, place, "o", "clock") else place


def _minutes(said: list[Token], place: int, asking: Asking) -> Found | None:
    """ "ten past three", "twenty to four", "zehn vor drei", "fünf nach halb vier"."""
    minutes = numerals.small(said, place, asking.german)
    if not minutes or not 1 <= minutes[0] < 60:
        return None
    here = minutes[1]
    counted = word_at(said, here) in _MINUTES_WORDS
    here += counted
    way = word_at(said, here)
    if way not in _PAST | _TO:
        return None
    if way == "to" and not (counted or minutes[0] % 5 == 0):  # "two to four" is a stretch of time
        return None
    half = word_at(said, here + 1) == "halb"
    hour = _spoken_hour(said, here + 1 + half, asking.german)
    if not hour or word_at(said, hour[1]) in _NO_TIME - {"."}:
        return None
    sign = 1 if way in _PAST else -1
    total = (_before(hour[0]) * 60 + 30 if half else hour[0] * 60) + sign * minutes[0]
    total %= 24 * 60
    clock = total // 60
    if 0 < hour[0] <= 12 and clock in (0, 13):
        clock = 12 if clock == 0 else 1
    return place, _clock_word(said, hour[1]), f"{clock}:{total % 60:02}"


def _hour(said: list[Token], place: int, asking: Asking) -> Found | None:
    hour = _spoken_hour(said, place, asking.german)
    if not hour:
        return None
    value, here = hour
    if word_at(said, place).isdecimal() and (
        word_at(said, place - 1) in ("/", ".", ":", "-", "#") or word_at(said, here) in ("/", ":")
    ):
        return None
    behind = _clock_word(said, here)
    if behind > here:  # "three o'clock", "vierzehn Uhr dreißig"
        minutes = numerals.small(said, behind, asking.german)
        with_minutes = asking.german and minutes and minutes[0] < 60
        part = word_at(said, behind)
        sure = value > 12 or (asking.german and value in (7, 8))  # "acht Uhr" is in the morning, "um acht" may not be
        if with_minutes and minutes:
            return place, minutes[1], _time(value, minutes[0], sure=sure and not part_of_day(said, asking))
        sure = sure and not part_of_day(said, asking)
        return place, behind, _time(value, 0, part if part in ("am", "pm") else "", sure=sure)
    if word_at(said, here) in ("am", "pm") and not asking.german:
        return place, here + 1, _time(value, 0, word_at(said, here))
    led = word_at(said, place - 1) in _BEFORE or words_at(said, place - 2, "make", "it")
    zero = word_at(said, here) in ("oh", "o", "null")
    minutes = numerals.small(said, here + zero, asking.german)
    if minutes and 0 <= minutes[0] < 60 and (minutes[0] >= 10 or zero) and (asking.asked or led):
        behind_word = word_at(said, minutes[1])
        if behind_word not in _NO_TIME - {"."} and numerals.small(said, minutes[1], asking.german) is None:
            taken = behind_word in ("am", "pm", "uhr")
            return place, minutes[1] + taken, _time(value, minutes[0], behind_word, sure=value > 12)
    if word_at(said, here) in _NO_TIME - {"."} or numerals.cardinal(said, here, asking.german):
        return None
    if word_at(said, here) == "." and here + 1 < len(said) and said[here].end == said[here + 1].start:
        return None
    in_part = word_at(said, here) in ("in", "on") and word_at(said, here + 2) in PARTS
    near_part = word_at(said, here) in PARTS and word_at(said, here) != "am"
    if (
        led
        and word_at(said, place - 1) in ("for", "to", "before", "vor", "nach", "after", "from")
        and not asking.asked
        and not (in_part or near_part)
    ):
        return None
    return (place, here, _time(value, 0, sure=value > 12)) if asking.asked or led or in_part or near_part else None
