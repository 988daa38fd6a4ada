"""Is it a question that the visitor asks in the middle of a flow, and no answer to what was asked?

By its form alone: a question word, or a verb before its subject, behind whatever leads up to it ("hang on, by the way …").
"""

import re

_LEADS = (
    r"^\W*(?:(?:and|but|so|um|uh|er|well|okay|ok|oh|ah|hm+|hang on|hold on|wait(?: a (?:sec\w*|moment|minute))?|just a (?:sec\w*|moment|minute)"
    r"|one (?:sec\w*|moment|thing)|sorry|excuse me|by the way|(?:a |one |just (?:a |one )?)?(?:quick |more |other |last )*question|before (?:that|we go on|i forget)"
    r"|actually|can i (?:just )?ask|may i ask|und|aber|also|äh+m?|ach|moment|eine sekunde|sagen sie(?: mal)?|sag mal|übrigens|(?:noch )?(?:eine )?(?:kurze |andere )*frage"
    r"|vorher|entschuldigung|halt|warten sie|noch (?:was|etwas)|nur|mal|darf ich (?:kurz )?fragen)\b[\W]*)*"
)
_WORDS = re.compile(
    _LEADS
    + r"(?:what|what's|when|when's|where|where's|who|who's|which|how|how's|why|was|wann|wo|wohin|wer|wie|wieviel|welche\w*|warum|wieso|weshalb)\b",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    _LEADS
    + r"(?:(?:do|does|did|is|are|was|were|will|would|can|could|may|must|should|have|has|am|don't|isn't|aren't|can't)\s+"
    r"(?:i|we|you|they|he|she|it|there|that|this|the|my|your|our|any\w*|some\w*|people|pets|dogs|children|kids|parking|payment|all|these|those|also|\w+ (?:included|extra|free|possible|allowed|available|okay|ok|needed|required|necessary|expensive|far|open))\b"
    r"|(?:darf|dürfen|kann|können|könnte\w*|muss|müssen|soll\w*|haben|hat|habt|gibt|gibt's|ist|sind|seid|nehmen|nehmt|machen|macht|bieten|brauche|wird|werden|geht"
    r"|kostet|kosten|verkaufen|liefern|bekomme|kriege|kommt|kommen|dauert|steht|stehen|liegt|bringen|spricht|sprechen|akzeptieren)\s+"
    r"(?:ich|sie|wir|man|es|er|ihr\w*|mein\w*|unser\w*|das|die|der|den|dem|ein\w*|da|dort|dann|bei|auch|eigentlich|denn|kinder|hunde|tiere|alle|jemand|irgend\w*|\w+ (?:inklusive|inbegriffen|extra|dabei|kostenlos|möglich|erlaubt|nötig|teuer|weit))\b)",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    _LEADS
    + r"(?:(?:can|could|may|would|might)\b.*\b(?:have|get|sit|be|bring|put|make|reserve|prepare|please|possible|send|take)"
    r"|(?:können|könnte\w*|kann|dürfe\w*|würde\w*|wäre\w*|ginge|geht)\b.*\b(?:haben|bekommen|sitzen|bringen|stellen|machen|möglich|bitte))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:by the way|eigentlich|übrigens)\b|\?\W*$", re.IGNORECASE)
_PROPOSES = re.compile(
    r"\b(?:what|how) about\b|\bwie (?:wäre|wär|ist)(?:'s| es)? (?:mit|am|um)\b|\bwas ist mit\b|\bwhy not\b"
    r"|\b(?:can|could|may|shall|would) (?:i|we|you) (?:please |maybe |just )?(?:come|pop|drop|do|arrive|make it|say|manage|squeeze|fit)\b"
    r"|\b(?:kann|könnte|können|könnten|dürfte|würde) (?:ich|wir|sie)\b.*\b(?:kommen|vorbeikommen|vorbeischauen)\b",
    re.IGNORECASE,
)

_ABOUT = re.compile(
    _LEADS
    + r"(?:how (?:long|much|many|far|big|do|does|is|are|can|will|would)|why|when (?:do|does|is|are|can|will)|where (?:do|does|is|are|can)"
    r"|what (?:is|are|does|do|will|would)|what's|wie (?:lange|viel\w*|teuer|groß|weit|geht|ist|läuft)|warum|wieso|wann (?:ist|sind|kann|gibt)|was (?:ist|kostet|kosten|bedeutet|heißt))\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:how (?:much|many|long|late|often)|what|which|where|why|who|know|tell me"
    r"|wie (?:viel\w*|lange|oft|teuer)|was|wo|welche\w*|warum|wer|wissen|sagen)\b",
    re.IGNORECASE,
)

_FOR_OPTIONS = re.compile(
    _LEADS
    + r"(?:what (?:have you got|do you (?:have|offer|do)|are (?:the|my) (?:options|choices)|is there(?: to choose from)?|can i (?:choose|pick|have)(?: from)?|choices do i have|kinds?(?: of \w+)? (?:do you have|are there|have you got))"
    r"|(?:which|what) (?:\w+ )?(?:do you (?:have|do|offer)|have you got|are there|can i (?:choose|pick|have)(?: from)?)"
    r"|was (?:haben sie|gibt es|gibt's|gäbe es|bieten sie(?: an)?|steht zur auswahl|kann ich (?:wählen|nehmen))|welche(?: \w+)? (?:haben sie|gibt es|gibt's|bieten sie(?: an)?)"
    r"|(?:can|could) you (?:list|tell me|read) (?:them|the options|the choices)(?: again| out)?|was gibt es (?:da|denn)(?: so)?)(?: (?:then|there|denn|da|so|alles|zur auswahl|again|please|all))*\W*$",
    re.IGNORECASE,
)


def for_options(text: str) -> bool:
    """Is it asked what there is to choose from?"""
    return bool(_FOR_OPTIONS.match(text))


def is_request(text: str) -> bool:
    """Is it a wish in the form of a question: "Could we have a quiet corner?" """
    return bool(_REQUEST.match(text))


def about_options(text: str) -> bool:
    """Is something asked about what could be chosen: "how long does the refund take"? It is not chosen by that."""
    return with_word(text) and bool(_ABOUT.match(text))


def with_word(text: str) -> bool:
    """Is it a question with a question word, and no proposal ("How about Tuesday?")?"""
    return bool(_WORDS.match(text)) and not _PROPOSES.search(text)


def within(text: str) -> bool:
    """Is something asked anywhere in it: "I'd like a service, how much is that"?"""
    return bool(_WITHIN.search(text))


def of_any_form(text: str) -> bool:
    """Is it a question of whatever form, and no proposal?"""
    return bool(_WORDS.match(text) or _INVERTED.match(text) or _ASIDE.search(text)) and not _PROPOSES.search(text)
