"""Yes or no, also where more is said: "yes please, by the window", "I'd rather not"."""

import re
from functools import lru_cache

from agents.brains import small_talk
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import clean
from agents.speech.words import words

_YES = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|now|ach|also|na|jetzt|so|dann)\W+)*(?:(?:(?:i|we|they) (?:am|are|do|have|did|were)|(?:he|she|it) (?:is|has|does|did)|(?:bin|habe) ich|(?:sind|haben) (?:wir|sie)|(?:ist|hat) (?:er|sie|es))(?=\W*$)|yes|yeah|yep|yup|sure|of course|certainly|definitely|absolutely|please do|i would|i do|i'd (?:love|like) (?:to|that)"
    r"|why not|i (?:think|believe|guess) so|go on then|i'd love|if (?:possible|you can|that's possible)|doch(?=\W*$)|ich (?:denke|glaube) (?:schon|ja)|wenn möglich|that(?: would|'?d) be (?:nice|great|good|lovely)|perfect|correct|that's (?:all )?(?:right|correct|fine|good|it|perfect)|(?:it's |that is )?all (?:good|right|correct|fine)|everything(?:'s| is) (?:right|correct|fine|good)|sounds (?:good|right|great)|exactly|great|go ahead|ja|jawohl|gern|gerne|klar|natürlich|sicher|auf jeden fall"
    r"|richtig|genau|stimmt(?:'?s)?|passt(?:'?s)?|sehr gern|alles (?:richtig|korrekt|gut|klar)|das (?:stimmt|passt|ist (?:richtig|korrekt))|in ordnung|perfekt)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|now|ach|also|na|jetzt|so|dann)\W+)*(?:(?:(?:i'm|we're|he's|she's|it's|they're) not|(?:i|we|they) (?:haven't|don't|aren't|didn't)|(?:he|she|it) (?:hasn't|doesn't|isn't))(?=\W*$)|no|nope|nah|not|never|i'd rather not|i would rather not|rather not|i (?:don't|do not)(?! (?:mind|know|care))|i wouldn't|i'm (?:good|fine|okay|all right)(?: thanks| thank you| without)?(?=\W*$)|i'll be (?:fine|okay) without|without|there (?:isn't|is not|aren't|is no|are no)|that won't be"
    r"|nein|nee|nö|nicht|lieber nicht|auf keinen fall|eher nicht|leider (?:nicht|nein|kein\w*)|ohne|ich (?:glaube|denke),? (?:eher )?(?:nicht|nein)|noch nie|muss nicht sein|das brauche? (?:ich|wir) nicht|brauche? (?:ich|wir) nicht|kein|keine|keinen)\b",
    re.IGNORECASE,
)
_NO_INSIDE = re.compile(
    r"(?:^|[\s,.;])(?:so )?(?:no|nein)\b\W*$|\b(?:rather not|lieber nicht|eher nicht)\b", re.IGNORECASE
)
_YES_INSIDE = re.compile(r"(?:^|[\s,.;])(?:so )?(?:yes|yeah|ja)\b(?: please| bitte)?\W*$", re.IGNORECASE)

_SO_YES = re.compile(r"\b(?:so|also) (?:yes|ja)\b\W*$", re.IGNORECASE)
_LIKES = re.compile(
    r"\b(?:would|that'd|'d) be (?:nice|great|good|fine|lovely|perfect|better)|\bsounds (?:good|great|nice)|\bi'd like|\bwould like|\bgern\w*"
    r"|\bwäre (?:schön|gut|toll|super|prima|besser)|\bpasst\b",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(
    r"\b(?:right|correct|fine|good|perfect|spot on|great|lovely|brilliant|agreed|exactly|precisely|that's it|that's the one|richtig|korrekt|stimmt(?:'?s)?|passt(?:'?s)?"
    r"|gut|genau|super|prima|einverstanden|perfekt|okay|ok|ja|yes|yeah|yep)\b",
    re.IGNORECASE,
)
_AFFIRMS_MOST = 6
_PREFERS = re.compile(r"^\W*(?:well\W+)?(?:i|we)(?:'d| would|d)? (?:much )?(?:prefer|rather)\b(?! not)", re.IGNORECASE)
_NAME_LEAST = 4  # letters
_ASKS = re.compile(r"^\W*(?:is|are|do|does|will|would|can|could|ist|sind|gibt|kann|können|wird)\b", re.IGNORECASE)
_NO_WORD = re.compile(
    r"\b(?:no|not|n't|nein|nicht|kein\w*|rather|lieber|never|nie|without|ohne|wrong|falsch)\b|n't\b", re.IGNORECASE
)


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    if not asking.asked:
        return _in_passing(text, asking.name)
    agreed = small_talk.yes_or_no(text, asking.language)
    if agreed is None and _LIKES.search(text) and not _NO_WORD.search(text):
        own = {word for word in words(asking.about) if len(word) > 3}
        agreed = True if own & set(words(text)) else None  # "outside would be nice"
    if agreed is None and _PREFERS.search(text):
        agreed = _named(text, asking)  # "Online?" – "I'd rather have it online", "I'd prefer face to face"
    elif agreed is None and _NO_WORD.search(text) and _named(text, asking):
        agreed = False  # "it's not my first visit"
    elif (
        agreed is None
        and len(words(text)) <= _AFFIRMS_MOST
        and not _ASKS.match(text)
        and _named(text, asking)
        and not _NO_WORD.search(text)
    ):
        agreed = True  # "it's my first time"
    if agreed is None:
        if _SO_YES.search(text):
            agreed = True  # "never been before, so yes"
        elif _NO.match(text) or _NO_INSIDE.search(text):
            agreed = False
        elif _YES.match(text) or (_YES_INSIDE.search(text) and not _NO_WORD.search(text)):
            agreed = True
    if agreed is None:
        return NOTHING
    first = (_YES if agreed else _NO).match(text)
    return Heard("yes" if agreed else "no", 0, first.end() if first else len(text))


def _in_passing(text: str, name: str) -> Heard:
    """ "No child seat", "mit Frühstück", "Ermäßigung ja": the thing's name with a yes or a no right beside it."""
    if len(name) < _NAME_LEAST or _ASKS.search(text):
        return NOTHING
    match = _beside(" ".join(name.lower().split())).search(text)
    if match is None:
        return NOTHING
    return Heard("no" if match["no"] or match["no_behind"] else "yes", match.start(), match.end())


@lru_cache(maxsize=256)
def _beside(name: str) -> re.Pattern[str]:
    thing = re.escape(name) + "(?:e?s|en)?"
    return re.compile(
        rf"\b(?:(?P<no>no|without|kein\w{{0,2}}|ohne)|(?P<yes>with|mit))\s+(?:(?:an?|any|the|eine?[mnr]?|die|de[nmr])\s+)?{thing}(?!\w)"
        rf"|(?<!\w){thing}[\s,:]+(?:(?P<no_behind>no|nein)|(?P<yes_behind>yes|ja))\b(?!\s+\w)",
        re.IGNORECASE,
    )


def _named(text: str, asking: Asking) -> bool:
    """Does it say again what was asked?"""
    said = {word.removesuffix("'s") for word in words(text)}
    return bool({word for word in words(asking.about) if len(word) > 3} & said)


def without_yes(text: str) -> str | None:
    """What stands behind all the words of a yes; None where it does not begin with one."""
    text, rest = clean(text), None
    while match := _YES.match(text if rest is None else rest):
        rest = match.string[match.end() :]
    return rest


def affirms(text: str) -> bool:
    """Is it a yes to what was read back, however it is said: "spot on", "jetzt ist alles richtig"?"""
    return len(words(text)) <= _AFFIRMS_MOST and bool(_AFFIRMS.search(text)) and not _NO_WORD.search(text)


def say(value: str, german: bool = False) -> str:
    if german:
        return "ja" if value == "yes" else "nein"
    return value
