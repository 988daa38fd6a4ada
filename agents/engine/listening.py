"""Phrases that show that somebody listens, as whole phrases: "to know" alone wants something, "good to know" does not.

Looked for anywhere in what was said over the agent's voice; what is left of it may still want something.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher


def _phrases(*ways: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w'])(?:" + "|".join(ways) + r")(?![\w'])", re.IGNORECASE)


_GOOD = (
    r"(?:good|great|fine|nice|perfect|lovely|cool|wonderful|interesting|amazing|helpful|clear|brilliant|excellent"
    r"|fantastic|awesome|super|sweet|reasonable|fair(?: enough)?|true|correct|right|all ?right|okay|neat|handy)"
)
ENGLISH = _phrases(
    r"(?:(?:that|it|this)(?:'s| is| sounds| looks| would be)|sounds|looks)"
    rf"(?: (?:all|so|very|really|pretty|quite|just|actually|totally))* {_GOOD}",
    r"(?:(?:that|it|this) )?(?:makes?|making)(?: (?:a lot of|total|perfect))? sense",
    r"good (?:to know|idea|stuff|one|point)|fair (?:enough|point)|no (?:problem|worries)|not bad|all good|very well",
    r"(?:all ?right|okay|fine|right|good) then",
    r"i (?:see|understand|get it|got it|hear you|bet|thought so)|(?:that's )?(?:what|as) i thought",
    r"sure thing|you bet|is that so|oh my(?: god| goodness)?|thank you so much|thanks (?:so much|a lot)|many thanks",
    r"gotcha|understood|absolutely|definitely|indeed|certainly|naturally|yay|amen",
    rf"{_GOOD}",
)
_GUT = (
    r"(?:gut|super|toll|prima|schön|klasse|perfekt|wunderbar|hervorragend|großartig|interessant|klar|richtig|fein|nett"
    r"|spitze|okay|praktisch|logisch|fair|hilfreich|ausgezeichnet)"
)
GERMAN = _phrases(
    r"(?:(?:das|es) )?(?:ist|klingt|wäre|hört sich|passt|geht)"
    rf"(?: (?:ja|doch|aber|sehr|mir|so|dann|echt|wirklich))* {_GUT}(?: an)?",
    r"(?:das )?(?:passt|stimmt|geht klar|leuchtet(?: mir)? ein)(?: (?:ja|so|schon|gut|mir))*",
    r"(?:das )?(?:macht|ergibt|hat) sinn|gut zu wissen|gute idee|(?:geht )?in ordnung|nicht schlecht",
    r"kein (?:problem|ding|thema)|keine sorge|alles (?:klar|gut)|na (?:gut|klar|ja|dann)|ist (?:gut|okay|recht)",
    r"(?:ich )?(?:verstehe|versteh|verstanden)(?: ich)?(?! (?:sie|das|kein|nicht))|hab(?:e)? ich verstanden",
    r"dachte ich(?: mir)?|vielen dank|danke (?:schön|sehr)|ach was|so ist das|ach du meine güte|aber (?:sicher|klar)",
    r"selbstverständlich|absolut|definitiv|sehr wohl|durchaus",
    rf"{_GUT}",
)

# What is said most often, to tell what an ear has made of it: "all like them", "alis klaar"
ENGLISH_SAID = (
    "all right then",
    "all right okay",
    "fair enough",
    "good to know",
    "i see okay",
    "i understand",
    "makes sense",
    "of course",
    "oh interesting",
    "oh really",
    "okay great",
    "okay i see",
    "okay thanks",
    "sounds good",
    "sure thing",
    "that makes sense",
    "that's fine",
    "that's good",
    "that's great",
    "understood",
    "very good",
    "wonderful",
    "yeah okay",
    "yeah sure",
)
GERMAN_SAID = (
    "ach so",
    "alles klar",
    "das ist gut",
    "das klingt gut",
    "gut zu wissen",
    "ich verstehe",
    "in ordnung",
    "interessant",
    "ja genau",
    "ja okay",
    "klingt gut",
    "natürlich",
    "sehr gut",
    "verstanden",
    "wunderbar",
)
_LIKE = 0.75  # of the letters in common, and in order
_MOST_WORDS = 3


def sounds_like(text: Sequence[str], phrases: Sequence[str]) -> bool:
    """Are these few words nearly one of the phrases?"""
    said = " ".join(text)
    return len(text) <= _MOST_WORDS and any(SequenceMatcher(None, said, each).ratio() >= _LIKE for each in phrases)
