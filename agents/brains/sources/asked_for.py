"""What kind of thing a question asks for: how it asks, how a table names the column, and how a value of it looks.

"How much is the kettle?" is answered by a price, and by no sentence without one. English and German; a question in
another language asks for no kind that is known.
"""

import re
from dataclasses import dataclass

_NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|half|no|none|free|once|twice|eine?n?|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
    r"|zehn|elf|zwölf|\w+zehn|\w+[zß]ig|hundert|halbe\w*|keine?|kostenlos|gratis)\b"
)
_MONEY = (
    r"[€$£¥]|\b(?:euros?|cents?|eur|usd|gbp|chf|dollars?|pounds?|pence|francs?|franken|free|included|gratis|kostenlos"
    r"|umsonst|inbegriffen)\b"
)
_LONG = (
    r"\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|forever|always|until|sekunden?|minuten?|stunden?"
    r"|tage?n?|nächte?|wochen?|monat\w*|jahr\w*|immer|bis)\b|\d ?(?:mm|cm|m|km|h|min)\b|met(?:re|er)s?"
)
_HOURS = r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|\w+zehn|zwölf|elf|acht|neun|zehn)"
_WHEN = (
    rf"\b(?:at|from|by|until|till|since|around|um|ab|von|bis|seit|gegen) {_HOURS}"
    r"|\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b"
    r"|\b(?:19|20)\d\d\b|\b(?:\w+days?|noon|midnight|mornings?|evenings?|afternoons?|nights?|tomorrow|o'clock|\w+tags?"
    r"|morgens?|abends?|mittags?|nachts|uhr|spring|summer|autumn|winter|frühling|sommer|herbst|before|after|sobald|nach"
    r"|vor|jan\w*|feb\w*|march|märz|apr\w*|may|mai|june?|juni|july?|juli|aug\w*|sept\w*|o[ck]tober|nov\w*"
    r"|de[cz]ember|an? week|weeks?|months?)\b"
)
_OFTEN = (
    r"\b(?:every|once|twice|times|daily|weekly|monthly|yearly|each|an? (?:day|week|month|year)|alle|jede\w*|\w*mal"
    r"|täglich|wöchentlich|monatlich|jährlich)\b"
)
_WEIGHT = r"\d ?(?:kg|g|lbs?|t)\b|\b(?:\w*kilos?|\w*gramm?e?s?|pounds|tonn?e?s?n?|pfund)\b"
_HEAT = r"\bdegrees?\b|°|\bgrad\b|below zero|unter null"


@dataclass(frozen=True, slots=True)
class Kind:
    """`asks`: how a question asks for it. `words`: these ask for it or name its column; an answer can do without."""

    asks: re.Pattern[str]
    words: frozenset[str]
    looks: re.Pattern[str] | None = None  # None: nothing can be seen

    @property
    def has_a_unit(self) -> bool:
        """Whether a value tells by itself that it is of this kind: "29 euros" is a price, "4" may be anything."""
        return self.looks is not None and self.looks.pattern not in (_NUMBER, _WHEN)

    def is_in(self, text: str) -> bool:
        """Whether a text holds a value of this kind, as far as that can be seen."""
        return self.looks is None or bool(self.looks.search(text))


def _kind(asks: str, words: str, looks: str = "") -> Kind:
    seen = re.compile(looks, re.IGNORECASE) if looks else None
    return Kind(re.compile(rf"\b(?:{asks})\b", re.IGNORECASE), frozenset(words.split()), seen)


# The first that fits is asked for.
KINDS = (
    _kind(
        r"heavy|weighs?|weight|kilos|schwer|wiegt|gewicht",
        "heavy weigh weighs weight kilos schwer wiegt gewicht",
        _WEIGHT,
    ),
    _kind(r"how (?:wide|broad)|width|wie breit|breite", "wide broad width breit breite", _NUMBER),
    _kind(
        r"how (?:high|tall)|height|altitude|wie (?:hoch|groß)|höhe",
        "high tall height altitude hoch groß höhe",
        _NUMBER,
    ),
    _kind(r"how deep|depth|wie tief|tiefe", "deep depth tief tiefe", _NUMBER),
    _kind(r"how far|distance|wie weit|entfernung", "far distance weit entfernung", _NUMBER),
    _kind(r"how old|(?:what|which|minimum) age|wie alt|welchem alter", "old age alt alter", _NUMBER),
    _kind(
        r"how (?:hot|warm|cold)|temperature|wie (?:heiß|warm|kalt)|temperatur",
        "hot warm cold temperature heiß kalt temperatur",
        _HEAT,
    ),
    _kind(r"how (?:often|frequently)|wie (?:oft|häufig)", "often frequently oft häufig", _OFTEN),
    _kind(
        r"how much (?:is|are|does|do|would|will|for|to)|costs?|prices?|fees?|expensive|you charge|teuer|kostet|kosten"
        r"|preise?",
        "cost costs price prices fee fees rate expensive charge charged pay teuer kostet kosten preis preise gebühr",
        _MONEY,
    ),
    _kind(
        r"how long|how many (?:minutes|hours|days|weeks|months|years)|duration|wie lange?|dauer|dauert",
        "long duration take takes last lasts lange dauer dauert dauern",
        _LONG,
    ),
    _kind(
        r"in stock|left|available|vorrätig|auf lager|bestand|verfügbar",
        "stock left available vorrätig lager bestand verfügbar",
    ),
    _kind(
        r"how (?:many|much)|number of|wie ?viele?",
        "many much number quantity viel viele wieviel wieviele anzahl",
        _NUMBER,
    ),
    _kind(
        r"who|whom|wer|wem|wen",
        "who teacher technician trainer contact person doctor wer lehrer trainerin leitung arzt",
    ),
    _kind(
        r"when|(?:what|which) (?:time|days?|date|month)|wann|wie ?viel uhr|welche[mn] tag\w*",
        "when time day date begins starts begin start wann uhrzeit zeit tag datum beginn beginnt",
        _WHEN,
    ),
    _kind(r"where|wo|wohin|woher", "where place location wo ort platz standort"),
)
# Words that say little of what is asked about, beside those that are common everywhere.
PLAIN = frozenset(
    "must should mean means meaning please tell know need get got euros euro"
    " take takes give allowed possible exactly currently usually actually someone anyone something anything"
    " ihnen ihr ihre welche welcher welches welchen welchem möchte brauche brauchen bekomme bekommen gibt haben"
    " können bitte sagen eigentlich einmal jemand etwas muss müssen soll wird werden"
    " sind ist".split()
)

# … and of a row of a table, which is there because it is to be had.
OFFERED = frozenset(
    "buy sell offer provide rent hire borrow lend order charge kaufen verkaufen verkauft verkaufst bieten führen leihen"
    " verleihen mieten vermieten bestellen".split()
)


def asked_for(question: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.asks.search(question)), None)


def has_a_unit(value: str) -> bool:
    return any(kind.has_a_unit and kind.is_in(value) for kind in KINDS)
