"""What visitors tell of themselves without asking anything: "I've never done this", "ich schaue mich nur um".

A word that it shares with a topic ("clay") does not make it one. It gets a natural reaction, or the topic on newcomers where
there is one. Only where the whole utterance is such a sentence; what is asked, wanted or complained of is for others.
"""

import re
from collections.abc import Sequence
from typing import Literal

from agents.brains.flows import questions
from agents.brains.snapshot import TopicSnapshot
from agents.speech.words import words

Told = Literal["", "new", "so"]  # somebody for whom this is new; anything else that only needs to be heard
_WORDS_MOST = 16
_DONE = (
    r"(?:done|tried|touched|been|used|made|played|held|seen|taken|worked|driven|ridden|learned|learnt|sung|danced|painted|baked|cooked"
    r"|climbed|sailed|rowed|dived|skied|flown|sewn|knitted|booked|ordered|bought|called|visited|drawn|built|owned)"
)
_VERY = r"(?:(?:a|an|so|very|really|quite|rather|pretty|totally|completely|complete|absolute|absolutely|total|kind of|still|just|only|bit|little|of|also|actually|honestly) )*"
_NEW = re.compile(
    rf"\b(?:(?:i|we|my \w+|he|she)(?:'ve|'s| have| has)? (?:actually |really |honestly )?never (?:really |actually |even )?(?:{_DONE}\b|\w+ (?:\w+ )*(?:before|in (?:my|our) life)\b)"
    rf"|(?:i|we)(?:'ve| have)n't (?:ever |really )?{_DONE} .*\bbefore\b"
    rf"|(?:i'm|i am|we're|we are|he's|she's) {_VERY}(?:new to|new at|new here|newbies?\b|beginners?\b|novices?\b|amateurs?\b|inexperienced|clueless|not (?:very |that |so |really )?(?:good|experienced|talented|sporty))"
    r"|(?:i|we) (?:have|got|'ve got|have got) (?:no|zero|little|not much|hardly any) (?:experience|clue|talent)|(?:i|we) don't (?:really )?(?:have (?:any |much )?experience|know (?:anything|much|a thing|the first thing) about)"
    r"|(?:it's|it is|this is|it'll be|it will be|this'll be|this would be) (?:my|our|his|her) (?:very )?first (?:time|visit|go|attempt)|(?:i'm|i am) just starting|i(?:'ve)? (?:only )?just started"
    r"|ich hab(?:e)? (?:\w+ )*noch nie\b|wir haben (?:\w+ )*noch nie\b|ich war noch nie\b|wir waren noch nie\b"
    r"|ich bin (?:(?:noch|ganz|ein|eine|völlig\w*|absolut\w*|blutig\w*|total\w*|ziemlich|hier|da|in|auf|dem|gebiet|darin|damit|leider|auch|ja|noch) )*(?:neu\b|anfänger\w*|neuling|ungeübt|unerfahren|nicht (?:sehr |so |besonders )?(?:begabt|geübt|erfahren))"
    r"|ich kenne? mich (?:\w+ )*nicht (?:\w+ )?aus|ich hab(?:e)? (?:\w+ )*keine(?:rlei)? (?:erfahrung|ahnung)|(?:das|es) (?:ist|wäre|wird) (?:mein|unser) erstes mal|ich mache? das (?:heute )?zum ersten mal|ich fange? gerade erst an)",
    re.IGNORECASE,
)
_SO = re.compile(
    rf"^\W*(?:(?:oh|well|hi|hello|so|um|uh|okay|yes|and|hallo|also|ja|naja|ach|äh|ähm)\b\W*)*(?:(?:i'm|i am|we're|we are) {_VERY}(?:looking(?: around)?|browsing|curious|nervous|excited|scared|anxious|shy|thinking (?:about|of) it|passing by)"
    r"|i'm not sure yet|(?:i|we) (?:saw|found|heard of|heard about|read about) (?:you|your \w+)|(?:my|a) (?:good )?(?:friend|sister|brother|neighbou?r|wife|husband|colleague|mother|mum|mom|father|dad|daughter|son)(?: of mine)? (?:has )?(?:recommended|told me about|sent me)"
    r"|(?:i|we) live (?:nearby|around the corner|just down the road)|(?:i've|i have|we've|we have|i|we) (?:only )?just moved (?:here|in)"
    r"|ich (?:schaue?|gucke?|sehe?) mich (?:nur|erst ?mal|bloß) um|ich überlege? (?:noch|gerade)|ich bin (?:(?:noch|ein|so|sehr|ganz|etwas|ziemlich|bisschen|schon) )*(?:nervös|aufgeregt|gespannt|neugierig|unsicher|unschlüssig)"
    r"|(?:meine?|eine?) (?:freundin?|nachbarin?|kolleg\w+|schwester|bruder|mutter|vater|frau|mann)\w* hat (?:mir |mich |uns )?(?:von ihnen|sie|zu ihnen)|ich (?:habe? )?(?:ihre?|die) (?:anzeige|webseite|website|seite|werbung) gesehen|wir sind (?:gerade |neu )?hergezogen)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:by the way|übrigens|eigentlich)\b", re.IGNORECASE)
# A clause of the same sentence may still want something, or complain of it.
_WANTS = re.compile(
    r"\b(?:want|wanna|need|i'd|we'd|would|could|can|should|please|book|order|cancel|refund|money back|broken|received?|arrived?|delivered?|paid|invoice|wrong|help"
    r"|what|when|where|how|why|who|which|whether|if"
    r"|möchte\w*|will|wollen|brauche\w*|würde\w*|hätte\w*|könnte\w*|kann|können|soll\w*|bitte|buchen|bestellen|absagen|kaputt|bekommen|erhalten|geliefert|bezahlt|rechnung|hilfe"
    r"|was|wann|wo|wie|warum|wer|welche\w*|ob)\b",
    re.IGNORECASE,
)
_ON_NEWCOMERS = re.compile(
    r"\b(?:beginners?|novices?|newcomers?|new to|never (?:done|tried|been|used|made|played)|first[- ]tim\w*|first time|(?:no|prior|previous|any|some|without) (?:experience|knowledge)|experience (?:is )?(?:needed|required|necessary)"
    r"|anfänger\w*|neulinge?\w*|einsteiger\w*|neu hier|noch nie|erstes mal|zum ersten mal|vorkenntnis\w*|(?:keine|ohne|mit) (?:vor)?erfahrung\w*)\b",
    re.IGNORECASE,
)

_ASKS = re.compile(
    r"\b(?:wonder|ask|how|when|fragen|wie|wann)\b", re.IGNORECASE
)  # besides those anywhere in a question
_STATES = re.compile(
    r"^\W*(?:(?:but|and|well|because|so|yes|no|um|uh|aber|und|weil|also|ja|nein|naja|äh|ähm)\b\W*)*"
    r"(?:i|i'm|i've|i'd|it|it's|we|we're|we've|he|he's|she|she's|they|my|the|that|that's|this|there|there's"
    r"|ich|es|er|sie|wir|meine?|das|die|der|da)\b",
    re.IGNORECASE,
)


def on_newcomers(topics: Sequence[TopicSnapshot]) -> list[int]:
    """The places of the topics that are for whoever does something for the first time: by name, else by what they say."""
    named = [place for place, one in enumerate(topics) if _ON_NEWCOMERS.search(" . ".join((one.name, *one.samples)))]
    return named or [place for place, one in enumerate(topics) if _ON_NEWCOMERS.search(one.content)]


def told(text: str) -> Told:
    """What kind of statement it is; "" where it is none of these alone."""
    if len(words(text)) > _WORDS_MOST or questions.of_any_form(_ASIDE.sub(" ", text)):
        return ""
    found: Told = "new" if _NEW.search(text) else "so" if _SO.match(text) else ""
    return found if found and not _WANTS.search(text) else ""


def is_one(text: str) -> bool:
    """Does somebody tell something, of whatever kind, and ask nothing?"""
    asks = questions.of_any_form(text) or questions.within(text) or bool(_ASKS.search(text))
    return bool(_STATES.match(text)) and len(words(text)) > 1 and not asks
