"""What the words of a turn say about its end: over, more to come, or not to be told. English; every list is short.

Checked against 411 utterances with marked pauses (`python -m bench turns`). A full stop at the end says nothing:
the ear puts one behind most texts that are cut. A comma or a question mark does. The first rule that fits counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agents.engine.expectation import Expected
from agents.speech.words import FILLERS, words

Tier = Literal["over", "unknown", "more"]

# Words with which nobody ends a sentence
_OPEN = FILLERS | frozenset(
    "and or but because so if then than the a an to of for my your our his her their with from at in on is are was were"
    " which like also plus about whether until when as by not i we it's its i'm".split()
)
_DIGITS = {word: place for place, word in enumerate("zero one two three four five six seven eight nine".split())}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_NUMBERS = frozenset(
    [*_DIGITS, *_TEENS, *"oh o twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double".split()]
)
_TIMES = {"double": 2, "triple": 3}
_ASKING = frozenset(
    "what when where who why how which can could do does did is are will would may should have has am any".split()
)
_HELPING = frozenset("can could do does did is are will would may should have has am isn't aren't don't".split())
_TRAILS = (",", "-", "–", "—", "...", "…", ":")
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|okay|ok|well|right|great|thanks|thank you"
    r"|thanks for (?:that|your help)|so|there|good|all right|alright|sure|fine|i'm sorry|i am sorry|sorry|excuse me"
    r"|hmm+|um+|uh+)\W*)+$",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|no|nope|nah|sure|correct|right|exactly|not really|of course|please|thanks|okay|mhm|uh-huh"
    r"|that's right)\W*)+$",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"\b(?:(?:like|want|wanted|need|love) to (?:know|ask|say|find out)|wondering|i mean|let me see"
    r"|(?:my|the|one) (?:question|problem|thing|issue) is)\W*$",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(r"^(?:(?:it's|it is|my name is|i'm|i am|this is|yes|sure|okay)\W+)+", re.IGNORECASE)
_MAIL = re.compile(r"\bunderscore\b|\bdot\b|@|\w\.(?:com|org|net)\b", re.IGNORECASE)
_MAIL_ENDS = re.compile(r"(?:\bdot|\.)\s?(?:com|org|net|edu|nl|de|uk|fr|es|it|io|eu|info)\W*$", re.IGNORECASE)
_NO_MAIL = frozenset("i no sorry what can do why but that".split())  # how people begin who give no address
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_WHOLE_NUMBER = 10  # digits from which a telephone number may be complete


@dataclass(frozen=True, slots=True)
class _Said:
    """A turn's words, looked at once."""

    text: str
    words: list[str]
    sentence: list[str]  # words of the last sentence
    digits: int
    expected: Expected

    @property
    def last(self) -> str:
        return self.words[-1] if self.words else ""

    @property
    def asks(self) -> bool:
        return self.text.endswith("?")

    @property
    def trails(self) -> bool:
        return self.text.endswith(_TRAILS)

    @property
    def is_question(self) -> bool:
        return self.asks or (len(self.sentence) > 3 and self.sentence[0] in _ASKING)

    @property
    def is_mail(self) -> bool:
        if _MAIL.search(self.text):
            return True
        return self.expected.kind == "email" and self.words[0] not in _NO_MAIL

    @property
    def is_yes_or_no(self) -> bool:
        return self.expected.kind == "yesno" and bool(_YES_OR_NO.match(self.text))

    @property
    def answers(self) -> bool:
        return self.expected.kind in ("name", "date") or self.is_yes_or_no

    @property
    def value(self) -> list[str]:
        """The words of an answer, without the "it's" before them."""
        return _words(_BEFORE_A_NAME.sub("", self.text)) or self.words


def _digits_open(said: _Said) -> bool:
    if said.expected.kind == "date" or not (said.last.isdigit() or said.last in _NUMBERS):
        return False
    return said.expected.kind == "number" or said.digits >= 2


def _half(said: _Said) -> bool:
    return said.expected.kind == "name" and len(said.value) < 2


_RULES: tuple[tuple[str, Tier, Callable[[_Said], bool]], ...] = (
    ("no_words", "more", lambda said: not said.words),
    ("digits_complete", "over", lambda said: said.digits == said.expected.count),
    ("digits_too_many", "unknown", lambda said: bool(said.expected.count) and said.digits > (said.expected.count or 0)),
    ("email_complete", "over", lambda said: said.is_mail and bool(_MAIL_ENDS.search(said.text))),
    (
        "yes_or_no",
        "over",
        lambda said: said.is_yes_or_no and not said.trails,
    ),
    ("digits_missing", "more", lambda said: bool(said.expected.count)),
    ("email_open", "more", lambda said: said.is_mail),
    ("open_word", "more", lambda said: said.last in _OPEN and not said.asks),
    ("lead_in", "more", lambda said: bool(_LEADS_IN.search(said.text))),
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
        lambda said: said.is_question and said.sentence[0] in _HELPING and len(said.sentence) < 3,
    ),
    (
        "question_short",
        "unknown",
        lambda said: said.is_question and said.sentence[0] in _HELPING and len(said.sentence) < 4,
    ),
    ("question", "over", lambda said: said.is_question),
    ("greeting", "more", lambda said: said.expected.kind != "yesno" and bool(_GREETING.match(said.text))),
    ("statement", "unknown", lambda said: True),
)
REASONS = frozenset(name for name, _, _ in _RULES)


def tier(text: str, expected: Expected) -> tuple[Tier, str]:
    """How likely these words are the whole turn, and the name of the rule that says so."""
    text = text.strip()
    sentence = _words(_SENTENCE.split(text)[-1])
    said = _Said(text, _words(text), sentence or [""], digits(text), expected)
    return next((level, name) for name, level, fits in _RULES if fits(said))


def digits(text: str) -> int:
    """How many digits were said: "double five" is two, "555-0198" seven, "fifteen" two."""
    count, times = 0, 1
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word.isdigit():
            count += len(word) * (times if len(word) == 1 else 1)
        elif word in _DIGITS or word in ("oh", "o"):
            count += times
        elif word in _TEENS:
            count += 2
        times = 1
    return count


def _words(text: str) -> list[str]:
    return words(text.replace("-", " "))
