"""How written words are said: prices, times, telephone numbers, addresses, ranges, units, abbreviations.

`spoken` gives each word of `text.split()` its spoken form, so that a position in the sound can be told in words of the
text. Plain numbers, percents and initials are left as they are: eSpeak reads those well. What it does not is here, for
English; figures of other countries come from figures.py, and the words for them in other languages are in
spoken_elsewhere.py. Markup is gone by now (plain_text.py).
"""

import re
from calendar import month_name

from agents.speech.figures import Clock, Day, Decimal, Figure, Hours, Sum, figures
from agents.speech.spoken_elsewhere import TONGUES, say_figure, say_word
from agents.speech.unsayable import without_lost

_LEADING, _TRAILING = "\"'“”‘’([{<*_#~`¿¡", "\"'”’)]}>*_~`,.;:?!…"
_PAUSES = ",.;:?!"

_CURRENCY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"), "¥": ("yen", "sen")}
_CURRENCY["chf"] = ("Swiss franc", "centime")
_PLURAL = {"penny": "pence", "yen": "yen", "sen": "sen"}
_SCALE = {"k": "thousand", "m": "million", "bn": "billion"}
_SCALES = {"thousand", "million", "billion", "trillion"}
_FRACTIONS = {"1/2": "one half", "1/4": "one quarter", "3/4": "three quarters", "1/3": "one third", "2/3": "two thirds"}
_FRACTIONS |= {"½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds"}
_DAYS = dict(
    zip(
        ("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
        ("Monday", "Tuesday", "Tuesday", "Wednesday", *("Thursday",) * 3, "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_UNITS = {
    **{"kg": "kilograms", "g": "grams", "km": "kilometres", "m": "metres", "cm": "centimetres", "mm": "millimetres"},
    **{"ml": "millilitres", "l": "litres", "lb": "pounds", "lbs": "pounds", "oz": "ounces", "ft": "feet"},
    **{"min": "minutes", "mins": "minutes", "hr": "hours", "hrs": "hours", "h": "hours", "sec": "seconds"},
    **{"°c": "degrees Celsius", "°f": "degrees Fahrenheit", "°": "degrees", "km/h": "kilometres an hour"},
    **{"mph": "miles an hour", "gb": "gigabytes", "mb": "megabytes", "kb": "kilobytes", "kwh": "kilowatt hours"},
}
_ONE = {"feet": "foot", "kilometres an hour": "kilometre an hour", "miles an hour": "mile an hour"}
_LOOSE_UNITS = {unit for unit in _UNITS if unit not in {"m", "l", "g", "h"}}  # those alone may be anything
_ABBREVIATIONS = {
    **{"dr.": "doctor", "mr.": "mister", "mrs.": "missus", "ms.": "miz", "prof.": "professor", "jr.": "junior"},
    **{"approx.": "approximately", "e.g.": "for example", "i.e.": "that is", "vs.": "versus", "vs": "versus"},
    **{"etc.": "et cetera", "a.m.": "A M", "p.m.": "P M", "dept.": "department", "incl.": "including"},
    **{"tel.": "telephone", "ext.": "extension", "&": "and", "+": "plus", "=": "equals", "@": "at"},
}
_SYMBOLS = {".": "dot", "-": "dash", "_": "underscore", "/": "slash", "@": "at", "+": "plus", "~": "tilde"}

_MONEY = re.compile(r"([$€£¥])(\d[\d,]*)(?:\.(\d{1,2}))?(k|m|bn)?(?:/(\w+))?", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{1,2})[:.](\d{2})(?::\d{2})?([ap])\.?m\.?|(\d{1,2}):(\d{2})(?::\d{2})?|(\d{1,2})([ap])\.?m\.?", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s]*)?", re.IGNORECASE)
_TOP = r"(?:com|org|net|edu|gov|io|dev|app|info|eu|uk|us|de|fr|es|it|nl|ca|au|ch|at|se|no|dk|fi|pl|ie|nz|test|example)"
_WEB_LIKELY = re.compile(rf"https?://|www\.|\.{_TOP}(?:[/?#]|$)", re.IGNORECASE)
_UNIT = re.compile(r"(\d[\d,.]*)(km/h|°[CF]?|[a-z]{1,4})", re.IGNORECASE)
_RANGE = re.compile(r"(.*\w%?)[–—-]([$€£¥]?\d.*)|([A-Za-z]+)[–—-]([A-Za-z]+)")
_PHONE = re.compile(r"\+?\(?\+?\d[\d().–/-]*")
_EMOJI = re.compile("[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")


def spoken(text: str, language: str = "en", *, day_first: bool = False) -> tuple[str, ...]:
    """One spoken form for each word of `text.split()`: words, then at most one mark of punctuation. May be empty.

    `day_first`: 12/05/2026 is in May, as everywhere but in the United States.
    """
    words = [without_lost(word) for word in text.split()]
    said = [""] * len(words)
    tongue = TONGUES.get(language)
    done: set[int] = set()
    for figure in figures(words, day_first=day_first or tongue is not None):
        form = say_figure(figure, tongue) if tongue else _say_figure(figure)
        said[figure.place] = form + figure.mark
        done.update(range(figure.place, figure.place + figure.words_used))
    if tongue:
        return tuple(said[i] if i in done else say_word(word, tongue) for i, word in enumerate(words))
    done |= _telephone_numbers(words, said, done)
    for i in range(len(words)):
        if i not in done:
            before = words[i - 1] if i else ""
            after = words[i + 1] if i + 1 < len(words) else ""
            said[i] = _word(words[i], before, after)
    return tuple(said)


def _word(word: str, before: str, after: str) -> str:
    if word in {"–", "—", "-", "|", "•", "*"}:
        return "to" if _ends_in_digit(before) and after[:1].isdigit() else ","
    core, mark = _split(word)
    lowered = core.lower()
    if (whole := word.lower().lstrip(_LEADING).rstrip(",;:?!\"')")) in _ABBREVIATIONS:
        return _ABBREVIATIONS[whole] + (mark if mark != "." or (not after and "." in whole) else "")
    if (lowered == "st" and mark == ".") or word == "St":
        return "saint" if after[:1].isupper() and not before[:1].isupper() else "street" + _end(mark, after)
    if lowered in {"no", "nos"} and mark == "." and after[:1].isdigit():
        return "number"
    if core.startswith("#") and core[1:2].isdigit():
        return f"number {core[1:]}{mark}"
    if lowered in _LOOSE_UNITS and _ends_in_digit(before):
        return _unit(before, lowered) + _end(mark, after)
    if lowered in _SCALES and (money := _MONEY.fullmatch(_split(before)[0])):
        return f"{core} {_CURRENCY[money[1]][0]}s{mark}"
    return _figure(core, after) + mark


def _figure(core: str, after: str = "") -> str:
    """What a word without its outer punctuation is, by its form."""
    if core in _FRACTIONS:
        return _FRACTIONS[core]
    if money := _MONEY.fullmatch(core):
        return _money(money, after)
    if core == "24/7":
        return "twenty four seven"
    if time := _TIME.fullmatch(core):
        return _time(time)
    if _EMAIL.fullmatch(core) or (_WEB.fullmatch(core) and _WEB_LIKELY.search(core)):
        return _address(core)
    if (unit := _UNIT.fullmatch(core)) and unit[2].lower() in _UNITS:
        return f"{unit[1]} {_unit(unit[1], unit[2].lower())}"
    if core.isdecimal() and core.isascii():
        return _number(core)
    if (ends := _RANGE.fullmatch(core)) and (said := _range(ends)):
        return said
    if re.fullmatch(r"[A-Za-z]+/[A-Za-z]+", core):
        return core.replace("/", " or ") if core.lower() != "and/or" else "and or"
    return re.sub(r"[*_~`^|<>{}\[\]\\\"“”()]+", " ", core).replace("’", "'").strip()


def _split(word: str) -> tuple[str, str]:
    """A word without the marks around it, and the mark that is heard: the first pause behind it."""
    word = _EMOJI.sub(" ", word).strip() if not word.isascii() else word
    core = word.rstrip(_TRAILING)
    behind = word[len(core) :].replace("…", ".").replace("...", ".")
    mark = next((c for c in behind if c in _PAUSES), "")
    while core and core[0] in _LEADING and not (core[0] == "#" and core[1:2].isdigit()):
        core = core[1:]
    return core, mark


def _end(mark: str, after: str) -> str:
    """The mark behind a shortened word: a dot ends the sentence only at the end or before a capital."""
    return mark if mark != "." or not after or after[:1].isupper() else ""


def _ends_in_digit(word: str) -> bool:
    return bool(re.fullmatch(r"[\d.,/]*\d", _split(word)[0]))


def _unit(number: str, unit: str) -> str:
    many = _UNITS[unit]
    if number not in {"1", "1.0"}:
        return many
    return _ONE.get(many) or (many.replace("degrees", "degree") if "degree" in many else many.removesuffix("s"))


def _say_figure(figure: Figure) -> str:
    match figure.value:
        case Sum(currency, whole, cents, least):
            said = _amount(currency, str(whole), str(cents).rjust(2, "0"), many=bool(least))
            return f"{least} to {said}" if least else said
        case Clock(times):
            return " to ".join(_clock(hour, f"{minute:02}") for hour, minute in times)
        case Hours(hours):
            return f"{hours} {_unit(str(hours), 'h')}"
        case Day(day):
            return f"{month_name[day.month]} {day.day}, {_number(str(day.year))}"
        case Decimal(digits):
            return digits


def _amount(sign: str, whole: str, cents: str, *, many: bool = False) -> str:
    name, small = _CURRENCY[sign]
    said = f"{whole} {name if whole == '1' and not many else _PLURAL.get(name, name + 's')}"
    if cents and int(cents):
        pieces = int(cents.ljust(2, "0"))
        said = "" if whole == "0" else said + " and "
        said += f"{pieces} {small if pieces == 1 else _PLURAL.get(small, small + 's')}"
    return said


def _money(match: re.Match[str], after: str) -> str:
    name, _small = _CURRENCY[match[1]]
    whole, cents, scale, per = match[2].replace(",", ""), match[3], (match[4] or "").lower(), match[5]
    if scale or _split(after)[0].lower() in _SCALES:
        amount = f"{whole} point {' '.join(cents)}" if cents else whole
        said = f"{amount} {_SCALE[scale]} {name}s" if scale else amount  # else the next word brings the name
    else:
        said = _amount(match[1], whole, cents or "")
    return f"{said} per {per}" if per else said


def _time(match: re.Match[str]) -> str:
    hour = match[1] or match[4] or match[6]
    minute = match[2] or match[5] or ""
    half = match[3] or match[7] or ""
    number = int(hour)
    if number > 24 or (minute and int(minute) > 59):
        return match[0]
    if half:
        return f"{_clock(number, minute) if minute.strip('0') else number} {half.upper()} M"
    return _clock(number, minute)


def _clock(hour: int, minute: str) -> str:
    if not minute or minute == "00":
        return f"{hour} o'clock" if 0 < hour < 13 else f"{hour} hundred"
    return f"{hour} oh {minute[1]}" if minute[0] == "0" else f"{hour} {minute}"


def _address(core: str) -> str:
    """An e-mail or web address, its signs named."""
    core = re.sub(r"^https?://", "", core, flags=re.IGNORECASE).rstrip("/")
    pieces = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", core)
    named = [_SYMBOLS.get(piece, " ".join(piece) if piece.isdigit() else piece) for piece in pieces]
    return " ".join(named)


def _number(core: str) -> str:
    """Years in pairs; long or zero-led figures, which are codes, one by one."""
    if len(core) == 4 and ("1100" <= core <= "1999" or "2010" <= core <= "2099") and core[2:] != "00":
        return f"{core[:2]} {core[2:]}" if core[2] != "0" else f"{core[:2]} oh {core[3]}"
    if (len(core) >= 5 and not core.endswith("00")) or (len(core) > 1 and core[0] == "0"):
        return " ".join(core)
    return core


def _range(match: re.Match[str]) -> str:
    if match[3]:
        first, last = _DAYS.get(match[3].lower()), _DAYS.get(match[4].lower())
        return f"{first} to {last}" if first and last else ""
    first, last = match[1], match[2]
    if not re.fullmatch(r"[$€£¥]?\d[\d.,:]*(?:[a-z]{1,2}|%)?", first, re.IGNORECASE):
        return ""  # a code such as A-12, which eSpeak reads
    return f"{_figure(first)} to {_figure(last)}"


def _telephone_numbers(words: list[str], said: list[str], taken: set[int]) -> set[int]:
    """Say runs of words that are telephone numbers figure by figure; returns the places that are done."""
    done: set[int] = set()
    i = 0
    while i < len(words):
        run = i
        while run < len(words) and run not in taken and _PHONE.fullmatch(words[run].rstrip(_PAUSES + ")")):
            run += 1
            if words[run - 1][-1] in _PAUSES:
                break
        while run > i and not _is_telephone("".join(words[i:run])):
            run -= 1
        if run > i:
            for place in range(i, run):
                _, mark = _split(words[place])
                groups = re.findall(r"\d+", words[place])
                plus = "plus " if "+" in words[place] else ""
                mark = mark or ("," if place < run - 1 else "")
                said[place] = plus + ", ".join(" ".join(group) for group in groups) + mark
            done.update(range(i, run))
        i = max(run, i + 1)
    return done


def _is_telephone(joined: str) -> bool:
    digits = re.sub(r"\D", "", joined)
    if not 7 <= len(digits) <= 15:
        return False
    if joined[0] in "+(0" or re.search(r"\d\)", joined):
        return True
    groups = re.findall(r"\d+", joined)
    return bool(re.search(r"\d[-–.]\d", joined)) and all(2 < len(group) < 5 for group in groups)
