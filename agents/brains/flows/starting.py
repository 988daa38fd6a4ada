"""What begins a flow: the words of one of its examples, whatever is said around them, or values that it collects."""

import re
from collections.abc import Iterable
from datetime import datetime

from agents.brains.flows import questions
from agents.brains.flows.filling import Filling
from agents.brains.flows.plan import Flow
from agents.brains.word_signs import stem
from agents.speech.words import words

_SMALL = frozenset(
    "a an the i i'd i'm we we'd my me our you your to for of in on at it is be can could would will want wants wanted need needs"
    " like have has get make do does please some any and or with that this there should so us"
    " ein eine einen einem einer der die das den dem ich wir sie mein meine meinen mir mich uns ihr ihre zu für von im in am an auf"
    " es ist sein kann können könnte könnten würde würden möchte möchten will wollen brauche brauchen hätte hätten gern gerne haben"
    " habe hat noch bitte und oder mit soll sollen werden wird bekommen machen".split()
)
_REQUESTS = re.compile(
    r"\b(?:want|need|like|love|book|reserve|order|get|can i|can we|could i|could we|could you|can you|do you have|have you got|looking for|hoping|please"
    r"|möchte\w*|brauche\w*|würde\w*|hätte\w*|gern\w*|bitte|kann ich|können (?:sie|wir|ich)|könnte\w*|haben sie|habt ihr|will)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:cancel\w*|call(?:ed)? off|postpone|absag\w*|stornier\w*|verschieb\w*|abbestell\w*|not|don't|nicht|kein\w*|already|bereits|schon)\b",
    re.IGNORECASE,
)


def begun_by(text: str, flows: Iterable[Flow]) -> str:
    """The flow one of whose examples is in the text, word for word and in whatever order; the one with most words.
    None where something is asked, or is to be undone, or was done before: unless that is what the flow is for."""
    said = {stem(word) for word in words(text)}
    if questions.with_word(text) or not _REQUESTS.search(text):
        return ""
    otherwise = bool(_OTHERWISE.search(text))
    found: tuple[int, str] = (0, "")
    for flow in flows:
        for example in (*flow.starts, flow.name):
            telling = {stem(word) for word in words(example) if word not in _SMALL}
            if telling and telling <= said and flow.steps and (not otherwise or _OTHERWISE.search(example)):
                found = max(found, (len(telling), flow.name), key=lambda one: one[0])
    return found[1]


def requests(text: str) -> bool:
    """Is something wanted? Not asked about, not to be undone."""
    return bool(_REQUESTS.search(text)) and not questions.within(text) and not _OTHERWISE.search(text)


def has_values(text: str, flow: Flow, language: str, now: datetime) -> bool:
    """Is something said that the flow asks for?"""
    return bool(Filling(flow, language, now).fill(text, {}, None).values)
