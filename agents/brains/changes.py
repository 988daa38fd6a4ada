"""Something that was agreed upon is to be changed or called off: "I can't make it tonight", "ich muss absagen".

Such a sentence tells the day and the thing, and hardly ever a word of the topic that it is about. So the topic or the
flow on changing and cancelling is looked for by its own words; where there is none, somebody has to be told.
"""

import re
from collections.abc import Sequence

from agents.brains.snapshot import TopicSnapshot
from agents.speech.words import words

_WORDS_MOST = 30
_BOOKED = r"(?:appointment|booking|reservation|time|date|day|slot|lesson|visit|stay|table|class|session|course)"
_WANTED = re.compile(
    r"\b(?:(?:can't|cannot|can not|won't be able to|will not be able to|won't|couldn't|not going to be able to|unable to|not able to) (?:actually |really |now )?(?:make it|come|attend|be there|get there|keep (?:my|our|the|that))\b(?! to know)"
    r"|(?:not|isn't) going to make it|(?:won't|will not) make it|can't (?:do|manage) (?:today|tonight|tomorrow|this|that|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    rf"|(?:have|need|want|like|got|going|hoping|trying|wanted|forced) to (?:cancel|call off|call it off|reschedule|rebook|postpone|(?:move|change|push back|swap|shift) (?:(?:it|that|this)\b|(?:my|our|the) (?:\w+ )?{_BOOKED}))\b"
    rf"|(?:can|could|may) (?:i|we|you) (?:please |still )?(?:cancel|reschedule|rebook|postpone|(?:move|change|swap|shift) (?:my|our|the) (?:\w+ )?{_BOOKED})\b"
    r"|(?:please |just )cancel|cancel (?:my|our|the|that|it)\b|something(?:'s| has)? (?:come|came) up|(?:i'm|we're|i am|we are|i'll be|we'll be|running) (?:\w+ ){0,3}late\b(?!r)"
    r"|(?:schaff\w*|pack\w*) (?:es|das|'s) (?:\w+ ){0,4}nicht|(?:kann|können) (?:\w+ ){0,4}(?:doch |leider )?nicht (?:\w+ )?(?:kommen|dabei sein|wahrnehmen)|(?:termin|buchung|reservierung|stunde|kurs|bestellung) (?:\w+ ){0,3}(?:absagen|stornieren|verschieben|verlegen|umbuchen|ändern|canceln)"
    r"|(?:muss|müssen|möchte|möchten|will|wollen|würde|kann|können) (?:\w+ ){0,6}(?:absagen|stornieren|verschieben|umbuchen|verlegen)|(?:(?:ist|kam) (?:mir|uns)|(?:mir|uns) (?:ist|kam)) (?:\w+ )?(?:was|etwas) dazwischen\w*|bin (?:\w+ )?zu spät dran|verspäte mich)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:cancel\w*|call(?:ing)? off|reschedul\w*|rebook\w*|postpon\w*|no[- ]show|(?:chang\w*|mov\w*) (?:(?:a|an|my|your|the|of) )?(?:\w+ )?(?:appointments?|bookings?|reservations?|dates?|times?|lessons?|orders?)"
    r"|(?:can't|cannot) (?:come|make it|attend)|(?:be|am|are|being|running|arriv\w*|coming) late|lateness|verspät\w*|absag\w*|stornier\w*|verschieb\w*|umbuch\w*|verleg\w*|(?:termin|buchung|reservierung)\w* (?:\w+ )?ändern|terminänderung\w*|umbuchung\w*|nicht kommen)\b",
    re.IGNORECASE,
)


def wanted(text: str) -> bool:
    """Is something that was agreed upon to be changed or called off?"""
    return len(words(text)) <= _WORDS_MOST and bool(_WANTED.search(text))


def topics_about(topics: Sequence[TopicSnapshot]) -> list[int]:
    """The places of those that are on changing or cancelling: by name or example, else by what they say."""
    named = [place for place, topic in enumerate(topics) if _ABOUT.search(" . ".join((topic.name, *topic.samples)))]
    return named or [place for place, topic in enumerate(topics) if _ABOUT.search(topic.content)]
