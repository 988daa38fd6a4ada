"""The words by which turns are told apart, by language: what ends no sentence, begins a question, only listens.

Every list is short. The English ones were checked against 411 utterances with marked pauses (`python -m bench turns`).
A language without lists of its own has empty ones: then silence alone decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.engine import listening, turn_halves, turn_halves_de
from agents.speech.words import FILLERS

_NEVER = re.compile(r"(?!)")
_MAIL = re.compile(r"@|\w\.(?:com|org|net|de|at|ch|eu)\b", re.IGNORECASE)
_MAIL_ENDS = re.compile(r"\.\s?(?:com|org|net|edu|nl|de|at|ch|uk|fr|es|it|io|eu|info)\W*$", re.IGNORECASE)
_ASKS_MAIL = re.compile(r"\be-?mail\b", re.IGNORECASE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _only(phrases: str) -> re.Pattern[str]:
    """Nothing but these."""
    return _pattern(rf"^(?:(?:{phrases})\W*)+$")


@dataclass(frozen=True, slots=True)
class TurnLists:
    # The end of a turn
    open: frozenset[str] = FILLERS  # with which nobody ends a sentence
    open_always: frozenset[str] = FILLERS  # nor a question, whatever mark the ear puts behind it
    asking: frozenset[str] = frozenset()  # with which a question begins …
    helping: frozenset[str] = frozenset()  # … and needs more words than one
    closed: re.Pattern[str] = _NEVER  # sentences that end with an open word all the same
    inverted: re.Pattern[str] = _NEVER  # words in the order of a question, whatever stands before them
    greeting: re.Pattern[str] = _NEVER
    yes_or_no: re.Pattern[str] = _NEVER
    leads_in: re.Pattern[str] = _NEVER  # "I want to know"
    only_announces: re.Pattern[str] = _NEVER  # the same, whatever stands before it
    verb_missing: re.Pattern[str] = _NEVER  # "How much would it"
    wants: re.Pattern[str] = _NEVER  # "I want to book a repair": more often all there is than what was only told
    openers: frozenset[str] = frozenset()  # that may stand before any sentence, and change nothing
    lacking: re.Pattern[str] = _NEVER  # half a sentence …
    perhaps: re.Pattern[str] = _NEVER  # … and what may be one
    clause: re.Pattern[str] = _NEVER  # a clause without the sentence that it belongs to
    clause_opens: frozenset[str] = frozenset()  # the words that such a clause begins with
    polite: frozenset[str] = frozenset()  # single words behind a comma that end a question
    before_a_name: re.Pattern[str] = _NEVER
    digits: Mapping[str, int] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()  # numbers of two digits
    numbers: frozenset[str] = frozenset()  # other words of a number
    times: Mapping[str, int] = field(default_factory=dict)  # "double five"
    before_a_time: frozenset[str] = frozenset()  # a number behind these is an hour, a price, so many people
    mail: re.Pattern[str] = _MAIL
    mail_ends: re.Pattern[str] = _MAIL_ENDS
    no_mail: frozenset[str] = frozenset()  # how people begin who give no address

    # Over the agent's voice
    listening: frozenset[str] = FILLERS
    listens: re.Pattern[str] = _NEVER  # the same in more words than one
    listens_like: tuple[str, ...] = ()  # those that are said most often
    denies: frozenset[str] = frozenset()  # what makes the contrary of a phrase
    commands: frozenset[str] = frozenset()
    takes_back: frozenset[str] = frozenset()
    mends: re.Pattern[str] = _NEVER  # a correction that is nothing without what it corrects
    parting: frozenset[str] = frozenset()
    goes_on: re.Pattern[str] = _NEVER

    # What the agent has asked for
    request: re.Pattern[str] = _NEVER
    asks_mail: re.Pattern[str] = _ASKS_MAIL
    asks_number: re.Pattern[str] = _NEVER
    asks_date: re.Pattern[str] = _NEVER
    asks_name: re.Pattern[str] = _NEVER
    asks_yes_or_no: re.Pattern[str] = _NEVER
    counts: Mapping[str, int] = field(default_factory=dict)
    count: re.Pattern[str] = _NEVER  # "eight digits"


def _places(words: str, first: int = 0) -> dict[str, int]:
    return {word: place for place, word in enumerate(words.split(), first)}


_COUNTS = _places("three four five six seven eight nine ten eleven twelve", 3)
_ZAHLEN = _places("drei vier fünf sechs sieben acht neun zehn elf zwölf", 3)
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"

_FEW = "one|two|three|four|five|six|seven|eight|nine|ten|\\d+"
_WENIGE = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|\\d+"

_ENGLISH = TurnLists(
    open=FILLERS
    | _set(
        "and or but because so if then than the a an to of for my your our his her their with from at in on is are was"
        " were which like also plus about whether until when as by not i we it's its i'm still just maybe even i'd we'd"
        " every between into during without near than you're we're they're he's she's"
    ),
    open_always=FILLERS
    | _set(
        "and or but because if a an the my your our his their i'd we'd i'm every whether until you're we're they're"
        " he's she's still just even"
    ),
    asking=_set(
        "what when where who why how which can could do does did is are will would may should have has am any"
        " what's where's when's who's how's"
    ),
    helping=_set(
        "can could do does did is are will would may should have has am isn't aren't don't can't couldn't won't"
    ),
    greeting=_only(
        r"hi|hello|hey|good (?:morning|afternoon|evening)|okay|ok|well|right|great|thanks|thank you"
        r"|thanks for (?:that|your help)|so|there|good|all right|alright|sure|fine|i'm sorry|i am sorry|sorry|excuse me"
        r"|hmm+|um+|uh+|(?:yes|yeah|yep|no|nope)(?!\W*\w)"
    ),
    yes_or_no=_only(
        r"yes|yeah|yep|yup|no|nope|nah|sure|correct|right|exactly|not really|of course|please|thanks|okay|mhm|uh-huh"
        r"|that's right|(?:yes|yeah|no|nope)\W+(?:i|we|it|they|he|she|that|there)"
        r" (?:am|is|are|was|were|do|does|did|can|have|has|had|will|would)(?: not)?"
    ),
    leads_in=turn_halves.ENGLISH_ANNOUNCING,
    only_announces=turn_halves.ENGLISH_ONLY_ANNOUNCING,
    verb_missing=_pattern(
        r"(?:\b(?:can|could|would|will|should|may|might|must)"
        r"|\b(?:what|when|where|why|how|who|which|time|much|many|long|far|often) (?:do|does|did))"
        r" (?:i|you|he|she|it|we|they)\W*$|^\W*(?:what|where|when|how|who|why|which)(?: \w+)? (?:is|are|was|were)\W*$"
        r"|\w (?<!\bso )(?<!\bnor )(?<!neither )(?:do|does|did) (?:i|we|they|he|she)\W*$"
        r"|\b(?:if|whether|unless|because) (?:i|you|we|they|he|she|it)\W*$"
    ),
    wants=_pattern(
        r"\b(?:i|we)(?:'d|'m|'re| would| am| are)?(?: \w+)? (?:want|wanted|need|like|love|looking for)\b|\bplease\b"
    ),
    openers=_set("and but so or okay ok well also then thanks great alright right yes yeah sure please sorry"),
    inverted=turn_halves.ENGLISH_INVERTED,
    closed=turn_halves.ENGLISH_CLOSED,
    lacking=turn_halves.ENGLISH_LACKING,
    perhaps=turn_halves.ENGLISH_PERHAPS,
    clause=turn_halves.ENGLISH_CLAUSE,
    clause_opens=_set("if when whenever unless although while before after since"),
    polite=_set("please then now today tomorrow here there again thanks sir madam right okay too anyway"),
    before_a_name=_pattern(r"^(?:(?:it's|it is|my name is|i'm|i am|this is|yes|sure|okay)\W+)+"),
    digits=_places("zero one two three four five six seven eight nine") | {"oh": 0, "o": 0},
    pairs=_set(_TEENS),
    numbers=_set("oh o twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double"),
    times={"double": 2, "triple": 3},
    before_a_time=_set("at by after before until till past around about from to for"),
    mail=_pattern(r"\bunderscore\b|\bdot\b|@|\w\.(?:com|org|net)\b"),
    mail_ends=_pattern(r"(?:\bdot|\.)\s?(?:com|org(?:ani[sz]ation)?|net|edu|nl|de|u\.?\s?k|fr|es|it|io|eu|info)\W*$"),
    no_mail=_set("i no sorry what can do why but that"),
    listening=FILLERS
    | _set(
        "okay right yeah yep yes yup oh i see got it sure great good fine perfect all alright cool nice of course"
        " thanks thank you very exactly true aha ha hum wow really"
    ),
    listens=listening.ENGLISH,
    listens_like=listening.ENGLISH_SAID,
    denies=_set("no not never don't doesn't didn't can't cannot couldn't isn't won't wouldn't wrong bad"),
    commands=_set(
        "stop wait no nope hold hang sorry excuse pardon actually what but why how where when who louder slower faster"
        " repeat again enough skip next"
    ),
    takes_back=_set("no wait actually stop"),
    mends=_pattern(
        rf"\b(?:i mean|i meant|make that)\b|^\W*(?:no|wait|actually)\W+(?:on|at|in|for|from|to|with|{_FEW})\b"
    ),
    parting=_set("bye goodbye a nice day have good too to and see later soon the evening"),
    goes_on=_pattern(
        r"^(?:(?:no|okay|yes|sorry|please|nothing|it's nothing)\W+)*"
        r"(?:go on|go ahead|carry on|continue|you can go on|keep going)(?:\W+please)?\W*$"
    ),
    request=_pattern(r"\b(?:please|tell me|give me|say|spell|enter)\b"),
    asks_number=_pattern(r"\b(?:number|digits?|code|postcode|pin|how many digits)\b"),
    asks_date=_pattern(
        r"\b(?:(?:what|which) (?:day|date|month|time)|for when|date of|the date|when (?:would|shall|do you want|did))\b"
    ),
    asks_name=_pattern(r"\b(?:(?:your|full|first|last|family) name|who am i (?:speaking|talking)|surname)\b"),
    asks_yes_or_no=_pattern(
        r"^(?:(?:and|so|or|then)\W+)?"
        r"(?:am|are|can|could|did|do|does|has|have|is|may|shall|should|was|were|will|would)\b"
    ),
    counts=_COUNTS,
    count=_pattern(rf"\b(\d{{1,2}}|{'|'.join(_COUNTS)})[- ](?:digits?|figures?|numbers?)\b"),
)
_GERMAN = TurnLists(
    open=FILLERS
    | _set(
        "und oder aber weil denn dass ob wenn als wie der die das den dem des ein eine einen einem einer zu zum zur von"
        " vom für mit bei beim im in ins am an ans ab auf aus nach um über unter ohne gegen zwischen wegen durch bis"
        " vor seit mein meine meinen meinem meiner ihr ihre ihren ihrem ihrer sein seine unser unsere unseren unserem"
        " unserer ist sind war waren bin noch sehr sondern sowie damit ich wir ähm äh also"
    ),
    open_always=FILLERS
    | _set(
        "und oder aber weil dass ob wenn der die den dem des ein eine einen einem einer zum zur ins ans zwischen"
        " wegen sondern mein meine meinen meinem meiner ihre ihren ihrem ihrer unser unsere unseren unserem unserer"
        " ähm äh"
    ),
    asking=_set(
        "was wann wo wer wen wem wie warum wieso weshalb wohin woher wieviel welche welcher welches welchen kann können"
        " könnte könnten darf dürfen muss müssen gibt haben hat habt ist sind seid wird werden geht soll sollte machen"
        " nehmen bieten verkaufen vermieten reparieren"
    ),
    helping=_set(
        "kann können könnte könnten darf dürfen muss müssen gibt haben hat habt ist sind wird werden geht soll sollte"
    ),
    greeting=_only(
        r"hi|hallo|hey|guten (?:tag|morgen|abend)|grüß gott|moin|servus|tag|okay|ok|also|ja|gut|schön|super|prima|danke"
        r"|vielen dank|danke schön|alles klar|na ja|so|entschuldigung|entschuldigen sie|verzeihung|hm+|ähm*|äh"
        r"|(?:nein|nee|doch|genau)(?!\W*\w)"
    ),
    yes_or_no=_only(
        r"ja|jawohl|jo|nein|nee|nö|genau|richtig|stimmt|gern|gerne|klar|sicher|natürlich|bitte|danke|okay|mhm|doch"
        r"|auf jeden fall|eigentlich nicht|lieber nicht|das stimmt|passt"
        r"|(?:ja|nein)\W+(?:(?:bin|habe|hab|kann|will|möchte) (?:ich|wir)|(?:das )?(?:ist|war) (?:es|so))(?: nicht)?"
    ),
    leads_in=turn_halves_de.ANNOUNCING,
    verb_missing=turn_halves_de.VERB_MISSING,
    wants=_pattern(r"\b(?:ich|wir) (?:\w+ )?(?:möchten?|will|wollen|brauchen?|hätten?|suchen?|würden?)\b|\bbitte\b"),
    openers=_set("und aber oder also okay ok gut dann ja super danke sorry bitte na"),
    closed=turn_halves_de.CLOSED,
    lacking=turn_halves_de.LACKING,
    perhaps=turn_halves_de.PERHAPS,
    clause=turn_halves_de.CLAUSE,
    clause_opens=_set("wenn falls obwohl bevor nachdem sobald solange als"),
    polite=_set("bitte dann jetzt heute morgen hier da danke oder ja nicht gell okay auch"),
    before_a_name=_pattern(r"^(?:(?:ich heiße|mein name ist|ich bin|hier ist|das ist|der name ist|ja|gern)\W+)+"),
    digits=_places("null eins zwei drei vier fünf sechs sieben acht neun") | {"zwo": 2, "ein": 1},
    pairs=_set("zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"),
    numbers=_set("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend doppel"),
    times={"doppel": 2, "zweimal": 2, "dreimal": 3},
    before_a_time=_set("um gegen ab bis nach vor für zu"),
    mail=_pattern(r"\bunterstrich\b|\bpunkt (?:de|com|at|ch|net|org|eu)\b|\bät\b|@|\w\.(?:de|com|org|net|at|ch|eu)\b"),
    mail_ends=_pattern(r"(?:\bpunkt|\.)\s?(?:com|org|net|edu|nl|de|at|ch|uk|fr|es|it|io|eu|info)\W*$"),
    no_mail=_set("ich nein was kann wie warum aber das entschuldigung keine"),
    listening=FILLERS
    | _set(
        "okay ja jo genau richtig stimmt ach so aha gut schön super prima alles klar verstehe ich sehr danke natürlich"
        " toll perfekt wirklich echt mhm hm na oh aha klasse wow logisch sicher verstanden jawohl eben cool gern gerne"
    ),
    listens=listening.GERMAN,
    listens_like=listening.GERMAN_SAID,
    denies=_set("nein nicht kein keine nie falsch schlecht"),
    commands=_set(
        "stopp stop halt warte warten moment augenblick sekunde nein nee nö entschuldigung verzeihung pardon sorry aber"
        " was wie doch eigentlich aufhören falsch nicht warum wieso wann wo wer lauter leiser langsamer schneller"
        " nochmal wiederholen genug"
    ),
    takes_back=_set("nein nee nö moment halt stopp stop warte warten eigentlich falsch"),
    mends=_pattern(
        rf"\b(?:ich meine|ich meinte|vielmehr)\b|^\W*(?:nein|nee|moment)\W+(?:am|um|im|für|von|nach|zu|mit|{_WENIGE})\b"
    ),
    parting=_set(
        "tschüss tschüs wiederhören wiedersehen auf ciao schönen tag noch abend ihnen auch bis bald dann danke"
    ),
    goes_on=_pattern(
        r"^(?:(?:nein|okay|ja|entschuldigung|bitte|nichts|ach nichts)\W+)*"
        r"(?:weiter|(?:machen|reden|sprechen) sie weiter|sprich weiter|fahren sie fort|nur zu)(?:\W+bitte)?\W*$"
    ),
    request=_pattern(r"\b(?:bitte|sagen sie|nennen sie|geben sie|buchstabieren)\b"),
    asks_number=_pattern(r"(?:\b|\w)(?:nummer|ziffern?|code|postleitzahl|pin)\b"),
    asks_date=_pattern(
        r"\b(?:welche[rnms]? (?:tag|datum|monat|uhrzeit)|für wann|an welchem tag|um wie viel uhr"
        r"|wann (?:möchten|soll|wollen))\b"
    ),
    asks_name=_pattern(
        r"\b(?:(?:ihr|der|ihren|den) (?:\w+ )?(?:name|namen|nachname|vorname|nachnamen|vornamen)"
        r"|mit wem (?:spreche|habe))\b"
    ),
    asks_yes_or_no=_pattern(
        r"^(?:(?:und|also|oder|dann)\W+)?"
        r"(?:bin|sind|ist|kann|können|könnte|könnten|haben|hat|darf|dürfen|soll|sollen|möchten|wollen|meinen|passt|stimmt"
        r"|wird|werden|würden|war|waren)\b"
    ),
    counts=_ZAHLEN,
    count=_pattern(rf"\b(\d{{1,2}}|{'|'.join(_ZAHLEN)})[- ]?(?:stellen|ziffern?|stellige?n?)\b"),
)
_NEUTRAL = TurnLists()
_BY_LANGUAGE = {"en": _ENGLISH, "de": _GERMAN}


def lists(language: str) -> TurnLists:
    """Those of a language; "" is English."""
    return _BY_LANGUAGE.get((language or "en").split("-")[0].lower(), _NEUTRAL)
