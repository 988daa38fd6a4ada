"""E-mail addresses, typed or said: "anna dot miller at gmail dot com", "m Punkt maier ät t-online Punkt de"."""

import re

from agents.brains.collecting import digits, letters, numerals
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import Token, clean, tokens, word_at

MOST = 254
_WRITTEN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.UNICODE)
_ENDS = frozenset(
    "com org net edu gov io dev app info eu uk us de fr es it nl ca au ch at se no dk fi pl ie nz me co biz online shop"
    " example test be pt cz email".split()
)
_AT = frozenset({"at", "@", "ät", "aet", "et", "klammeraffe"})
_SIGNS = {
    ".": ".", "dot": ".", "punkt": ".", "point": ".", "period": ".", "-": "-", "dash": "-", "hyphen": "-", "minus": "-",
    "bindestrich": "-", "strich": "-", "_": "_", "underscore": "_", "unterstrich": "_", "+": "+", "plus": "+",
}  # fmt: skip
_STOPS = frozenset(
    "is it's its my address email e-mail mail ist lautet meine adresse and und the at to on um an it as under unter sure"
    " spelled spelt spell spells geschrieben buchstabiert yes ja okay that's das so write send contact me use take try instead then please bitte nehmen nimm schreiben".split()
)
_ONE_WORD = re.compile(
    r"\b(?:all )?(?:in )?(?:one word|together)\b|\b(?:alles )?(?:in einem wort|zusammengeschrieben|zusammen)\b",
    re.IGNORECASE,
)
_WORDS_MOST = 24


def read(text: str, asking: Asking) -> Heard:
    text = _ONE_WORD.sub(lambda match: " " * len(match[0]), clean(text))
    written = _WRITTEN.search(text)
    if written:
        return _whole(written[0].rstrip(".-"), written.start(), written.end())
    said = tokens(text, asking.german)
    for place in range(len(said) - 1, -1, -1):
        if said[place].word not in _AT or not place:
            continue
        domain, behind = _domain(said, place + 1, asking)
        if not domain:
            continue
        local, first = _local(said, place, asking.german)
        if local:
            return _whole(f"{local}@{domain}", said[first].start, said[behind - 1].end)
    if asking.asked and any(token.word in _AT for token in said[1:]):
        return Heard(problem="part", part="")
    return NOTHING


def _whole(address: str, start: int, end: int) -> Heard:
    address = re.sub(r"\.{2,}", ".", address.lower())
    local, _, domain = address.partition("@")
    fine = local.strip(".") and re.fullmatch(r"[^.@\s][^@\s]*\.[^\W\d_]{2,}", domain) and len(address) <= MOST
    return Heard(f"{local.strip('.')}@{domain}", start, end) if fine else NOTHING


def _domain(said: list[Token], place: int, asking: Asking) -> tuple[str, int]:
    """What stands behind the "at", up to an ending of addresses; the token behind it."""
    found, here = "", place
    ended = ("", place)
    while here < min(len(said), place + _WORDS_MOST):
        word = said[here].word
        if word in _SIGNS:
            found, here = found + _SIGNS[word], here + 1
            continue
        is_last = asking.asked and here == len(said) - 1 and word_at(said, here - 1) in ("dot", "punkt")
        if found.endswith(".") and (word in _ENDS or (is_last and word.isalpha() and len(word) > 1)):
            found, here = found + word, here + 1
            ended = found, here
            if word_at(said, here) not in (".", "dot", "punkt") or word_at(said, here + 1) not in _ENDS:
                break
            continue
        piece = _piece(said, here, asking.german)
        found, here = found + piece[0], piece[1]
    return ended


def _piece(said: list[Token], place: int, german: bool) -> tuple[str, int]:
    """Letters that are spelled, digits that are said, or a word as it is."""
    if spelled := letters.run(said, place, german):
        return spelled.letters, spelled.behind
    word = said[place].word
    if word in ("double", "doppel", "triple"):
        one = letters.letter(said, place, german)
        if one:
            return one.letters, one.behind
        run = digits.runs(said[place : place + 2], german)
        if run and run[0].first == 0:
            return run[0].digits, place + run[0].behind
    likened = letters.letter(said, place, german) if len(word) == 1 else None
    if likened:
        return likened.letters, likened.behind
    number = None if word.isdecimal() else numerals.cardinal(said, place, german)
    if number and word not in ("a", "an", "ein", "eine", "einen"):
        return str(number[0]), number[1]
    return word.replace("'", ""), place + 1


def _local(said: list[Token], at: int, german: bool) -> tuple[str, int]:
    """What stands before the "at", back to where the sentence around it ends; its first token."""
    first = at
    while first > max(0, at - _WORDS_MOST) and not _stops(said, first - 1):
        first -= 1
    found, here = "", first
    while here < at:
        word = said[here].word
        if word in _SIGNS or word == ",":
            found, here = found + _SIGNS.get(word, ""), here + 1
            continue
        piece, behind = _piece(said[:at], here, german)
        found, here = found + piece, behind
    return found.strip(".-"), first


def _stops(said: list[Token], place: int) -> bool:
    """Is this token no part of the address in front of the "at"?"""
    word, after = said[place].word, word_at(said, place + 1)
    if word == ",":
        return len(after) > 1 and after not in _SIGNS  # commas stand between letters that are spelled
    if word in ("as", "for") and len(word_at(said, place - 1)) == 1:
        return False
    return word in _STOPS or word in ':;?!"' or (word == "." and _ends_sentence(said, place))


def _ends_sentence(said: list[Token], place: int) -> bool:
    """A full stop with a space behind it, as hearing engines put it between sentences."""
    return (
        place + 1 < len(said) and said[place + 1].start > said[place].end and said[place].start == said[place - 1].end
    )


def say(value: str, german: bool = False) -> str:
    """ "anna dot miller at gmail dot com"."""
    signs = {".": " Punkt ", "@": " ät ", "-": " Bindestrich ", "_": " Unterstrich ", "+": " plus "}
    english = {".": " dot ", "@": " at ", "-": " dash ", "_": " underscore ", "+": " plus "}
    said = "".join((signs if german else english).get(letter, letter) for letter in value)
    return " ".join(said.split())
