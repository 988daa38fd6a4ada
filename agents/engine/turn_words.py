"""What the words of a turn say about its end: over, more to come, or not to be told. The words are in turn_lists.py.

A full stop at the end says nothing: the ear puts one behind most texts that are cut. A comma or a question mark does.
The first rule that fits counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agents.engine.expectation import Expected
from agents.engine.turn_lists import TurnLists, lists
from agents.speech.words import words

Tier = Literal["over", "unknown", "more"]

_TRAILS = (",", "-", "–", "—", "...", "…", ":")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_ONE_MORE = re.compile(r"(.*\w)\s*,\s*([\w']+)\s*\?$")
_ANNOUNCED = frozenset({"lead_in", "question_begun", "verb_missing"})  # behind which a word is no object
_WHOLE_NUMBER = 10  # digits from which a telephone number may be complete


@dataclass(frozen=True, slots=True)
class _Said:
    """A turn's words, looked at once."""

    text: str
    words: list[str]
    sentence: list[str]  # words of the last sentence, without those that may stand before any
    digits: int
    expected: Expected
    own: TurnLists

    @property
    def last(self) -> str:
        return self.words[-1] if self.words else ""

    @property
    def even(self) -> str:
        """The last sentence without marks."""
        return " ".join(self.sentence)

    @property
    def asks(self) -> bool:
        return self.text.endswith("?")

    @property
    def trails(self) -> bool:
        return self.text.endswith(_TRAILS)

    @property
    def is_open(self) -> bool:
        """Does it end with a word with which nobody ends?"""
        if self.asks:
            return self.last in self.own.open_always
        return self.last in self.own.open and not self.own.closed.search(self.even)

    @property
    def is_question(self) -> bool:
        if self.asks or (len(self.sentence) > 3 and self.sentence[0] in self.own.asking):
            return True
        return bool(self.own.inverted.search(self.even))

    @property
    def asks_for_what_is_named(self) -> bool:
        """ "What size do I need?": the verb at the end has its object, in front of it."""
        first, *others = self.sentence
        if self.own.only_announces.search(self.text):
            return False
        return first in self.own.asking - self.own.helping and any(word in self.own.helping for word in others[:3])

    @property
    def is_mail(self) -> bool:
        if self.own.mail.search(self.text):
            return True
        return self.expected.kind == "email" and self.words[0] not in self.own.no_mail

    @property
    def is_yes_or_no(self) -> bool:
        return self.expected.kind == "yesno" and bool(self.own.yes_or_no.match(self.text))

    @property
    def answers(self) -> bool:
        return self.expected.kind in ("name", "date") or self.is_yes_or_no

    @property
    def value(self) -> list[str]:
        """The words of an answer, without the "it's" before them."""
        return _words(self.own.before_a_name.sub("", self.text)) or self.words


def _digits_open(said: _Said) -> bool:
    own = said.own
    is_number = said.last.isdigit() or said.last in own.digits or said.last in own.pairs or said.last in own.numbers
    if said.expected.kind == "date" or not is_number or (said.words[-2:-1] and said.words[-2] in own.before_a_time):
        return False
    return said.expected.kind == "number" or said.digits >= 2


def _half(said: _Said) -> bool:
    return said.expected.kind == "name" and len(said.value) < 2


_RULES: tuple[tuple[str, Tier, Callable[[_Said], bool]], ...] = (
    ("no_words", "more", lambda said: not said.words),
    ("digits_complete", "over", lambda said: said.digits == said.expected.count),
    ("digits_too_many", "unknown", lambda said: bool(said.expected.count) and said.digits > (said.expected.count or 0)),
    ("email_complete", "over", lambda said: said.is_mail and bool(said.own.mail_ends.search(said.text))),
    (
        "yes_or_no",
        "over",
        lambda said: said.is_yes_or_no and not said.trails,
    ),
    ("digits_missing", "more", lambda said: bool(said.expected.count)),
    ("email_open", "more", lambda said: said.is_mail),
    ("open_word", "more", lambda said: said.is_open),
    ("lead_in", "more", lambda said: bool(said.own.leads_in.search(said.text)) and not said.asks_for_what_is_named),
    ("digits_many", "unknown", lambda said: _digits_open(said) and said.digits >= _WHOLE_NUMBER),
    ("digits_open", "more", _digits_open),
    ("spelled", "more", lambda said: len(said.words) > 2 and all(len(word) == 1 for word in said.words[-3:])),
    ("half_a_name", "more", lambda said: _half(said) and said.trails),
    ("half_a_name", "unknown", _half),
    ("answer", "unknown", lambda said: said.trails and said.answers),
    ("answer", "over", lambda said: said.expected.kind in ("name", "date")),
    ("comma", "more", lambda said: said.trails),
    (
        "question_begun",
        "more",
        lambda said: said.is_question and said.sentence[0] in said.own.helping and len(said.sentence) < 3,
    ),
    ("verb_missing", "more", lambda said: bool(said.own.verb_missing.search(said.text))),
    (
        "half_a_sentence",
        "more",
        lambda said: bool(said.own.lacking.match(said.even) or said.own.clause.match(said.text)),
    ),
    ("question_short", "unknown", lambda said: bool(said.own.perhaps.match(said.even))),
    (
        "question_short",
        "unknown",
        lambda said: said.is_question and said.sentence[0] in said.own.helping and len(said.sentence) < 4,
    ),
    ("question_short", "unknown", lambda said: said.is_question and len(said.words) < 3),
    ("question", "over", lambda said: said.is_question),
    ("greeting", "more", lambda said: said.expected.kind != "yesno" and bool(said.own.greeting.match(said.text))),
    ("request", "unknown", lambda said: bool(said.own.wants.search(said.even))),
    ("statement", "unknown", lambda said: True),
)
REASONS = frozenset(name for name, _, _ in _RULES)


def tier(text: str, expected: Expected, language: str = "") -> tuple[Tier, str]:
    """How likely these words are the whole turn, and the name of the rule that says so."""
    text = text.strip()
    own = lists(language)
    # "Would you mind telling me, hired?" is what an ear makes of the beginning of a next word
    if (begun := _ONE_MORE.match(text)) and begun[2].lower() not in own.polite:
        level, name = _sorted(f"{begun[1]}?", expected, own)
        if name in _ANNOUNCED:
            return level, name
    return _sorted(text, expected, own)


def _sorted(text: str, expected: Expected, own: TurnLists) -> tuple[Tier, str]:
    sentence = _without_openers(_words(_without_clause(_SENTENCE.split(text)[-1], own)), own)
    said = _Said(text, _words(text), sentence or [""], digits(text, own), expected, own)
    return next((level, name) for name, level, fits in _RULES if fits(said))


def _without_clause(sentence: str, own: TurnLists) -> str:
    """ "If I buy it today, do I get": what is asked or told behind a clause that leads to it."""
    clause, _, rest = sentence.partition(",")
    first = _without_openers(_words(clause), own)[:1]
    return rest if _words(rest) and first and first[0] in own.clause_opens else sentence


def _without_openers(sentence: list[str], own: TurnLists) -> list[str]:
    place = next((place for place, word in enumerate(sentence) if word not in own.openers), len(sentence))
    return sentence[place:] or sentence


def digits(text: str, own: TurnLists) -> int:
    """How many digits were said: "double five" is two, "555-0198" seven, "fifteen" two."""
    count, times = 0, 1
    for word in re.findall(r"[^\W_]+", text.lower()):
        if word in own.times:
            times = own.times[word]
            continue
        if word.isdigit():
            count += len(word) * (times if len(word) == 1 else 1)
        elif word in own.digits:
            count += times
        elif word in own.pairs:
            count += 2
        times = 1
    return count


def _words(text: str) -> list[str]:
    return words(text.replace("-", " "))
