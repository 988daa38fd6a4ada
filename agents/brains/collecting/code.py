"""Codes of letters and digits: "B K four double seven", "bravo kilo 477", "BK-477"."""

from agents.brains.collecting import digits, letters
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import FILLING, Token, clean, tokens, word_at
from agents.speech.words import words

LEAST, MOST = 3, 40
_PART_LEAST = 2  # of a code that is said in several goes
_OTHER_WORDS_MOST = 4  # beside a code that is not complete
_BETWEEN = frozenset({"-", "/", ".", ",", "–", "_", "dash", "hyphen", "minus", "slash", "strich", "bindestrich", "then", "dann", "und", "and", "#"})  # fmt: skip
_BEFORE = (
    frozenset(
        "it it's its is the my number code order a an das der die ist meine mein nummer bestellnummer i have yes okay ja".split()
    )
    | FILLING
)


_WORDS = _BEFORE | frozenset(
    "in on at for to from by with of are you why see oh auf um am im ab bis zu mit von days tag tage street"
    " and und then dann or oder so but aber also no now nein".split()
)


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = tokens(text, asking.german)
    wanted = asking.limits.get("length")
    length = int(wanted) if wanted else 0
    named = length and not asking.asked and _is_named(said, asking)
    zeros = [(run.digits, run.first, run.behind) for run in digits.sighs(said, asking.part)]
    found = [
        one
        for one in zeros or _stretches(said, text, asking.german)
        if asking.asked or _is_code(one[0], length) or (named and len(one[0]) == length and one[0].isdecimal())
    ]
    if not found:
        return NOTHING
    best = max(found, key=lambda one: (len(one[0]) == length, any(c.isdigit() for c in one[0]), len(one[0])))
    code, first, behind = best
    start, end = said[first].start, said[behind - 1].end
    if asking.part and length and len(code) < length:
        code = asking.part + code if len(asking.part + code) <= length else code
    if length and len(code) != length:
        others = [token for n, token in enumerate(said) if not first <= n < behind and token.word not in _BEFORE]
        least = LEAST if any(token.is_word for token in others) else _PART_LEAST
        if len(code) < least or len([token for token in others if token.is_word]) > _OTHER_WORDS_MOST:
            return NOTHING
        problem = "part" if len(code) < length else "length"
        return Heard(problem=problem, start=start, end=end, part=code if problem == "part" else "")  # type: ignore[arg-type]
    if len(code) < LEAST or len(code) > MOST:
        return NOTHING
    if not length and not any(c.isdigit() for c in code) and len(said) > 3 and behind - first == 1:
        return NOTHING  # a word of a sentence
    return Heard(code, start, end)


def _is_named(said: list[Token], asking: Asking) -> bool:
    """Is it told what the digits are? "My order is 650218"."""
    return bool({word for word in words(asking.about) if len(word) > 3} & {token.word for token in said})


def _is_code(code: str, length: int) -> bool:
    mixed = any(c.isdigit() for c in code) and any(c.isalpha() for c in code)
    return (len(code) == length and mixed) or (not length and mixed and len(code) >= 5)


def _stretches(said: list[Token], text: str, german: bool) -> list[tuple[str, int, int]]:
    """Pieces of codes in a row: the code, its first token, the one behind it."""
    found, place = [], 0
    while place < len(said):
        code, here, behind = "", place, place
        while here < len(said):
            one = _piece(said, here, text, german, bool(code))
            if one:
                code, here = code + one[0], one[1]
                behind = here
            elif code and said[here].word in _BETWEEN:
                here += 1
            else:
                break
        if code:
            found.append((code.upper(), place, behind))
        place = max(behind, place + 1)
    return found


def _piece(said: list[Token], place: int, text: str, german: bool, inside: bool) -> tuple[str, int] | None:
    word = word_at(said, place)
    spelled = letters.run(said, place, german)
    if spelled:
        return spelled.letters, spelled.behind
    likened = letters.letter(said, place, german)
    if likened and likened.sure and likened.behind > place + 1:
        return likened.letters, likened.behind  # "A for apple"
    if word in _BEFORE and not inside:
        return None
    run = digits.runs(said[place : place + 12], german)
    if run and run[0].first == 0:
        return run[0].digits.strip("+"), place + run[0].behind
    one = letters.letter(said, place, german)
    if one and (one.sure or inside) and word not in _WORDS:
        if len(word) == 1 or inside or _touches_digits(said, one.behind - 1):
            return one.letters, one.behind
    if word.isalpha() and len(word) <= 4:  # "BK477", "AB 12"
        written = text[said[place].start : said[place].end].isupper() and len(word) > 1
        if (written and _before_digits(said, place, german)) or (word not in _WORDS and _touches_digits(said, place)):
            if written or len(word) < len("Park") or not _more_words(said, place + 1):  # "33 Park Lane" is no code
                return word, place + 1
    return None


def _before_digits(said: list[Token], place: int, german: bool) -> bool:
    after = digits.runs(said[place + 1 : place + 4], german)
    return bool(after) and after[0].first <= 1


def _touches_digits(said: list[Token], place: int) -> bool:
    after = place + 2 if word_at(said, place + 1) in ("-", "/") else place + 1
    return word_at(said, after).isdecimal() or (place > 0 and word_at(said, place - 1).isdecimal())


def _more_words(said: list[Token], place: int) -> bool:
    return any(token.is_word and token.word not in _BEFORE for token in said[place : place + 2])


def say(value: str, german: bool = False) -> str:
    return " ".join(value)
