"""What visitors say about the collecting itself: start again, go back, skip, never mind, what did you say."""

import re
from typing import Literal

from agents.brains import small_talk
from agents.brains.collecting import numerals
from agents.brains.collecting.tokens import clean, tokens
from agents.speech.words import FILLERS, words

Order = Literal["", "again", "back", "skip", "stop", "repeat"]
_WORDS_MOST = 9
_SHORT_WORDS, _NUMBERS_MOST = 10, 2
_PATTERNS: tuple[tuple[Order, str], ...] = (
    (
        "again",
        r"start (?:again|over|from the (?:start|beginning))|(?:begin|do it|do that|go) (?:again|over) from the beginning"
        r"|from the (?:beginning|top|start)|all over again|restart|(?:noch ?mal |wieder )?von vorne?(?: anfangen)?|neu anfangen"
        r"|noch ?mal neu|von anfang an",
    ),
    (
        "back",
        r"go back|(?:one )?step back|back(?: please)?$|back one|the (?:previous|last) (?:one|question)|previous question|zurück"
        r"|einen schritt zurück|vorige frage|die frage davor",
    ),
    (
        "skip",
        r"skip(?: (?:it|that|this))?|next (?:one|question)(?: please)?$|pass$|(?:i'd |i would )?(?:rather|prefer) not(?: to)?(?: say)?"
        r"|(?:let's )?leave (?:it|that) out|überspring\w*|weglassen|auslassen|nächste frage|(?:das )?(?:möchte|will) ich (?:lieber )?nicht (?:sagen|angeben|nennen|verraten)|(?:das )?sage ich nicht",
    ),
    (
        "stop",
        r"never ?mind|forget (?:it|about it)|cancel(?: (?:it|that|this))?|i(?:'ve| have)? changed my mind|stop(?: (?:it|that|this))?"
        r"|i don't want (?:to|it|that)(?: any ?more)?|vergiss es|vergessen sie(?: es| das)?|abbrechen|brechen sie(?: das)? ab|lassen wir(?: das)?"
        r"|doch nicht|schon gut|hat sich erledigt|hör auf|stopp?",
    ),
)
_COMPILED = tuple(
    (order, re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])", re.IGNORECASE)) for order, pattern in _PATTERNS
)
_AROUND = FILLERS | frozenset(
    "please can could we you i have got need i'd like to want let's let me just okay ok sorry no actually oh wait the this that it one"
    " question for now maybe hang on go my whole thing everything booking appointment order reservation time then again all"
    " bitte können könnten wir sie das ich möchte will gern gerne doch mal lieber ach nein einfach die frage jetzt noch einmal"
    " nochmal alles meinen meine termin bestellung reservierung nochmals kann man es ist ja gut also dann zurück".split()
)
_REPEATS = re.compile(
    r"^\W*(?:sorry\W+|pardon\W+)?(?:what did you (?:just )?(?:say|ask)|what was (?:that|the question)(?: again)?|say that again"
    r"|(?:can|could) you (?:please )?(?:say|repeat) (?:that|the question)(?: again)?(?: please)?|repeat (?:that|the question)|(?:which|what)(?: \w+)? (?:do|did|are) you (?:need|want|mean|asking|ask)(?: for| me)?|welche\w* \w+ (?:brauchen|meinen|wollen) sie|was meinen sie(?: damit)?|was haben sie gesagt"
    r"|was war die frage|wie war die frage|(?:können|könnten) sie die frage wiederholen)\W*$",
    re.IGNORECASE,
)
_NOS = frozenset("no none nothing nobody nope not without nein nichts keine keinen kein nö nee ohne".split())
_ABOUT_NONE = frozenset(
    "special particular else really at more any there is are have i've got for us thanks thank besondere besonderen besonderes weiter"
    " weitere weiteren sonst mehr haben habe hab danke eigentlich gibt uns es ist dabei".split()
)
_NONE = re.compile(
    r"^\W*(?:i don't think so|i think not|ich glaube?,? nicht|eher nicht|(?:no|nope|nah|nein|nee|nö|none|nothing|not really|no thanks|no thank you|nein danke|nichts|keine?n?s?)\b(?:[\s,.!]|nothing|thanks|thank you|else|more"
    r"|danke|weiter|mehr|that's everything|that is everything|that'll be everything|i'm (?:fine|good)|i think so|that's (?:fine|okay|all right)|keine wünsche|nicht dass ich wüsste|passt so|alles gut|that's all|that is all|that's it|that is it|that'll be all|das war's|das ist alles|sonst)*$|(?:i )?(?:have|got|there is|there's) (?:no|none|nothing)\b|(?:i )?(?:don't|do not) (?:have|want|know|use|need|own|do)\b"
    r"|no (?:e-?mail|phone|number|address|name|thanks|idea|preference|need)\b|not (?:needed|necessary|required)\b|(?:das ist |ist )?nicht (?:nötig|notwendig)\b|(?:das )?brauch\w* (?:ich|wir|es) nicht\b|keine?n? (?:e-?mail|nummer|telefon|adresse|ahnung|angabe)\w*\b"
    r"|(?:ich )?(?:habe|hab) (?:keine?n?|nichts)\b|weiß ich nicht|weiss ich nicht)",
    re.IGNORECASE,
)
# It is all the same to them.
_NO_MATTER = re.compile(
    r"^\W*(?:(?:no|oh|well|um|uh|i|it|it's|that's|really|nein|ach|äh|das|mir|ist|eigentlich|ja)\b\W*)*"
    r"(?:(?:doesn't|does not|don't|do not) (?:really )?(?:matter|mind|care)|not (?:bothered|fussed|fussy)|no(?:t any)? (?:particular )?preference|no matter|whoever|whichever|whatever you"
    r"|any(?:one|body) (?:is|will|would|who|at|you)|any(?:one|body)(?:'s| is)? (?:fine|okay|ok|good|free)|any(?:one|body)\W*$|any (?:of them|is fine|will do)|all the same|up to you|you (?:choose|decide|pick)|surprise me"
    r"|no(?:body| one) (?:special|specific|in particular)|not anyone in particular|egal|ist mir gleich|ganz gleich|wer (?:gerade|eben|da|frei|zeit)|irgendwer|irgendjemand|spielt keine rolle|keine? (?:präferenz|besondere\w*)|niemand(?:en)? (?:bestimmt\w*|besonder\w*))",
    re.IGNORECASE,
)
_LEAD = r"^\W*(?:(?:oh|ah|um|uh|er|hm+|well|okay|ok|ach|äh+m?|oje)\b\W*)*"
_TAKES_BACK = re.compile(
    _LEAD + r"(?:no|nope|sorry|wait|actually|nein|nee|halt|moment|doch|entschuldigung)\b", re.IGNORECASE
)
_WAITS = re.compile(
    _LEAD + r"(?:(?:wait|sorry|actually|hang on|moment|halt|warten sie|entschuldigung|doch)\b\W*)*", re.IGNORECASE
)
_DROPPED = re.compile(
    _LEAD
    + r"(?:never ?mind|forget (?:it|that)|schon gut|egal|vergessen sie(?: es| das)?)\b\W*(?=(?:yes|yeah|yep|ja)\b)",
    re.IGNORECASE,
)
_HOLDS_ON = re.compile(
    _LEAD
    + r"(?:(?:hang on|hold on|wait|(?:just )?(?:a|one) (?:sec\w*|moment|minute|mo)|bear with me|(?:einen )?(?:moment|augenblick)|(?:eine )?sekunde|please|bitte|kurz|mal)\b\W*)+$",
    re.IGNORECASE,
)
_LOOKS_UP = re.compile(
    _LEAD
    + r"(?:(?:hang on|hold on|wait|(?:just )?(?:a|one) (?:sec\w*|moment|minute|mo)|bear with me|moment|einen moment|sekunde|augenblick)\b\W*)*"
    r"(?:(?:let me|i(?:'ll| will|ll| have to| need to|'ve got to| must|'d better|'m)(?: just| quickly)?) (?:look|check|see|find|get|fetch|go and|looking|checking)\b"
    r"|(?:da |das )?(?:muss|müsste) ich (?:mal |kurz |erst |schnell )*\w*(?:schauen|sehen|gucken|suchen|holen)|ich (?:muss|schaue?|sehe?|suche?|hole?|gucke?)\b.*\b(?:nach\w*|mal|schnell|kurz|holen|suchen|schauen))",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    _LEAD
    + r"(?:no|nope|sorry|wait|actually|nein|nee|halt|moment|doch|entschuldigung)\b|\b(?:i mean|i meant|i said|make (?:it|that)|change|instead|rather|wrong"
    r"|not right|incorrect|correction|ich meine|ich meinte|ich sagte|ändern|lieber|falsch|stattdessen|sondern|stimmt nicht|doch lieber|besser|(?:machen sie|mach|machen wir|macht)\b.*\b(?:d(?:a)?raus))\b",
    re.IGNORECASE,
)


def without_lead(text: str) -> str:
    """Without the sounds that somebody begins with who takes something back: "oh wait, …"."""
    return _WAITS.sub("", text, count=1)


def looks_it_up(text: str) -> bool:
    """Is somebody looking for what was asked: "hang on, I have to look"?"""
    return bool(_LOOKS_UP.match(text) or _HOLDS_ON.match(text)) and len(words(text)) <= _WORDS_MOST


def without_never_mind(text: str) -> str:
    """The answer alone, where a question of one's own is dropped before it: "never mind, yes"."""
    return _DROPPED.sub("", text, count=1)


def order(text: str, language: str) -> Order:
    """What is to be done with the collecting; "" where the text is an answer."""
    if _REPEATS.match(text) or small_talk.kind(text, language) == "repeat":
        return "repeat"
    if len(words(text)) > _WORDS_MOST:
        return ""
    return next((name for name, pattern in _COMPILED if (found := pattern.search(text)) and _is_all(text, found)), "")


def _is_all(text: str, found: re.Match[str]) -> bool:
    """A single word is an order only where little else is said: "back", and not "a pain in my back"."""
    if len(words(found[0])) > 1:
        return True
    return not set(words(f"{text[: found.start()]} {text[found.end() :]}")) - _AROUND


def skips(text: str) -> bool:
    """Does the visitor want to leave this one out?"""
    return order(text, "en") == "skip"


def nothing(text: str, about: str = "") -> bool:
    """Does the visitor say that there is none? `about`: the thing's name and its question ("no special wishes")."""
    if _NONE.match(text) or (_NO_MATTER.match(text) and len(words(text)) <= _WORDS_MOST):
        return True
    said = set(words(text))
    return bool(said & _NOS) and not said - _NOS - _AROUND - _ABOUT_NONE - set(words(about))


def is_short(text: str) -> bool:
    """Is it so short that one thing alone is put right? Not half a telephone number."""
    said = tokens(clean(text))
    german, english = (
        sum(numerals.small(said, n, is_german) is not None for n in range(len(said))) for is_german in (True, False)
    )
    return len(said) <= _SHORT_WORDS and max(german, english) <= _NUMBERS_MOST


def takes_back(text: str) -> bool:
    """Does it begin by taking something back ("no, four"), and not just say what is wanted ("make it four")?"""
    return bool(_TAKES_BACK.match(text))


def corrects(text: str) -> bool:
    """Does it take something back that was said before?"""
    return bool(_CORRECTS.search(text))
