"""What people say to anybody: hello, thanks, goodbye, "say that again". Clear rules, no model.

A rule holds only when the whole utterance is made of such words: "Thanks, and when do you close?" stays a question.
"""

import re

from agents.speech.words import FILLERS, words

LONGEST_WORDS = 16  # more than this is never small talk (and keeps the rules' work small)


def _list(block: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in block.split("|")]


_PADDING = _list("""oh|well|right|great|perfect|good|nice|fine|cool|lovely|super|okay|alright|all right|so|then
    |please|just|now|very|really|wonderful|awesome|excellent|brilliant|that's great|that is great|that's good
    |that is good|sounds good|that's fine|that is fine|that's perfect""") + sorted(FILLERS)
_YES = _list("""yes|yeah|yep|yup|sure|correct|exactly|right|that's right|that is right|of course|that's it
    |that is it|that one|i do|that's the one|that is the one|uh-huh|mm-hmm|mhm|mm-hm|that's correct
    |that is correct|absolutely|indeed|please do|i did|okay|please|it is|that's what i mean|that is what i mean
    |that's what i meant|definitely""")
_NO = _list("""no|nope|nah|not really|neither|not that|not that one|i don't|i do not|wrong|none|not quite
    |none of them|neither of them|neither of those|that's not it|that is not it|that's wrong|something else
    |not at all|that's not what i mean|that is not what i mean|that's not what i meant|i didn't|i did not""")
_THANKS = _list("""thanks|thank you|thanks a lot|thank you so much|thanks so much|many thanks|cheers|much
    |for your help|for the help|for that|for the information|that's helpful|that is helpful|that helps
    |that was helpful|that's very helpful|that is very helpful|i appreciate it|that's very kind|that's kind
    |a lot|got it|you've been very helpful|you have been very helpful|for your time""")
_BYE = _list("""bye|goodbye|bye bye|bye-bye|good bye|see you|see you later|see you soon|see you then
    |have a nice day|have a good day|have a great day|have a nice evening|have a good evening
    |have a nice weekend|have a good weekend|have a good one|take care|good night|talk to you later|that's all
    |that is all|that was all|that will be all|that'll be all|that would be all|nothing else|nothing more
    |that's it|that is it|that's everything|that is everything|that was everything|that will be everything
    |that'll be everything|that's all for today|that's all for now|that's all i need|that's all i needed
    |that is all i need|that is all i needed|that's all i wanted to know|that is all i wanted to know|i'm done
    |i am done|we're done|we are done|no more questions|i have no more questions|no further questions
    |i have no further questions|i don't have any more questions|hang up|you can hang up|end the call
    |you can end the call|i have to go|i need to go|i've got to go|i must go""")
_HELLO = _list("""hello|hi|hey|hi there|hello there|hey there|good morning|good afternoon|good evening|good day
    |can you hear me|do you hear me|are you there|are you still there|is anybody there|is anyone there
    |is someone there|anybody there|how are you|how are you doing|how are you today|nice to meet you""")
_STOP = _list("""stop|stop it|stop that|stop talking|stop please|that's enough|that is enough|enough|be quiet|quiet
    |shut up|never mind|nevermind|forget it|cancel that|wait a minute|wait a second|wait|hang on|hold on|one moment""")
_EXCUSES = _list("sorry|i'm sorry|i am sorry|pardon|excuse me|pardon me|hang on|wait|but|hold on")

_PERSON = r"(?:a |an |the |some |any)?(?:real |actual |live |human )?"
_PERSON += r"(?:human|person|human being|agent|operator|representative|someone|somebody|one|manager)(?: real)?"
_THING = r"(?:a |an |the |really a |actually a |just a )?(?:real |actual |live )?"
_THING += (
    r"(?:robot|bot|machine|computer|ai|a i|chatbot|human|person|human being|recording|real|automated|computer program)"
)
_COULD = r"(?:can|could|would|will) you (?:please )?"
_AGAIN = r"(?: again| once more| one more time)?"
_REPEAT = [
    rf"{_COULD}(?:say|repeat)(?: (?:that|it|this|yourself|what you (?:just )?said))?{_AGAIN}",
    rf"{_COULD}repeat the last (?:part|bit|sentence)",
    rf"{_COULD}(?:speak|talk) (?:up|(?:a bit |a little )?(?:louder|slower|more slowly))",
    rf"(?:please )?repeat(?: that| it| this)?{_AGAIN}",
    r"say (?:that|it|this) (?:again|once more|one more time)",
    r"(?:again|once more|one more time|come again|what|pardon|pardon me|sorry|i missed that|i beg your pardon)",
    r"what (?:was that|did you (?:just )?say)",
    r"i (?:did not|didn't|could not|couldn't|can't|cannot) (?:quite )?(?:hear|understand|catch|get) "
    r"(?:that|it|you|what you said)",
]
_ROBOT = [
    rf"(?:are|is) (?:you|this|that|it) {_THING}(?: or {_THING})?",
    rf"am i (?:talking|speaking) (?:to|with) {_THING}(?: or {_THING})?",
]
_HUMAN = [
    r"(?:can|could|may) (?:i|you) (?:please )?(?:talk|speak|connect me|put me through|transfer me)(?: to| with)? "
    rf"{_PERSON}",
    rf"(?:i want|i'd like|i would like|i need|let me)(?: to)? (?:talk|speak)(?: to| with) {_PERSON}",
    rf"(?:transfer me|connect me|put me through)(?: to {_PERSON})?",
    r"(?:a )?(?:operator|representative|human|real person|human being)",
]
_WHO = [r"who (?:are you|is this|am i (?:talking|speaking) (?:to|with))", r"what(?:'s| is) your name"]


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


_POLITE = [*_PADDING, *_HELLO, *_EXCUSES]
_KINDS = (
    (
        "goodbye",
        _made_of(_BYE, _THANKS, _PADDING, _HELLO, _list("no|nope|yes|yeah|i think|and|actually|for now|for today")),
    ),
    ("thanks", _made_of(_THANKS, _PADDING, _list("yes|yeah|no|i see|i understand|and"))),
    ("repeat", _one_of(_REPEAT, _POLITE, _THANKS)),
    ("robot", _one_of(_ROBOT, _POLITE)),
    ("human", _one_of(_HUMAN, _POLITE)),
    ("who", _one_of(_WHO, _POLITE, ["and"])),
    ("stop", _made_of(_STOP, _PADDING, _THANKS, _list("no|yes|sorry|i'm sorry"))),
    ("hello", _made_of(_HELLO, _PADDING, ["and", "yes"])),
)
_ONLY_YES = _made_of(_YES, _PADDING, _THANKS)
_ONLY_NO = _made_of(_NO, _PADDING, _THANKS, ["i don't think so", "sorry", "i'm sorry"])
_NO_FIRST = re.compile(
    r"^\W*(?:no|nope|nah|neither)\b[\s,.;:!-]*(?:(?:i mean|i meant|but|i want to know|actually)\b[\s,]*)?",
    re.IGNORECASE,
)
_OPENERS = _any(sorted(FILLERS), _list("okay|ok|well|so|hello|hi|hey|thanks|thank you|yes|and"))
_GREETING_FIRST = re.compile(rf"^(?:\W*(?:{_OPENERS})\b)+[\s,.;:!?-]*", re.IGNORECASE)


def kind(text: str) -> str:
    """ "goodbye", "thanks", "repeat", "robot", "human", "who", "stop" or "hello"; "" when there is more to it."""
    plain = _plain(text)
    return next((name for name, rule in _KINDS if rule.match(plain)), "") if plain else ""


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    plain = _plain(text)
    if not plain:
        return None
    if _ONLY_NO.match(plain):
        return False
    return True if _ONLY_YES.match(plain) else None


def without_no(text: str) -> str:
    """The rest of "No, I mean …"."""
    return _NO_FIRST.sub("", text, count=1)


def without_greeting(text: str) -> str:
    """The question without the "Hello, um," in front of it; the whole text where nothing else is left."""
    rest = _GREETING_FIRST.sub("", text, count=1)
    return rest if words(rest) else text


def _plain(text: str) -> str:
    """The words with a space after each, as the rules want them; "" for what is too long to be small talk."""
    said = words(text)
    return " ".join([*said, ""]) if len(said) <= LONGEST_WORDS else ""
