"""Times of day: "half past two", "at nine thirty", "halb drei", "fünf vor halb elf", "14 Uhr 30".

Whether "three" is in the night or in the afternoon, opening hours decide; where both are open, it is asked.
"""

import re
from collections.abc import Iterator

from agents.brains.collecting import numerals
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.sound_alikes import as_numbers
from agents.brains.collecting.tokens import Token, best, clean, tokens, word_at, words_at

_FIGURES = re.compile(r"(?<![\d.,:/])([01]?\d|2[0-4])([:.h])([0-5]\d)(?![\d:/]|\.\d)", re.IGNORECASE)
_PARTS = {
    "morning": "am", "mornings": "am", "afternoon": "pm", "evening": "eve", "tonight": "eve", "night": "eve",
    "noon": "noon", "vormittag": "am", "vormittags": "am", "morgens": "am", "früh": "am", "nachmittag": "pm",
    "nachmittags": "pm", "abend": "eve", "abends": "eve", "nachts": "night", "am": "am", "pm": "pm", "lunchtime": "pm",
}  # fmt: skip
_NOON = {
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
_Found = tuple[int, int, str]


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = as_numbers(tokens(text, asking.german), german=asking.german, asked=asking.asked)
    found = list(_all(said, text, asking))
    spoken_of = _part_of_day(said, asking)
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
    readings = _settled(value, _meridiem(said, behind) or spoken_of or asking.part, asking)
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


def _meridiem(said: list[Token], behind: int) -> str:
    """ "am" or "pm" right behind a time, "in the morning" near it."""
    for here in range(behind, min(behind + 4, len(said))):
        word = said[here].word
        if word in _PARTS and not (word == "am" and here > behind):
            return _PARTS[word]
        if word not in ("in", "the", "at", "uhr", "am", "o'clock", "o", "clock"):
            break
    return ""


def _part_of_day(said: list[Token], asking: Asking) -> str:
    """A part of the day anywhere in the text; "am" alone is none."""
    for place, token in enumerate(said):
        word = token.word
        if word in _PARTS and word not in ("am", "pm", "noon"):
            if word in ("morning", "evening", "afternoon", "abend", "früh") and word_at(said, place - 1) in (
                "good",
                "guten",
            ):
                continue
            return _PARTS[word]
        match = re.fullmatch(r"(?:\w+tag|mittwoch)(vormittag|nachmittag|abend|früh)", word)
        if match:
            return _PARTS[match[1]]
        if (word == "morgen" and asking.german and word_at(said, place - 1) in ("am", "heute")) or words_at(
            said, place, "morgen", "früh"
        ):
            return "am"
    return ""


def _is_range(said: list[Token], found: list[_Found]) -> bool:
    between = [token.word for token in said[found[0][1] : found[1][0]]]
    return between in (["and"], ["und"], ["to"], ["bis"], ["or"], ["oder"], ["-"])


def _all(said: list[Token], text: str, asking: Asking) -> Iterator[_Found]:
    figures = {one[0]: one for one in _figures(said, text, asking)}
    place = 0
    while place < len(said):
        found = figures.get(place) or _at(said, place, asking)
        if found:
            yield found
            place = max(found[1], place + 1)
        else:
            place += 1


def _figures(said: list[Token], text: str, asking: Asking) -> Iterator[_Found]:
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
        if asking.german and named and hour in (7, 8) and not _part_of_day(said, asking):
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


def _at(said: list[Token], place: int, asking: Asking) -> _Found | None:
    word = word_at(said, place)
    if word in _NOON and not (word == "mittag" and word_at(said, place - 1) in ("guten",)):
        before = word_at(said, place - 1)
        return (place, place + 1, _NOON[word] + "!") if not (before.isdecimal() or before == "uhr") else None
    if word in ("twelve", "zwölf") and word_at(said, place + 1) in _NOON:
        return place, place + 2, _NOON[word_at(said, place + 1)] + "!"
    found = _quarter_or_half(said, place, asking.german) or _minutes(said, place, asking)
    return found or _hour(said, place, asking)


def _spoken_hour(said: list[Token], place: int, german: bool) -> tuple[int, int] | None:
    if german and word_at(said, place) in ("eine", "einen", "einem", "einer"):
        return None
    found = numerals.small(said, place, german)
    return found if found and 0 <= found[0] <= 24 else None


def _before(hour: int) -> int:
    return 12 if hour == 1 else hour - 1


def _quarter_or_half(said: list[Token], place: int, german: bool) -> _Found | None:
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


def _minutes(said: list[Token], place: int, asking: Asking) -> _Found | None:
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


def _hour(said: list[Token], place: int, asking: Asking) -> _Found | None:
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
            return place, minutes[1], _time(value, minutes[0], sure=sure and not _part_of_day(said, asking))
        sure = sure and not _part_of_day(said, asking)
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
    in_part = word_at(said, here) in ("in", "on") and word_at(said, here + 2) in _PARTS
    near_part = word_at(said, here) in _PARTS and word_at(said, here) != "am"
    if (
        led
        and word_at(said, place - 1) in ("for", "to", "before", "vor", "nach", "after", "from")
        and not asking.asked
        and not (in_part or near_part)
    ):
        return None
    return (place, here, _time(value, 0, sure=value > 12)) if asking.asked or led or in_part or near_part else None


def say(value: str, german: bool = False) -> str:
    """ "2:30 pm", "14:30 Uhr"."""
    hour, minute = (int(part) for part in value.split(":"))
    if german:
        return f"{hour}:{minute:02} Uhr" if minute else f"{hour} Uhr"
    if minute == 0 and hour in (0, 12):
        return "noon" if hour else "midnight"
    spoken = f"{hour % 12 or 12}" + (f":{minute:02}" if minute else "")
    return f"{spoken} {'am' if hour < 12 else 'pm'}"
