"""Postal addresses, as they are said: "twenty-one Baker Street, London", "Hauptstraße fünf, eins null eins eins fünf
Berlin". Kept as said, with figures for numbers; a street without a number is asked for it."""

import re

from agents.brains.collecting import digits, numerals
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import clean, tokens

MOST = 160
_BEFORE = re.compile(
    r"^\W*(?:(?:yes|okay|ok|sure|well|um|uh|er|äh|ähm|öh|(?:the |my |our )?(?:new|other|right|correct) (?:one|address) is|it's|it is|that's|my address is|the address is|i live (?:at|in|on)|(?:we're |i'm )?(?:moving )?from|we're (?:at|on|in)|number|nummer|to|at|ja|also|das ist"
    r"|meine adresse ist|die adresse ist|ich wohne (?:in der|im|am|in)|von de[rmn]|vom|von|nach|in de[rn]|ins|in die|in das|bitte|(?:im|zum|zur|der|die|das)(?=\s+[\w-]*(?:weg|ring|damm|platz|straße|strasse|gasse|allee|hof|ufer)\b))\b[\s,:]*)*",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:[\w'’.-]+ ){0,3}(?:street|road|avenue|lane|drive|close|court|way|square|place|boulevard|terrace|crescent|gardens)\b"
    r"|(?<![\w-])[\w-]{0,40}(?:straße|strasse|weg|gasse|platz|allee|ufer|damm|ring|str\.)(?=\W|$)",
    re.IGNORECASE,
)
_IN_PASSING = re.compile(
    r"(?<![\w-])\d{1,5}\s?[a-z]?,? (?:[\w'’.-]+ ){1,3}(?:street|road|avenue|lane|drive|close|court|way|square|place|boulevard|terrace)\b(?:,? (?-i:[A-Z])[\w-]+(?: \d{4,5})?)?"
    r"|(?<![\w-])[\w-]{0,40}(?:straße|strasse|weg|gasse|platz|allee|hof|ring|damm|ufer|str\.) \d+\s?[a-z]?\b(?:,? (?:in )?(?:\d{5} )?[A-ZÄÖÜ][\w-]+)?",
    re.IGNORECASE,
)
_LED = re.compile(r"\b(?:from|to|at) (\d{1,4}[a-z]? (?:The )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)")  # "to 4 The Green"
_WHOLE = re.compile(
    r"(?:(?:flat|apartment|apt|unit|suite|studio)\s+\w+,?\s+)?(?<!\d)\d{1,5}\s?[a-z]?,?\s+(?:[^\W\d][\w'’.-]*\s+){0,3}"
    r"(?:street|road|avenue|lane|drive|close|court|way|square|place|boulevard|terrace|crescent|gardens|grove|hill|row|park|st|rd|ave|mews|walk|view)\b"
    r"|\b(?:(?:am|an der|an den|auf dem|auf der|zum|zur|im|in der|unter den|alte[rn]?|neue[rn]?|kleine|große) )?(?<![\w-])[\w-]{0,40}(?:straße|strasse|weg|gasse|platz|allee|ufer|damm|ring|markt|str\.|hof)\s+\d+",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"\b(?:my|our|work|home|house|office|that's|it's|is|send|sent|to|deliver|neighbour\w*|neighbor\w*|mum\w*|mom\w*|dad\w*|place|address|at|live|living|please|so|well"
    r"|meine\w*|unser\w*|zu|bei|bitte|schicken|liefern|arbeit|büro|hause|nachbar\w*|wohne|das ist|adresse|und zwar|ist|in die)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|nicht)\s+(?:the |die )?\d+\s?[a-z]?\b", re.IGNORECASE)
_NOT_THAT = re.compile(r"(?<!\d)(\d{1,5}(?:\s?[a-z])?),? (?:not|nicht) \d+(?:\s?[a-z])?(?=\W|$)", re.IGNORECASE)
_BEHIND = re.compile(r"[\s,]+(?:instead|please|thanks|thank you|bitte|danke|stattdessen)\W*$", re.IGNORECASE)
_SAID_AGAIN = re.compile(
    r"(?<!\d)\d{1,5}\s?[a-z]?\W+(?:(?:no|nope|sorry|wait|moment|i mean|actually|nein|nee|quatsch|halt|ich meine|beziehungsweise)\b\W*)+(\d+\s?[a-z]?\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\D*\b(?:is|it's|that's|that is|be|to|at|ist|lautet)\s+(?=\d)", re.IGNORECASE)
_BETWEEN_NUMBER = re.compile(
    r"((?:straße|strasse|weg|gasse|platz|allee|ring|damm|hof)) (?:nummer|nr\.?|hausnummer) (?=\w)", re.I
)
_NUMBER_IS = re.compile(
    r"\b(?:it's|it is|it should be|should be|is|es ist|ist|muss|stimmt|make it|meinte|meant)\b[^\d]{0,24}\b(?:number|no\.|nummer|hausnummer)\W+(?=\w)",
    re.IGNORECASE,
)
_STREET_IS = re.compile(
    r"\b(?:street|road|straße|strasse)(?: name)? (?:is|should be|ist|heißt|lautet) (?:called |die )?(?!wrong|falsch|not|nicht)(.+)",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"\b(?:house|door|street) number\b|\b(?:flat|house|apartment|wohnung) (?:is|should be|ist)\b|\bhausnummer\b|\bnumber of the house\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:post ?code|zip(?: code)?|postal code|postleitzahl|plz)\b(?:\W*(?:is|ist|lautet|should be|that's)\b)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+\s?[a-z]?\b")
_PLACE = re.compile(r"\d+[a-z]?(?=,?\s+[^\W\d])")
_PLACE_DE = re.compile(r"(?<=\D )(?!\d{5})\d+(?:\s?[a-z]\b)?")
_POSTCODE_MOST = 12
_NO = frozenset("no not never rather don't nein nicht weiß".split())
_NUMBER_SENTENCE = 3


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    if not asking.asked:
        if match := _IN_PASSING.search(text):
            return Heard(match[0].strip(), match.start(), match.end())
        led = _LED.search(text)
        return Heard(led[1], led.start(1), led.end(1)) if led else NOTHING
    start = match.end() if (match := _BEFORE.match(text)) else 0
    said = _BETWEEN_NUMBER.sub(r"\1 ", text[start:].strip(" .!?,;"))
    written = without_chatter(in_figures(said, asking.german))
    has_number = any(letter.isdecimal() for letter in written)
    if asking.part and has_number and len(written.split()) <= _NUMBER_SENTENCE:
        whole = f"{asking.part} {re.sub(r'^(?:number|nummer|no) ', '', written, flags=re.IGNORECASE)}"
        return Heard(whole[:MOST], start, len(text))
    has_word = any(word.isalpha() and len(word) > 1 for word in re.findall(r"[^\W\d_]+", written))
    first = set(re.findall(r"[^\W\d_']+(?:'\w+)?", written.lower())[:3])
    if not has_word or first & _NO:
        return NOTHING
    if not has_number:
        return Heard(problem="house", part=written[:MOST], start=start, end=len(text))
    return Heard(written[:MOST], start, len(text))


def amended(address: str, text: str, german: bool) -> str:
    """The address with another house number or with its postcode, where that alone is told; "" elsewhere."""
    text = clean(text)
    if match := _HOUSE.search(text) or (None if has_street(text) else _NUMBER_IS.search(text)):
        numbers = _NUMBER.findall(_DENIED.sub("", in_figures(text[match.end() :], german)))
        place = _PLACE_DE.search(address) if german else _PLACE.search(address)
        if numbers and place:
            return f"{address[: place.start()]}{numbers[-1].strip()}{address[place.end() :]}"[:MOST]
    if match := _STREET_IS.search(text):
        street, number = in_figures(match[1], german).strip(" .,!?"), (_PLACE_DE if german else _PLACE).search(address)
        if number and not any(letter.isdecimal() for letter in street):
            behind = address[address.find(",", number.end()) :] if "," in address[number.end() :] else ""
            return (
                f"{street} {address[number.start() :]}" if german else f"{address[: number.end()]} {street}{behind}"
            )[:MOST]
    if match := _POSTCODE.search(text):
        code = in_figures(text[match.end() :], german).strip(" .,!?")
        if any(letter.isdecimal() for letter in code) and len(code) <= _POSTCODE_MOST:
            return f"{address}, {code}"[:MOST]
    return ""


def without_chatter(written: str) -> str:
    """The address without what was said around it: "my work, that's 120 Bishop Street" is 120 Bishop Street."""
    match = _WHOLE.search(written)
    before = written[: match.start()] if match else ""
    written = _NOT_THAT.sub(r"\1", written)
    written = _SAID_AGAIN.sub(r"\1", _BEHIND.sub("", written))
    if told := _TOLD.match(written):
        return written[told.end() :]
    if match and not any(letter.isdecimal() for letter in before) and _CHATTER.search(before):
        return written[match.start() :]
    return written


def in_figures(text: str, german: bool) -> str:
    """Numbers in their figures: a postcode digit by digit, a house number as a number."""
    said = tokens(text)
    pieces, at, place = [], 0, 0
    while place < len(said):
        if said[place].is_number or not said[place].is_word:
            place += 1
            continue
        if said[place].word in ("a", "an", "ein", "eine", "einen", "einer", "o", "to", "for", "double"):
            place += 1
            continue
        number = numerals.cardinal(said, place, german)
        if number is None:
            place += 1
            continue
        ends = next((n for n in range(place, len(said)) if said[n].word == ","), len(said))
        run = digits.runs(said[place:ends], german)
        figures, behind = str(number[0]), number[1]
        by_digit = bool(run) and len(run[0].digits) >= 3 and len(run[0].digits) == run[0].behind - run[0].first
        if run and run[0].first == 0 and (len(run[0].digits) >= 4 or by_digit) and place + run[0].behind > behind:
            figures, behind = run[0].digits, place + run[0].behind
        pieces += [text[at : said[place].start], figures]
        at, place = said[behind - 1].end, behind
    return " ".join("".join([*pieces, text[at:]]).split())


def say(value: str, german: bool = False) -> str:
    return value


def has_street(text: str) -> bool:
    return bool(_STREET.search(text))
