"""What kind of thing a question asks for (a price, a time, a place, whether it is allowed …), and what tells of it.

Two sentences may be about the same thing and still not belong together: "how much is a crown" and "a crown takes two
visits". Each kind is a row: the words that ask for it, and the words that stand where it is told. English, German and
what is commonest in Spanish; a question that asks for nothing of the list asks for nothing in particular.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    asks: re.Pattern[str]
    tells: re.Pattern[str]


def _kind(name: str, asks: str, tells: str) -> Kind:
    return Kind(name, re.compile(asks, re.IGNORECASE), re.compile(tells, re.IGNORECASE))


# Figures: whoever asks for one wants to hear one, and nothing else will do.
FIGURES = (
    _kind(
        "price",
        r"how much\b(?! (?:time|space|room|luggage|notice))|\bcosts?\b|price|charge|cheap|expensive|afford|\bfees?\b|\brates?\b|pay for|\bfree\b|for nothing"
        r"|was kostet|kosten|teuer|preis|wie viel (?:macht|zahle|nehmt|nehmen|verlangen)|was (?:verlangen|nehmen|nehmt|zahle|berechnen)|gebühr|gratis|umsonst|aufpreis|cuánto (?:cuesta|vale)|precio",
        r"\d+ ?(?:dollars?|euros?|pounds?|cents?|percent|prozent|%)|costs?\b|\bfree\b|price|charge|kostet|kosten\w*|\bzahl|gebühr|aufpreis|gratis|umsonst|€|\$|£|cuesta|gratis",
    ),
    _kind(
        "duration",
        r"how long|how much (?:time|notice)|how many (?:minutes|days|weeks|months|hours|years)|how (?:fast|soon|quick)|how far ahead|be ready"
        r"|wie lange|wie schnell|wie früh|dauer|wie viel zeit|wie viele (?:minuten|tage|wochen|stunden|monate|jahre)|fertig|cuánto (?:dura|tarda)",
        r"minutes?|hours?|\bdays?\b|weeks?|months?|years?|minuten?|stunden?|tagen?\b|wochen?|monaten?|jahre?n?\b|minutos|horas|días",
    ),
    _kind(
        "day or time",
        r"\bwhen\b|what time|until|\btill\b|how late|how early|which day|what day|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekend"
        r"|wann|\bbis\b|\buhr\b|welche[mnr]? tag|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|wochenende|cuándo|\bhora",
        r"\bfrom \d|\bat \d|\bto \d|o'clock|\d:\d\d|days?\b|closed|until|\buhr\b|tags?\b|mittwoch|geschlossen|lunes|sábado|domingo",
    ),
    _kind(
        "open",
        r"\b(?:open|closed?|shut|lock up|offen|geöffnet|geschlossen|auf|zu|abierto|cerrado)\b\W*$|\b(?:open|opening|closed?|shut|offen|geöffnet|geschlossen|abierto|cerrado)\b",
        r"\bfrom \d|\bat \d|\bto \d|\d:\d\d|closed|\bopen|until|\buhr\b|geschlossen|geöffnet|lunes|domingo",
    ),
    _kind(
        "place",
        r"\bwhere\b|address|which (?:street|floor|bus|tram|train|stop|station|line)|how do (?:i|we) (?:get to|find) you|directions|next to"
        r"|\bwo\b|wohin|straße|adresse|welche\w* (?:bus|bahn|linie|haltestelle|etage)|wie komme? (?:ich|wir)|hinkommen|dónde",
        r"\b(?:street|road|lane|floor|behind|next to|above|under|beside|square|stop|stops|opposite|entrance|station|corner)\b"
        r"|straße|\bweg\b|neben|hinter\b|gegenüber|haltestelle|eingang|stock\b|platz\b|calle",
    ),
    _kind(
        "age",
        r"how old|what age|from what age|\bage\b|years? old|\bwie alt|ab welchem alter|ab wie viel",
        r"\bage\b|years old|\d+ years|children|über \d|ab \d|jahre?n?\b|\balt\b|\balter\b",
    ),
    _kind(
        "size or number",
        r"how (?:many|big|large|heavy|tall|high|far|deep|warm|hot|strong)|what size|maximum|\blimit|how much (?:space|room|luggage)|too (?:big|heavy|large|many)"
        r"|wie (?:viele|groß|schwer|hoch|weit|tief|warm|breit|voll)|höchstens|maximal|zu (?:groß|schwer|viele)",
        r"\d+ ?(?:met(?:re|er)s?|kilos?|kg|miles?|km|kilomet\w+|people|persons?|guests|places|seats|pieces|items|inches|lit(?:re|er)s?|degrees|feet|cm|m\b|personen|gäste|plätze|stück|grad|zentimeter|bücher|medien)"
        r"|up to|at most|no more than|bis zu|höchstens|maximal",
    ),
)

# Ways: what somebody wants to do, or wants done.
WAYS = (
    _kind(
        "how it is done",
        r"how (?:do|can|would|should|could) (?:i|we|you|one)|how does|how is|what do (?:i|we) (?:have|need) to do|what must i|way to"
        r"|wie (?:kann|melde|bestelle|buche|geht|läuft|funktioniert|mache|lade|bekomme|kriege)|was muss (?:ich|man) (?:tun|machen)|was mache ich",
        r"\bonline\b|web ?site|by phone|\bcall\b|by e-?mail|\bform\b|\bapp\b|counter|\bdesk\b|internet|telefonisch|formular|anruf|rufen sie|webseite|schalter|theke|e-mail|portal",
    ),
    _kind(
        "allowed",
        r"\b(?:can|may|could|should|must) (?:i|we|my|he|she|they|you bring|people|one)\b|allowed|is it (?:ok|okay|all right|fine|possible)|am i allowed|do you mind|would it be possible|have to\b"
        r"|\b(?:darf|dürfen|dürfte)\b|\bkann (?:ich|man|mein|meine)\b|\bkönnen (?:wir|meine)\b|ist es (?:erlaubt|möglich|okay)|erlaubt|gestattet|\bmuss (?:ich|man)\b",
        r"allowed|\bmay\b|welcome|must|permitted|\bplease\b|you can\b|you do not|only (?:if|with)|dürfen|\bdarf\b|erlaubt|willkommen|gestattet|sie können|verboten|\bbitte\b|müssen",
    ),
    _kind(
        "contact",
        r"phone number|telephone|e-?mail|reach (?:you|some\w*|the)|(?:speak|talk) (?:to|with)|contact|call you|ring you|get hold|write to"
        r"|telefon|erreich|anrufen|ansprechpartner|sprechen|schreiben|\bmail",
        r"\d{3,}[ /-]\d{2,}|\bphone|e-?mail|@|call us|write to|\btel\b|telefon|rufen sie|schreiben sie",
    ),
    _kind(
        "what is needed",
        r"what (?:do|should|must|shall) (?:i|we) (?:bring|need|take|have|wear)|do (?:i|we) (?:need|have to)|need to (?:bring|have)|(?:with|on) me\b|documents?|papers|proof|prepare"
        r"|(?:brauche|benötige|brauchen) (?:ich|wir|man)|mitbringen|unterlagen|papiere|dabei ?haben|nachweis|ausweis|vorbereiten|anziehen",
        r"\bbring\b|you need|needed|require|passport|\bid\b|proof|licen[cs]e|brauchen|benötig|mitbringen|bringen sie|ausweis|nachweis|erforderlich|unterlagen|\bnötig\b",
    ),
    _kind(
        "means of paying",
        r"\bpay\b|by card|\bcash\b|\bcards?\b|credit|instal?ments?|paypal|invoice|cheque|contactless|in parts|bit by bit"
        r"|bezahl|\bzahlen|karte\b|\bbar\b|\braten|überweis|rechnung|\bpagar",
        r"\bpay\b|\bcash\b|\bcards?\b|credit|instal?ment|paypal|invoice|transfer|monthly|\bbar\b|karte|\braten|rechnung|überweis|lastschrift|tarjeta",
    ),
    _kind(
        "called off or given back",
        r"cancel|call (?:it|that) off|can(?:'t|not) (?:make|come)|won't (?:make|be able)|(?:give|send|bring|take) (?:it|them|this|something) back|return|refund|money back|chang\w* my mind|postpone|reschedul|another (?:day|time|date)|something (?:came|comes) up|get out of"
        r"|absag|stornier|verschieb|umbuch|zurückgeb|rückgabe|umtausch|geld zurück|kündig|nicht kommen|schaffe? (?:es|ich).*nicht|dazwischen",
        r"cancel|refund|return|money back|postpone|move your|change your|notice|absag|stornier|verschieb|zurück|umtausch|kündig|abmeld",
    ),
    _kind(
        "trouble",
        r"broken?\b|doesn't work|not work|stopped|\blost\b|stolen|\bleak|damage|\bwrong\b|complain|scratch|ruin|\bhurts?\b|problem|unhappy"
        r"|kaputt|defekt|verloren|gestohlen|geklaut|geht nicht|funktioniert nicht|beschädig|beschwer|reklam|undicht|falsch|schaden|weh\b|unzufrieden",
        r"repair|broken|damage|\blost\b|replace|complain|guarantee|warranty|report|found|emergenc|stolen|reparier|schäden|schaden|verloren|ersetz|ersatz|garantie|reklam|gewähr|notfall|notdienst",
    ),
    _kind(
        "brought or fetched",
        r"deliver|pick(?:ed)? (?:\w+ )?up|\bcollect|\bfetch|\bship|come (?:to|over|out|round) |(?:to|at) my (?:house|home|place|door|flat)|\bpost\b"
        r"|liefer|abhol|bringen sie|schicken|zu mir|nach hause|versand|hausbesuch|vorbeibringen",
        r"deliver|pick up|collect|\bship|to your (?:home|door|house)|we come|liefer|abhol|versand|nach hause|zu ihnen|wir kommen|wir bringen|hausbesuch",
    ),
    _kind(
        "who",
        r"\bwho\b|whose|qualified|experience|\bstaff\b|\bwer\b|\bwem\b|ausgebildet|erfahrung|personal\b",
        r"\b(?:dr|mr|mrs|ms|frau|herr|doctor)\b\.?|\bteam\b|\bstaff\b|trained|qualified|certified|ausgebildet|mitarbeiter|meister|fachleute|\bteam\b",
    ),
    _kind(
        "included",
        r"includ|what(?:'s| is) in\b|comes? with|part of|inbegriffen|enthalten|inklusive|mit drin|gehört.*dazu|alles dabei",
        r"includ|comes? with|free of charge|\bextra\b|inbegriffen|enthalten|inklusive|\bdabei\b|dazu\b",
    ),
    _kind(
        "booking",
        r"\bbook|reserv|appointment|regist|sign (?:up|on)|\bjoin\b|enrol|come in\b|\bslot|fit me in|in advance|walk in"
        r"|termin|buchen|reservier|anmeld|eintrag|mitglied|vorbeikomm|beitreten|\bcita\b",
        r"\bbook|reserv|appointment|regist|sign up|member|advance|termin|buchen|buchung|reservier|anmeld|mitglied|\bcita\b",
    ),
)
KINDS = (*FIGURES, *WAYS)


@lru_cache(maxsize=256)
def asked(text: str) -> frozenset[int]:
    """The kinds that a question asks for, by their places in `KINDS`."""
    return frozenset(place for place, kind in enumerate(KINDS) if kind.asks.search(text))


def told(text: str) -> frozenset[int]:
    """The kinds that a text tells of."""
    return frozenset(place for place, kind in enumerate(KINDS) if kind.tells.search(text))


def offered(name: str, samples: Sequence[str], content: str) -> frozenset[int]:
    """The kinds that a topic answers: what its content tells, and what its own questions ask for."""
    return told(content).union(*(asked(text) for text in (name, *samples)))


def in_common(question: str, content: str) -> tuple[bool, str]:
    """Whether the question asks for a figure that stands in this content; and its other words."""
    for kind in FIGURES:
        if kind.asks.search(question) and kind.tells.search(content):
            return True, kind.asks.sub(" ", question)
    return False, question
