"""How many people: "just me and my wife", "three adults and two kids", "nur ich", "wir zwei und ein Baby"."""

from collections.abc import Sequence

from agents.brains.collecting import numerals
from agents.brains.collecting.tokens import NO, NOT, Token, word_at, words_at

_ONE = frozenset(
    "adult child kid baby toddler infant wife husband partner mother father mum mom dad son daughter brother sister friend"
    " girlfriend boyfriend colleague boss grandma grandpa grandmother grandfather person woman man boy girl fiancé fiancée"
    " erwachsener erwachsene kind baby kleinkind frau mann partner partnerin mutter vater sohn tochter bruder schwester freund"
    " freundin kollege kollegin chef oma opa mama papa verlobter verlobte".split()
)
RELATIONS = "|".join(sorted(_ONE))
_MANY = frozenset(
    "adults children kids babies toddlers friends colleagues sons daughters brothers sisters people women men boys girls"
    " erwachsene erwachsenen kinder babys freunde freunden freundinnen kollegen söhne töchter brüder schwestern leute".split()
)
_PAIRS = frozenset("parents grandparents eltern großeltern schwiegereltern twins zwillinge".split())
_WHOSE = frozenset(
    "my our a an one the her his mein meine meinen meinem meiner unser unsere unseren ein eine einen einem einer".split()
)
_ARTICLES = frozenset("a an one ein eine einen einem einer".split())
_SIZES = frozenset("little small young older other big kleine kleiner kleines kleinen weitere weiterer".split())
_SELF = frozenset("me myself i ich mich mir".split())
_JOINED = frozenset({"and", "plus", "und", "with", "mit", ",", "&", "as", "sowie"})
_ONLY = frozenset("just only nur bloß alone allein".split())


def count(said: Sequence[Token], german: bool) -> tuple[int, int, int] | None:
    """(first token, token behind, how many): people who are named one by one; None where a number tells it all."""
    found = None
    place = 0
    while place < len(said):
        one = _group(said, place, german)
        if one is None:
            place += 1
            continue
        if found is None or any(token.word in NO for token in said[found[1] : one[0]]):
            found = one
        place = one[1]
    return found or next((one for place in range(len(said)) if (one := _alone(said, place))), None)


def _alone(said: Sequence[Token], place: int) -> tuple[int, int, int] | None:
    """ "On my own", "ich komme allein"."""
    if words_at(said, place, ("on", "by"), "my", ("own", "self")) or words_at(said, place, "by", "myself"):
        return place, place + 3 - (word_at(said, place + 1) == "myself"), 1
    is_alone = word_at(said, place) in ("alone", "allein", "alleine", "solo")
    return (place, place + 1, 1) if is_alone and word_at(said, place - 1) not in NOT else None


def _group(said: Sequence[Token], place: int, german: bool) -> tuple[int, int, int] | None:
    """People who are joined by "and", from a token on."""
    total, here, items, behind = 0, place, 0, place
    while one := _item(said, here, german, inside=items > 0):
        total, here, items = total + one[0], one[1], items + 1
        behind = here
        joined = word_at(said, here) in _JOINED
        while word_at(said, here) in _JOINED:
            here += 1
        if not joined and not (word_at(said, here) in _WHOSE and items == 1 and word_at(said, place) in _SELF):
            break
    before = [token.word for token in said[max(0, place - 2) : place] if token.word not in ("for", "für")]
    is_only = (before[-1:] and before[-1] in _ONLY) or word_at(said, behind) in _ONLY  # "nur für mich"
    alone = items == 1 and word_at(said, place) in _SELF and is_only
    return (place, behind, total) if items > 1 or alone else None


def _item(said: Sequence[Token], place: int, german: bool, *, inside: bool) -> tuple[int, int] | None:
    """How many one of them is, and the token behind: "my wife", "two small kids", "me"."""
    word = word_at(said, place)
    if word in _SELF:
        return 1, place + 1
    own = place + (word in _WHOSE)
    number = None if word in _ARTICLES else numerals.small(said, own, german)  # "our three children"
    here = number[1] if number else own
    if not number and word not in _WHOSE and not (inside and word in _ONE | _PAIRS):
        return None
    if word_at(said, here) == "of" and word_at(said, here + 1) in ("my", "our"):
        here += 2
    while word_at(said, here) in _SIZES:
        here += 1
    noun = word_at(said, here)
    if noun in _PAIRS:
        return 2, here + 1
    if number and noun in _MANY | _ONE:
        return number[0], here + 1
    if not number and noun in _ONE:
        return 1, here + 1
    if number and not inside and word_at(said, here) in ("and", "plus", "und") and _named(said, here + 1):
        return number[0], here  # "four and a baby"
    return None


def _named(said: Sequence[Token], place: int) -> bool:
    here = place + (word_at(said, place) in _WHOSE)
    return here > place and word_at(said, here) in _ONE
