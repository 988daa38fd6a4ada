"""What people say to anybody: hello, thanks, goodbye, "say that again". Clear rules, no model.

A rule holds only when the whole utterance is made of such words: "Thanks, and when do you close?" stays a question. The
words are in small_talk_words.py; a language without any is understood as English.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.brains.small_talk_words import BY_LANGUAGE
from agents.speech.words import words

LONGEST_WORDS = 16  # more than this is never small talk (and keeps the rules' work small)
LONGEST_REQUEST_WORDS = 60  # of a request for somebody that are looked at
_FIRST = {"first", "former", "erste", "ersten", "ersteres"}
_SECOND = {"second", "latter", "last", "other", "zweite", "zweiten", "letzte", "letzteres", "andere", "anderen"}


def _any(*lists: list[str]) -> str:
    every = sorted({phrase for phrases in lists for phrase in phrases}, key=len, reverse=True)
    return "|".join(re.escape(phrase) for phrase in every)


def _made_of(wanted: list[str], *others: list[str]) -> re.Pattern[str]:
    """Nothing but these phrases, at least one of `wanted` among them."""
    around = f"(?:(?:{_any(*others, wanted)}) )*"
    return re.compile(f"^{around}(?:{_any(wanted)}) {around}$")


def _one_of(patterns: list[str], *others: list[str]) -> re.Pattern[str]:
    """One of the patterns, with nothing but the other phrases around it."""
    around = f"(?:(?:{_any(*others)}) )*"
    return re.compile(f"^{around}(?:{'|'.join(patterns)}) {around}$")


@dataclass(frozen=True, slots=True)
class _Rules:
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    missed: re.Pattern[str]
    no_first: re.Pattern[str]
    greeting_first: re.Pattern[str]
    corrected: re.Pattern[str]
    other: re.Pattern[str]
    more: re.Pattern[str]
    human_about: re.Pattern[str]
    complains: re.Pattern[str]
    able: re.Pattern[str]
    opens: re.Pattern[str]
    leaves: re.Pattern[str]


@lru_cache(maxsize=8)
def _rules(language: str) -> _Rules:
    said = BY_LANGUAGE.get(language.split("-")[0].lower(), BY_LANGUAGE["en"])
    polite = [*said.padding, *said.hello, *said.excuses]
    return _Rules(
        kinds=(
            ("goodbye", _made_of(said.bye, said.thanks, said.padding, said.hello, said.bye_too)),
            ("thanks", _made_of(said.thanks, said.padding, ["yes", "yeah", "no", "i see", "i understand", "and"])),
            ("repeat", _one_of(said.repeat, polite, said.thanks)),
            ("robot", _one_of(said.robot, polite)),
            ("human", _one_of(said.human, polite)),
            ("who", _one_of(said.who, polite, ["and", "und"])),
            ("stop", _made_of(said.stop, said.padding, said.thanks, ["no", "yes", "sorry", "i'm sorry"])),
            ("hello", _made_of(said.hello, said.padding, ["and", "yes"])),
        ),
        yes=_made_of(said.yes, said.padding, said.thanks),
        no=_made_of(said.no, said.padding, said.thanks, said.no_too),
        missed=_one_of(said.missed, polite, said.no, said.no_too),
        no_first=re.compile(said.no_first, re.IGNORECASE),
        greeting_first=re.compile(rf"^(?:\W*(?:{_any(said.openers)})\b)+[\s,.;:!?-]*", re.IGNORECASE),
        corrected=re.compile(said.corrected, re.IGNORECASE),
        other=re.compile(said.other, re.IGNORECASE),
        more=re.compile(said.more, re.IGNORECASE),
        complains=re.compile(said.complains, re.IGNORECASE),
        able=_one_of(said.able, polite, ["and", "und"]),
        opens=_one_of(said.opens, polite, ["and", "und"]),
        human_about=re.compile(f"^(?:(?:{_any(polite)}) )*(?:{'|'.join(said.human_about)})"),
        leaves=re.compile(rf"(?:^| )(?:{_any(said.bye)}) (?:(?:{_any(said.padding, said.thanks, said.bye_too)}) )*$"),
    )


def kind(text: str, language: str = "en") -> str:
    """ "goodbye", "thanks", "repeat", "robot", "human", "who", "stop" or "hello"; "" when there is more to it."""
    plain = _plain(text)
    return next((name for name, rule in _rules(language).kinds if rule.match(plain)), "") if plain else ""


def human_about(text: str, language: str = "en") -> bool:
    """Is somebody asked for, with what it is about? "I'd like to speak to the manager about my bill"."""
    return bool(_rules(language).human_about.match(" ".join([*words(text)[:LONGEST_REQUEST_WORDS], ""])))


def leaves(text: str, language: str = "en") -> bool:
    """Does it end with a goodbye, whatever was said before it?"""
    return bool(_rules(language).leaves.search(" ".join(words(text)) + " "))


def opening(text: str, language: str = "en") -> str:
    """ "able": what can be asked here is asked; "opens": a question is announced; "" for anything else."""
    plain, rules = _plain(text), _rules(language)
    return "able" if rules.able.match(plain) else "opens" if rules.opens.match(plain) else ""


def complains(text: str, language: str = "en") -> bool:
    """Is somebody angry or disappointed, whatever about?"""
    return bool(_rules(language).complains.search(text))


def yes_or_no(text: str, language: str = "en") -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    plain = _plain(text)
    if not plain:
        return None
    if _rules(language).no.match(plain):
        return False
    return True if _rules(language).yes.match(plain) else None


def only_thanks(text: str, language: str = "en") -> bool:
    """Is it a thank-you with an "okay" or a "right" at most, and no yes?"""
    said = BY_LANGUAGE.get(language.split("-")[0].lower(), BY_LANGUAGE["en"])
    return kind(text, language) == "thanks" and not set(words(text)) & set(said.yes_itself)


def declines(text: str, language: str = "en") -> bool:
    """Is it a "no thanks": a no to anything more, and to nothing that was said?"""
    return yes_or_no(text, language) is False and kind(without_no(text, language), language) == "thanks"


def missed(text: str, language: str = "en") -> bool:
    """Is this "that is not what I asked", with nothing said of what was?"""
    plain = _plain(text)
    return bool(plain and _rules(language).missed.match(plain))


def without_no(text: str, language: str = "en") -> str:
    """The rest of "No, I mean …"."""
    return _rules(language).no_first.sub("", text, count=1)


def corrected(text: str, language: str = "en") -> str:
    """What was meant, in "No, I meant the season pass"; "" where nothing is corrected."""
    match = _rules(language).corrected.match(text)
    rest = text[match.end() :].strip() if match else ""
    return rest if words(rest) else ""


def without_greeting(text: str, language: str = "en") -> str:
    """The question without the "Hello, um," in front of it; the whole text where nothing else is left."""
    rest = _rules(language).greeting_first.sub("", text, count=1)
    return rest if words(rest) else text


def other(text: str, language: str = "en") -> bool:
    """Is this "the other one"?"""
    return bool(_rules(language).other.match(text))


def more(text: str, language: str = "en") -> bool:
    """Is this "tell me more"?"""
    return bool(_rules(language).more.match(text))


def both(text: str) -> bool:
    return bool({"both", "beide", "beides"} & set(words(text)))


def ordinal(text: str) -> int | None:
    """Which of two: 0 for "the first one", 1 for "the second" or "the latter"."""
    said = set(words(text))
    if len(said) > 6:
        return None
    first, second = bool(said & _FIRST), bool(said & _SECOND)
    return None if first == second else int(second)


def _plain(text: str) -> str:
    """The words with a space after each, as the rules want them; "" for what is too long to be small talk."""
    said = words(text)
    return " ".join([*said, ""]) if len(said) <= LONGEST_WORDS else ""
