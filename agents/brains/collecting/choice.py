"""One of several things: by its name, other words for it, its place in the list, or nearly its sound."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from agents.brains.collecting import clock
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.tokens import NO, NOT, Token, clean, tokens
from agents.brains.word_signs import skeleton, stem

OPTIONS_MOST = 30
_SMALL = frozenset(
    "something anything etwas irgendwas dem den a an the of for and or to in on is it i my please der die das ein eine und oder für im am zu mein meine bitte".split()
)
_PLACES = {
    "first": 0, "one": 0, "former": 0, "second": 1, "latter": -1, "third": 2, "fourth": 3, "fifth": 4, "last": -1,
    "erste": 0, "ersten": 0, "erstes": 0, "zweite": 1, "zweiten": 1, "zweites": 1, "dritte": 2, "dritten": 2,
    "vierte": 3, "vierten": 3, "letzte": -1, "letzten": -1, "letztes": -1,
}  # fmt: skip
# Parts of the day have more names than whoever lists them thinks of.
_PARTS_OF_DAY = tuple(
    frozenset(names.split("|"))
    for names in (
        "morning|mornings|forenoon|before noon|before lunch|before midday|first thing|vormittag|vormittags|morgens|früh"
        "|frühmorgens|vor mittag|vor dem mittagessen|vor dem essen",
        "afternoon|afternoons|after lunch|after midday|nachmittag|nachmittags|nach mittag|nach dem mittagessen|nach dem essen",
        "evening|evenings|after work|abend|abends|nach feierabend|nach der arbeit",
    )
)
# … and so have those of how often something is.
_OFTEN = tuple(
    frozenset(names.split("|"))
    for names in (
        "daily|every day|each day|täglich|jeden tag",
        "weekly|every week|each week|once a week|wöchentlich|jede woche|einmal die woche|einmal in der woche",
        "monthly|every month|each month|once a month|per month|monatlich|jeden monat|einmal im monat|pro monat",
        "yearly|annual|annually|every year|each year|once a year|per year|jährlich|jedes jahr|einmal im jahr|pro jahr",
    )
)
_WAKING_HOURS = {"from": "07:00", "to": "21:59"}
_CLOSE = 0.78
_CLOSE_LEAST_LETTERS = 4
_JOINED_LEAST = 6
_PLACE_WORDS_MOST = 5
_BETWEEN_MOST = 4
_TOO = (
    ["is", "too"],
    ["is", "not"],
    ["is", "no"],
    ["are", "too"],
    ["ist", "zu"],
    ["ist", "mir"],
    ["ist", "nichts"],
    ["sind", "zu"],
)
# What "the first" may stand before: not "first thing in the morning".
_ONES = frozenset(
    {"", "one", "option", "choice", "please", "of", "bitte", "davon", "von", "then", "dann", "i", "thanks", "danke"}
)


def options(limits: Any) -> list[tuple[str, list[str]]]:
    """Names, each with all that may be said for it."""
    found = []
    for one in list(limits.get("options") or [])[:OPTIONS_MOST]:
        name = str(one.get("name", ""))
        if name:
            found.append((name, [name, *map(str, one.get("also") or [])]))
    return [(name, [*sayings, *_other_names(sayings)]) for name, sayings in found]


def _other_names(sayings: Sequence[str]) -> list[str]:
    """The other names of a part of the day, or of how often something is."""
    said = {saying.lower() for saying in sayings}
    return sorted(next((names - said for names in (*_PARTS_OF_DAY, *_OFTEN) if names & said), ()))


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said = [token for token in tokens(text) if token.is_word or token.is_number]
    every = options(asking.limits)
    if not said or not every:
        return NOTHING
    found = _all(said, every, inside=False)
    taken = {place for first, last, _ in found for place in range(first, last + 1)}
    found += [one for one in _all(said, every, inside=True) if not taken & set(range(one[0], one[1] + 1))]
    found = _without_denied(found, said)
    found = _longest(found)
    if not found and asking.asked:
        found = _nearly(said, every)
    if not found and asking.asked and (name := _by_time(text, asking, every)):
        return Heard(name, said[0].start, said[-1].end)
    if not found and asking.asked and (name := _by_place(said, every)):
        return Heard(name, said[0].start, said[-1].end)
    if not found:
        return NOTHING
    if len(found) > 1:
        found.sort()
        if any(token.word in NO for token in said[found[0][1] : found[-1][0]]):
            found = found[-1:]
    start, end = said[found[0][0]].start, said[found[-1][1]].end
    if len(found) > 1:
        return (
            Heard(problem="which", options=tuple(one[2] for one in found[:3]), start=start, end=end)
            if asking.asked
            else NOTHING
        )
    return Heard(found[0][2], start, end)


_stem = lru_cache(maxsize=4096)(stem)


@lru_cache(maxsize=1024)
def _telling(text: str) -> tuple[str, ...]:
    every = [token.word for token in tokens(clean(text)) if token.is_word or token.is_number]
    return tuple(word for word in every if word not in _SMALL) or tuple(every)


def _all(said: Sequence[Token], every: list[tuple[str, list[str]]], *, inside: bool) -> list[tuple[int, int, str]]:
    """(first token, last token, name) of whatever was said. `inside`: as a part of a longer word, too."""
    found = []
    for name, sayings in every:
        places = [place for saying in sayings if (place := _said(said, saying, inside=inside))]
        if places:
            found.append((*max(places, key=lambda one: one[1] - one[0]), name))
    return found


def _said(said: Sequence[Token], saying: str, *, inside: bool) -> tuple[int, int] | None:
    """Are all telling words of it there, whatever their endings? Their first and last token."""
    telling = _telling(saying)
    wanted = [_stem(word) for word in telling]
    if not wanted:
        return None
    if len(wanted) > 1 and (place := _place(said, _stem("".join(telling)), inside=inside)):  # "checkup"
        return place
    places: list[int] = []
    for word in wanted:
        place = _place(said, word, inside=inside)
        if place is None:
            return None
        places += place
    return min(places), max(places)


def _place(said: Sequence[Token], word: str, *, inside: bool) -> tuple[int, int] | None:
    """Where a word is said: as it is, in two pieces ("dish washer"), or inside a longer one."""
    for n, token in enumerate(said):
        if _stem(token.word.removesuffix("'s")) == word or (inside and _inside(word, token.word)):
            return n, n
        if len(word) < _JOINED_LEAST or not word.startswith(token.word[0]):
            continue
        after = n + 1
        while after < min(len(said), n + _BETWEEN_MOST) and said[after].word in _SMALL:  # "nach dem Mittag"
            after += 1
        if after < len(said) and _stem(token.word + said[after].word) == word:
            return n, after
    return None


def _inside(word: str, longer: str) -> bool:
    """ "Reparatur" in "Fahrradreparatur"."""
    return len(word) >= 5 and word in longer


def _without_denied(found: list[tuple[int, int, str]], said: Sequence[Token]) -> list[tuple[int, int, str]]:
    """Without what stands behind a "not"."""
    if len(found) < 2:
        return found
    kept = [one for one in found if not _denied(one, said)]
    return kept or found


def _denied(one: tuple[int, int, str], said: Sequence[Token]) -> bool:
    """ "Not the single", "instead of the single", "the single is too small"."""
    before = [token.word for token in said[max(0, one[0] - 3) : one[0]]]
    behind = [token.word for token in said[one[1] + 1 : one[1] + 4]]
    if any(word in NOT for word in before[-2:]) or "than" in before or "statt" in before:
        return True
    if before[-2:-1] == ["instead"] or before[-2:] == ["instead", "of"] or before[-3:-1] == ["instead", "of"]:
        return True
    return behind[:1] in (["too"], ["isn't"], ["won't"], ["wouldn't"]) or behind[:2] in _TOO


def _longest(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """A name within another one that was said does not count: "season pass" is no "pass"."""
    return [
        one
        for one in found
        if not any(
            other is not one and other[0] <= one[0] and one[1] <= other[1] and (other[1] - other[0]) > (one[1] - one[0])
            for other in found
        )
    ]


def _nearly(said: Sequence[Token], every: list[tuple[str, list[str]]]) -> list[tuple[int, int, str]]:
    """Misheard: "the breaks" for the brakes."""
    if len(said) > 8:
        return []
    scored = []
    for name, sayings in every:
        for saying in sayings:
            telling = _telling(saying)
            for word in telling:
                if len(telling) > 1 and any(token.word == word for token in said):
                    continue  # half of "after lunch" in "before lunch" was heard well, and is not that
                for place, token in enumerate(said):
                    if min(len(word), len(token.word)) >= _CLOSE_LEAST_LETTERS and token.word not in _SMALL:
                        scored.append((_alike(word, token.word), place, name))
    best = max(scored, default=(0.0, 0, ""))
    if best[0] < _CLOSE:
        return []
    rivals = {name for score, _, name in scored if score >= best[0] - 0.02}
    return [(best[1], best[1], best[2])] if len(rivals) == 1 else []


def _alike(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio + 0.1 if skeleton(one) == skeleton(other) and one[0] == other[0] else ratio


def _by_time(text: str, asking: Asking, every: list[tuple[str, list[str]]]) -> str:
    """ "After two", where a part of the day was asked for."""
    parts = [{saying.lower() for saying in sayings} & names for _, sayings in every for names in _PARTS_OF_DAY]
    if sum(map(bool, parts)) < 2:
        return ""
    heard = clock.read(text, Asking(asking.now, asking.language, _WAKING_HOURS))
    if not heard.fine:
        return ""
    names = _PARTS_OF_DAY[0 if heard.value < "12:00" else 1 if heard.value < "17:30" else 2]
    return next((name for name, sayings in every if {saying.lower() for saying in sayings} & names), "")


def _by_place(said: Sequence[Token], every: list[tuple[str, list[str]]]) -> str:
    if len(said) > _PLACE_WORDS_MOST:
        return ""
    for n, token in enumerate(said):
        place = _PLACES.get(token.word)
        behind = said[n + 1].word if n + 1 < len(said) else ""
        if (
            place is not None
            and behind in _ONES
            and (token.word != "one" or len(said) == 1)
            and -1 <= place < len(every)
        ):
            return every[place][0]
    return ""


def say(value: str, german: bool = False) -> str:
    return value
