"""What language a text is in, and whether somebody asks for another one. Words alone, no model.

Few languages are looked for: those of one agent. What was heard is told apart by its sound, before there are words
(agents/speech/providers/several_hearings.py); this is for what was typed, and for what is asked for.
"""

import re
from collections.abc import Iterable

from agents.speech.words import words

# Words that are frequent in one language and stand in no other one of these.
_COMMON: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the is are you your i i'd i'm my we do does did can could would have has what when where which who how why"
        " of to for with and it that this there not please thank thanks hello much many about open close cost".split()
    ),
    "de": frozenset(
        "der die das den dem ein eine einen einem einer ist sind sie ich wir mein meine ihr ihre und oder nicht kein"
        " keine haben habe hat kann können könnte möchte wann wo wer wie was welche warum mit für von zu auf auch es"
        " gibt bitte danke hallo guten wieviel viel geöffnet kostet uhr noch bei heute morgen".split()
    ),
    "es": frozenset(
        "el la los las un una es son está están usted ustedes yo mi mis y o no hay tienen tiene puedo puede quiero"
        " cuándo cuando dónde donde quién cómo qué cuánto cuesta con para por de en hola gracias favor abren"
        " cierran".split()
    ),
    "fr": frozenset(
        "le la les un une des est sont vous je mon ma mes et ou ne pas avez ai puis pouvez peut voudrais quand où qui"
        " comment quel quelle quels combien avec pour de du en bonjour merci s'il plaît ouvrez ouvert coûte"
        " c'est".split()
    ),
    "it": frozenset(
        "il lo la gli un una è sono lei io mio mia e o non avete ho posso può vorrei quando dove chi come cosa che"
        " quanto costa con per di in ciao buongiorno grazie favore aprite chiudete aperto c'è siete".split()
    ),
}
_ONLY: dict[str, frozenset[str]] = {
    language: own - frozenset(word for other, theirs in _COMMON.items() if other != language for word in theirs)
    for language, own in _COMMON.items()
}
# What a language is called, in all of these.
NAMES: dict[str, dict[str, str]] = {
    "en": {"en": "English", "de": "Englisch", "es": "inglés", "fr": "anglais", "it": "inglese"},
    "de": {"en": "German", "de": "Deutsch", "es": "alemán", "fr": "allemand", "it": "tedesco"},
    "es": {"en": "Spanish", "de": "Spanisch", "es": "español", "fr": "espagnol", "it": "spagnolo"},
    "fr": {"en": "French", "de": "Französisch", "es": "francés", "fr": "français", "it": "francese"},
    "it": {"en": "Italian", "de": "Italienisch", "es": "italiano", "fr": "italien", "it": "italiano"},
    "nl": {"en": "Dutch", "de": "Niederländisch", "es": "neerlandés", "fr": "néerlandais", "it": "olandese"},
    "pl": {"en": "Polish", "de": "Polnisch", "es": "polaco", "fr": "polonais", "it": "polacco"},
    "pt": {"en": "Portuguese", "de": "Portugiesisch", "es": "portugués", "fr": "portugais", "it": "portoghese"},
    "ru": {"en": "Russian", "de": "Russisch", "es": "ruso", "fr": "russe", "it": "russo"},
    "tr": {"en": "Turkish", "de": "Türkisch", "es": "turco", "fr": "turc", "it": "turco"},
    "uk": {"en": "Ukrainian", "de": "Ukrainisch", "es": "ucraniano", "fr": "ukrainien", "it": "ucraino"},
    "ar": {"en": "Arabic", "de": "Arabisch", "es": "árabe", "fr": "arabe", "it": "arabo"},
}
_CALLED = {name.lower(): language for language, names in NAMES.items() for name in names.values()}
_PLEASE = r"(?:please|bitte|por favor|s'il (?:vous|te) plaît|per favore)"
_BEFORE = (
    rf"(?:(?:{_PLEASE}|hello|hi|hey|there|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin"
    r"|grüß gott|servus|hola|buen(?:os|as) (?:días|tardes|noches)|bonjour|bonsoir|ciao|buon(?:giorno|asera)|sorry"
    r"|excuse me|entschuldigung|entschuldigen sie|verzeihung|perdón|pardon|scusi|and|und|yes|ja|no|nein|um|äh|so|also"
    r"|okay)[\s,.!?]+)*"
)
_AFTER = rf"(?:[\s,]+(?:{_PLEASE}|instead|now|jetzt|lieber|to me|with me|with you|mit mir|mit ihnen))*"
_WAYS = (
    # Can we speak German? Could you go on in German, please?
    r"(?:can|could|may|shall|should|would|will) (?:we|you|i)(?: please| also| maybe)*"
    r" (?:speak|talk|continue|go on|carry on|switch|change|do (?:this|it|that))(?: to me| with me| with you)?"
    r"(?: in| to| into)? {name}",
    r"(?:do|does|can) (?:you|anybody|anyone|somebody|someone)(?: there| also)? (?:speak|understand) {name}",
    r"(?:i|we)(?:'d| would|'ll| will)? (?:rather|prefer|like|want)(?: to)?"
    r"(?: (?:speak|talk|continue|go on|switch))?(?: in| to)? {name}",
    r"(?:please )?(?:let's |let us )?(?:speak|talk|switch|continue|go on|change)(?: in| to)? {name}",
    r"is it possible to (?:speak|talk|continue)(?: in)? {name}",
    # Können wir Deutsch sprechen? Sprechen Sie auch Englisch?
    r"(?:können|könnten|kann|wollen|sollen|dürfen|darf) (?:wir|sie|ich|man)"
    r"(?: auch| bitte| vielleicht| lieber| mit ihnen| hier)*(?: auf| in)? {name}(?: bitte| mit ihnen)?"
    r" (?:sprechen|reden|weitersprechen|weiterreden|weitermachen|wechseln)",
    r"(?:sprechen|reden|verstehen) (?:sie|wir)(?: denn| auch| doch| lieber| bitte)*(?: auf)? {name}",
    r"(?:sprichst|verstehst) du(?: auch)? {name}",
    r"ich (?:möchte|würde|will)(?: gerne?| lieber| bitte)*(?: auf)? {name} (?:sprechen|reden)",
    r"(?:geht (?:das|es)|wechseln (?:sie|wir)|weiter)(?: auch| bitte)*(?: auf| zu| in)? {name}",
    r"(?:habla|hablas|hablan|hablamos|(?:podemos|podría|puede|quiero) hablar)(?: usted| ustedes)?(?: en)? {name}",
    r"(?:parlez[- ]vous|vous parlez|tu parles|parlons) {name}",
    r"(?:on peut|peut[- ]on|pouvons[- ]nous|pouvez[- ]vous|je voudrais) parler(?: en)? {name}",
    r"(?:parla|parli|parlate|(?:possiamo|può|vorrei) parlare)(?: in)? {name}",
    r"(?:in |auf |en )?{name}",  # and nothing else
)
_NAME = "(" + "|".join(sorted(map(re.escape, _CALLED), key=len, reverse=True)) + ")"
_ASKS = re.compile(rf"^\W*{_BEFORE}(?:{'|'.join(_WAYS).replace('{name}', _NAME)}){_AFTER}\W*$", re.IGNORECASE)
_LONGEST = 200  # characters of a text that asks for a language and nothing else


def short(language: str) -> str:
    return language.split("-")[0].lower()


def asked_for(text: str) -> str:
    """The language that somebody wants to be spoken to in: "Can we speak German?", "Auf Englisch, bitte."; else ""."""
    match = _ASKS.match(text) if len(text) < _LONGEST else None
    return next((_CALLED[name.lower()] for name in match.groups() if name), "") if match else ""


def recognised(text: str, among: Iterable[str], present: str) -> str:
    """Which of these languages a text is in, where its words leave no doubt; else ""."""
    said = words(text)
    hits = {each: sum(word in _ONLY.get(short(each), ()) for word in said) for each in among}
    best = max(hits, key=lambda each: hits[each], default="")
    others = max((count for each, count in hits.items() if each != best), default=0)
    clear = bool(best) and hits[best] >= 2 and hits[best] >= 2 * others + 1
    if not clear or best == present:
        return ""
    return best


def called(language: str, reader: str) -> str:
    """A language's name, for somebody who speaks another one."""
    names = NAMES.get(short(language), {})
    return names.get(short(reader)) or names.get("en") or language
