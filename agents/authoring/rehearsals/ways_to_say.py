"""The same line as several people say it: a rehearsal is repeated, and no two callers speak alike.

The first caller says what is written. The others say it as an ear writes it down, with a hesitation, begun twice, and
in two of these ways at once. What is said in the n-th call is always the same.
"""

from collections.abc import Callable

WAYS_MOST = 5
_HESITATIONS = {"de": "Ähm", "es": "Eh", "fr": "Euh", "it": "Ehm"}


def said(text: str, number: int, language: str) -> str:
    """The line as the n-th caller says it, from 0."""
    return _WAYS[number % WAYS_MOST](text, language.split("-")[0].lower())


def _as_written(text: str, language: str) -> str:
    return text


def _as_heard(text: str, language: str) -> str:
    return text.rstrip(" .!?…").lower()


def _hesitating(text: str, language: str) -> str:
    return f"{_HESITATIONS.get(language, 'Um')}, {text[:1].lower()}{text[1:]}" if text[:1].isalpha() else text


def _begun_twice(text: str, language: str) -> str:
    """Not a number, a name or a yes: said twice, they are something else."""
    first, _space, rest = text.partition(" ")
    if len(rest.split()) < 3 or not first.isalpha():
        return text
    return f"{first}, {first.lower()} {rest}"


def _hesitating_as_heard(text: str, language: str) -> str:
    return _hesitating(_as_heard(text, language), language)


_WAYS: tuple[Callable[[str, str], str], ...] = (
    _as_written,
    _as_heard,
    _hesitating,
    _begun_twice,
    _hesitating_as_heard,
)
