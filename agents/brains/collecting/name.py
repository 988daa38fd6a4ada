"""Names of people, as they are said: "my name is Ann Bell", "Bob speaking", "Meyer, M E Y E R"."""

import re
from difflib import SequenceMatcher

from agents.brains.collecting import letters, people
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import NO, clean, tokens
from agents.speech.words import words

MOST = 60
WORDS_MOST = 5
_POLITE = r"(?:(?:yes|yeah|sure|okay|ok|hi|hello|well|so|um|uh|oh|er(?! (?:heißt|ist))|erm|äh|ähm|öh|hm+|of course|certainly|please|ja|gern|gerne|hallo|also|na|ach|klar|natürlich)\b[\s,.!]*)*"
# With these a name is told whatever was asked …
_TELLS = (
    r"(?:my|the|our|his|her|their|my \w+'s) (?:full |first |last )?name(?: first| then| already)?(?: is|'s|,? it's|,? that's)(?: actually)?|name's|(?<=[,.;] )name is|i am called|call me|you can call me|put it under|(?:he|she|it|they)(?:'s| is|'re| are) called|(?:we|i) call (?:him|her|it|them)|(?:he|she|it) goes by"
    r"|mein name ist|(?:sein|ihr|der) name ist|(?:er|sie) heißt|mein name lautet|der name ist|der name lautet|ich heiße|ich heisse|hier spricht|auf den namen"
)
# … with these only if it is written like one …
_MAY_TELL = r"i am|i'm|this is|hier ist|ich bin"
# … and with these only where it was asked for.
_ANSWERS = (
    r"it is under|it's under|(?:it'll|it will|that'll|that will|it should) be(?: under)?|(?:you can |just |please )?(?:put|write|say|use|take)(?: down)?|name of|under(?: the name(?: of)?)?|name is|name(?! (?:ist|lautet|wäre)\b)|it is|it'?s|that'?s|that is|here is|in the name of|for"
    r"|das ist|es ist|(?:mein |der |sein |ihr )?(?:nach|vor)?name (?:ist|lautet|wäre)|auf|unter(?: dem namen)?|(?:schreiben|nehmen|notieren) sie|wir (?:nennen|rufen) (?:ihn|sie|es)|(?:der|die|das)(?= \w+\W*$)"
)
_OF_WHOM = rf"(?:(?:my|our|his|her|meine?[nmr]?|unser\w*|seine?|ihre?)\s+(?:{people.RELATIONS})\s+(?:is\s+|heißt\s+|,\s*)?(?=\w))?"
_ASKED = re.compile(
    rf"^\W*{_POLITE}(?:(?:{_TELLS}|{_MAY_TELL}|{_ANSWERS})\b\s*[:,]?\s*){{0,2}}{_OF_WHOM}", re.IGNORECASE
)
_IN_PASSING = re.compile(rf"\b(?:(?P<sure>{_TELLS})|{_MAY_TELL})\b\s+", re.IGNORECASE)
_STOPS = re.compile(
    r"\s*(?:[;!?·]|,?\s+(?:one|two|double|three|ein|zwei|doppel|kein|no)[\s-][a-zäöüß](?:'?s)?(?!\w)|,?\s+\b(?:and|und|but|aber|with|mit|without|ohne|my|meine|mein|calling|from|at|on|for|please|speaking|here|thanks|thank you|is (?:the|my) name|bitte|danke|ist (?:mein|der) name|am apparat|that's spelled"
    r"|spelled|spelt|spell|geschrieben|buchstabiert|i'd|i would|i|ich|the|phone|number|tomorrow|morgen)\b|(?<!Dr)(?<!Mr)(?<!Ms)(?<!St)(?<!Mrs)(?<!Prof)\.\s|,\s+(?=\d))",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"[\s,.!]*(?:please|speaking|here|bitte|am apparat|is my name|ist mein name)?[\s.!,]*$", re.IGNORECASE
)
_NO_NAMES = frozenset(
    "i i'm i'll i've we we're you said meant did does then calling looking not sorry interested afraid here just trying wondering going at in on the a an fine good sure yes no"
    " what why how when where who which is are do don't dont doesn't can't cannot not never rather none nothing know say need"
    " want would could have skip nicht kein keine keinen was warum wie wann wo wer weiß sage möchte will brauche ja nein"
    " still there repeat again name number day time tomorrow today back wrong please change correct right it that this"
    " moment wait second okay maybe und and or oder people persons guests personen leute gäste uhr o'clock euro euros pounds"
    " dollars street road straße thanks thank danke hello hallo hang hold falsch richtig stimmt verkehrt exactly genau perfect perfekt".split()
)
_GERMAN_ONLY = frozenset({"will"})  # "Will Ford"
_WORD = re.compile(r"[^\W\d_]+(?:['’.-]+[^\W\d_]+)*\.?")
_FIRST_AND_LAST = re.compile(
    r"\b(?:first name(?: is)?|vorname(?: ist)?)\s+([^\W\d_]{2,30})\W+(?:(?:and|und)\s+)?(?:(?:my|the|mein|der)\s+)?"
    r"(?:(?:last|family) name|surname|nachname)(?:\s+(?:is|ist))?\s+([^\W\d_]{2,30})",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[aeiouyäöüéèáàóòíìúù]|[^\x00-\x7f]|[.]", re.IGNORECASE)
_ALIKE = 0.6
_SO = re.compile(r"^\W*(?:so|also|that makes|das macht)\s+", re.IGNORECASE)
_TOLD_LAST = re.compile(
    r"\b(?:that's|that is|it's|is|name|for|under|called|das ist|ist|heißt|lautet|für|auf)\s+(?=\w)", re.IGNORECASE
)
_SMALL = frozenset({"von", "van", "der", "den", "de", "da", "di", "zu", "del", "la", "le", "bin", "al"})

_SPELLS = frozenset("spelled spelt spell geschrieben buchstabiert that's with mit double doppel as".split())


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    if both := _FIRST_AND_LAST.search(text):
        return Heard(f"{_capital(both[1])} {_capital(both[2])}", both.start(), both.end())
    if asking.asked:
        match = _ASKED.match(text)
        start = match.end() if match else 0
        told = next((one for one in _IN_PASSING.finditer(text) if one["sure"] and one.start() >= start), None)
        if told and _name(text[told.end() :], asking.german)[0]:
            match, start = told, told.end()  # "the firm is Bell and Sons, my name is Ann Bell"
    else:
        match = _IN_PASSING.search(text)
        if not match:
            return NOTHING
        start = match.end()
        rest = text[start:].lstrip()
        if not match["sure"] and not rest[:1].isupper():
            return NOTHING
    rest = text[start:]
    found, end = _name(rest, asking.german)
    if set(words(found.replace("'s", ""))) <= set(words(asking.about)):  # "the parcel's for Nadia Karim"
        found = ""
    if (
        not found and asking.asked and (last := list(_TOLD_LAST.finditer(rest)))
    ):  # "with my surname that's Hassan Farouk"
        start, rest = start + last[-1].end(), rest[last[-1].end() :]
        found, end = _name(rest, asking.german)
    if not found:
        return NOTHING
    if not asking.asked and len(found.split()) > 3:
        return NOTHING
    return Heard(found, match.start() if match and not asking.asked else start, start + end)


def _name(text: str, german: bool) -> tuple[str, int]:
    """A name at the beginning of a text, and where it ends."""
    text = _SO.sub(lambda match: " " * len(match[0]), text)
    spelled = _spelled(text, german)
    if spelled:
        letters_said, start, spelled_end = spelled
        before = [word.strip(",.:") for word in text[:start].replace(",", " ").split()]
        return _with_spelled([word for word in before if len(word) > 1], letters_said), spelled_end
    cut = next((match for match in _STOPS.finditer(text) if match.start() > 0), None)
    end = cut.start() if cut else len(text)
    plain = _LAST.sub("", text[:end]).strip(' ,.:;"“”')
    said = [word.strip(",") for word in _last_said(plain).split() if word.strip(",.-")]
    if not said or len(said) > WORDS_MOST or not all(map(_WORD.fullmatch, said)):
        return "", 0
    others = said[:-1] if german and len(said) > 1 and said[-1].lower() == "weiß" else said
    no_names = _NO_NAMES if german else _NO_NAMES - _GERMAN_ONLY
    if any(word.lower() in no_names for word in others) or any(c.isdigit() for c in plain):
        return "", 0
    if len(said) > 2 and said[0].lower() == said[-1].lower():  # "Bell, Jonathan Bell"
        said = said[1:]
        said = said[1:] if said[0].lower() in ("so", "also") else said
    return " ".join(map(_capital, said))[:MOST], end


def alike(known: str, said: str) -> bool:
    """Is it the same name, said or heard a little differently?"""
    if set(words(known)) < set(words(said)):  # "Paul", "Paul Green"
        return True
    return SequenceMatcher(None, known.lower(), said.lower()).ratio() >= _ALIKE


def put_right(known: str, said: str) -> str:
    """One word of a name that was misheard is said again; the others stay."""
    own, new = known.split(), said.split()
    if len(new) != 1 or len(own) < 2:
        return said
    close = [SequenceMatcher(None, word.lower(), said.lower()).ratio() for word in own]
    place = max(range(len(own)), key=lambda n: close[n])
    return " ".join([*own[:place], said, *own[place + 1 :]]) if close[place] >= _ALIKE else said


def _last_said(plain: str) -> str:
    """ "Tim, no, Jim" is Jim."""
    pieces = [piece.strip() for piece in plain.split(",")]
    behind = [n for n, piece in enumerate(pieces) if piece.lower() in NO or piece.lower().split(" ")[0] in NO]
    if not behind:
        return plain.replace(",", " ")
    rest = " ".join(pieces[behind[-1] :]).split()
    while rest and rest[0].lower() in NO | {"i", "mean", "meine", "ich", "it's", "no"}:
        rest = rest[1:]
    return " ".join(rest)


def is_spelled(text: str, german: bool) -> bool:
    """Does it spell a name letter by letter?"""
    return _spelled(text, german) is not None


def _spelled(text: str, german: bool) -> tuple[str, int, int] | None:
    """Letters in a text, and from where to where they stand."""
    said = tokens(text)
    for place in range(len(said)):
        found = letters.run(said, place, german)
        if found and (found.count >= 3 or (found.single == 2 and (len(said) <= 3 or len(found.letters) >= 3))):
            return found.letters, said[found.first].start, said[found.behind - 1].end
    return None


def _with_spelled(said: list[str], spelled: str) -> str:
    """The spelling is right where the hearing was not: it takes the place of the word it is closest to."""
    said = [word for word in said if word.lower() not in _NO_NAMES | _SPELLS and _VOWEL.search(word)]  # "with th"
    right = spelled.capitalize()
    if said:
        close = [SequenceMatcher(None, word.lower(), spelled.lower()).ratio() for word in said]
        place = max(range(len(said)), key=lambda n: close[n])
        if close[place] >= 0.5:
            return " ".join([*map(_capital, said[:place]), right, *map(_capital, said[place + 1 :])])[:MOST]
    return " ".join([*map(_capital, said), right])[:MOST]


def _capital(word: str) -> str:
    if word.lower() in _SMALL or any(c.isupper() for c in word):
        return word
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def say(value: str, german: bool = False) -> str:
    return value
