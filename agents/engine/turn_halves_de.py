"""Halves of German sentences: what ends one stands last, the second half of its verb or a prefix that belongs to it.

As in turn_halves.py, patterns over the words of the last sentence, in lower case and without those that may stand
before any sentence; those that need the text as it stands say so.
"""

import re

_MY = r"(?:ein|eine|einen|einem|einer|(?:mein|dein|sein|unser|euer|eur|dies|jed)(?:e|en|em|er|es)?|ihre[nmr]?)"
_IT = r"(?:der|die|das|den|dem)"  # an article, or a word for the thing itself
_SHORT_VERB = r"(?:geht|ist|passt|kommt|kostet|stimmt|hat|kann|wird|reicht|gibt|hält|läuft|funktioniert)"
_NOUN = rf"(?:{_MY} \S+|{_IT} (?!\S+(?:en|ern|eln|tun|sein)$|{_SHORT_VERB}$)\S+)"
_WHO = r"(?:ich|wir|sie|er|es|man|ihr|du)"
_WHOM = r"(?:mir|uns|mich|ihnen|euch|dir)"
_CAN = r"(?:kann|können|könnte|könnten)"
_MUST = r"(?:muss|müssen|müsste|darf|dürfen|dürfte|soll|sollen|sollten?|wollten?|würden?|werden?|wird)"
_ABLE = rf"(?:{_CAN}|{_MUST}|will|wollen)"
_HAVE = r"(?:habe|hab|haben|hat|hatte|hatten)"
_BE = r"(?:bin|ist|sind|war|waren)"
_WHICH = (
    r"(?:wie (?:viele?|lange|oft|weit|groß|teuer)|wieviele?|(?:ab|bis|seit) wann|um wie viel uhr|welche[rnms]? \S+"
    r"|was|wann|wo|wohin|woher|wer|wem|wen|wie|warum|wieso|weshalb)"
)
_WHEN = (
    r"(?:heute|morgen|gestern|übermorgen|vorgestern|(?:nächste|letzte|diese) woche|gerade|dann|auch|noch|bitte|mal"
    r"|leider|eigentlich|vielleicht)"
)
_AT = r"(?:mit|bei|für|ohne|gegen|von|vor|seit|an|auf|in|im|am|über|wegen)"
_PLACE = rf"{_AT} (?:(?:{_MY}|{_IT}) \S+|(?!{_MY}$|{_IT}$)\S+)"
_SO_FAR = rf"(?: {_WHOM})?(?: {_WHEN})?(?: {_NOUN}| {_PLACE})?"  # all of a sentence but its verb's second half
_JOINS = r"(?:dass|ob|wenn|weil|falls|bevor|nachdem|sobald|damit)"
_BELIEVE = r"(?:glaube|denke|hoffe|dachte|fürchte|vermute)"
_LIKE = r"(?:hätten?|möchten?|würden?|wären?)"


def _whole(*ways: str) -> re.Pattern[str]:
    return re.compile(r"^(?:" + "|".join(ways) + r")$")


LACKING = _whole(
    rf"(?:{_ABLE}|{_HAVE}|{_BE}) (?:{_MY}|der) \S+",  # "Kann meine Tochter", "Ist der Laden"
    rf"{_ABLE} (?:die|das) (?!\S+(?:en|ern|eln)$)\S+",  # "Kann das Rad"
    rf"(?:{_WHICH} )?{_ABLE} {_WHO}{_SO_FAR}",  # "Können Sie mein Rad", "Kann ich mit Karte"
    rf"{_WHO} {_MUST}{_SO_FAR}",  # "Ich muss morgen", "Ich wollte mein Rad"
    rf"(?:{_HAVE} {_WHO}|{_WHO} {_HAVE})(?: {_WHEN})? {_PLACE}",  # "Ich habe bei Ihnen"
    rf"(?:{_HAVE} {_WHO}|{_WHO} {_HAVE}|{_BE} {_WHO}|{_WHO} {_BE}) {_WHEN}",  # "Ich habe gestern", "Sind Sie morgen"
    rf"gibt es {_WHEN}|{_WHO} (?:will|wollen) {_WHEN}",  # "Ich will morgen"
    rf"{_WHO} (?:{_BE}|{_HAVE}|{_CAN}|will|wollen|möchten?|hätten?|brauchen?|suchen?|nehmen?)",  # "Ich hätte"
    rf"(?:(?:ich|wir) {_LIKE}|{_LIKE} (?:ich|wir))(?: (?:auch|noch|da))*(?: gerne?)(?: (?:auch|noch|mal))*",
    rf"(?:ich|wir) möchten?(?: gerne?)? (?:{_WHEN}|{_PLACE})",  # "Ich möchte am Montag"
    # "Ich glaube, dass die Bremse"
    rf"(?:\S+ ){{0,9}}{_JOINS}(?: {_WHO}| {_NOUN}| (?:der|dem) (?!{_SHORT_VERB}$)\S+)?(?: {_WHEN}| {_AT} {_MY} \S+)?",
    rf"(?:ich|wir) {_BELIEVE}(?: {_NOUN})?",  # "Ich glaube, die Bremse"
    r"(?:ich habe|mir wurde|man hat|jemand hat|sie haben)(?: mir| uns)? (?:gesagt|gehört|gelesen)",
    # A verb that asks for its prefix: "Wann fängt der Kurs", "Rufen Sie mich", "Bieten Sie Kurse"
    rf"(?:{_WHICH} )?(?:fängt|fangen|bieten|bietet|rufen)(?: {_WHO}| {_NOUN})(?: {_WHOM})?(?: {_WHEN})?"
    rf"(?: (?!(?:an|auf|ab|zurück)$)\S+)?",
    r"(?:mein|meine|unser|unsere) \S+",  # "Meine Frau"
    rf"(?:haben|hätten|gibt|kennen) {_WHO}(?: (?:auch|noch|da|vielleicht|denn))* (?:etwas|jemand(?:en)?|irgend\S+)",
    r"was (?:passiert|geschieht)(?: (?:denn|eigentlich|aber))*",
)
PERHAPS = _whole(
    r"(?:ist|sind|war|waren) (?:die|das|ihr) \S+",  # "Ist die Werkstatt", but "Sind die neu", too
    r"(?:wie ?viele?|welche[rnms]?) \S+(?: \S+)?|wie lange dauert|was für (?:\S+ )?\S+",  # "Wie viele Tage vorher"
)
VERB_MISSING = re.compile(  # in the whole text
    rf"(?:^|\W)(?:(?:was|wie ?viel) (?:kosten|kostet|macht)|{_WHICH} (?:{_BE}|liegt|gibt|{_HAVE})"
    rf"|(?!was mach){_WHICH} (?:finden?|bekommen?|{_HAVE}|machen?) (?:ich|sie|man|wir)"
    rf"|{_WHICH} {_ABLE}(?: {_WHO})?)\W*$",
    re.IGNORECASE,
)
CLAUSE = re.compile(  # in the whole text: a clause, and nothing yet of the sentence that it belongs to
    r"^\W*(?:(?:und|also|aber|okay|ja)\W+)*"
    r"(?:(?:wenn(?! (?:möglich|das geht))|falls|obwohl|bevor|nachdem|sobald|solange)\b"
    rf"|als (?:{_WHO}|{_MY}|{_IT})\b|(?:während|seit|bis) {_WHO}\b)"
    r"[^,;:.?!]*[,.?]?\s*$",
    re.IGNORECASE,
)
_PLEASE = r"(?: (?:bitte|vielleicht|mal|kurz|einmal))*"
ANNOUNCING = re.compile(  # in the whole text
    r"\b(?:(?:ich )?(?:möchte|wollte|würde)(?: (?:gern|gerne|nur|mal|kurz|sie|noch))* (?:wissen|fragen|erfahren)"
    r"|ich meine|(?:ich )?frage mich"
    r"|hätte(?: (?:ich|da|noch|mal|gern|gerne))* (?:gewusst|eine (?:kurze |andere )?frage)"
    r"|(?:meine|die|eine) frage(?: ist| wäre)?|(?:mein|das|unser) problem ist|der grund ist|es geht (?:um|darum)"
    rf"|(?:können|könnten|würden) sie (?:mir|uns){_PLEASE}(?: (?:sagen|erklären|zeigen))?"
    rf"|(?:können|könnten|würden) sie{_PLEASE} (?:nachsehen|nachschauen|schauen|prüfen)"
    rf"|sagen sie (?:mir|mal){_PLEASE}|darf ich(?: \w+)? fragen|wissen sie(?: vielleicht| zufällig)?"
    r"|(?:haben sie|gibt es) (?:eine ahnung|(?:die|eine) möglichkeit)"
    r"|(?:ist|wäre) es(?: \w+)? (?:möglich|okay|in ordnung|erlaubt|wahr))"
    r"(?:\W+(?:ob|was|wann|wo|wie|wie viel|wie lange|wer|warum))?\W*$",
    re.IGNORECASE,
)


def _ends(*pairs: tuple[str, str]) -> str:
    return "|".join(rf"\b(?:{verbs})\w*(?: \S+)* (?:{prefixes})$" for verbs, prefixes in pairs)


# Last words with which nobody ends a sentence, but for these: the prefix of a verb, the verb of a clause
CLOSED = re.compile(
    _ends(
        ("mach", "auf|zu|aus|an"),
        ("komm|kam", "mit|an|zurück"),
        ("hol|tausch|reis|fahr|fähr|sag", "ab|um|an"),
        ("ruf|fäng|fang|biet|meld|spring", "an|ab"),
        ("geb|gib|gab|nehm|nimm|nahm", "ab|an|auf|mit"),
        ("schließ|stell|brech|brach|zieh", "ab|auf|an|aus|um|ein"),
        ("sieh|seh|sah|kenn|probier|such|fall|fäll|fiel", "aus|an|auf"),
        ("hör|pass|steh|geh|ging", "auf|zu|an|aus"),
    )
    + r"|\b(?:darf|kann|muss|soll)\w*(?: \S+){2,} mit$"
    + rf"|\b(?:{_JOINS}|als|obwohl)(?: \S+)+ {_BE}$"
    + rf"|\S {_WHICH}(?: \S+)+ {_BE}$"
    + rf"|^(?:{_WHICH} )?(?!{_AT} )\w+(?: (?:ich|sie|wir|mir|man))? das$"
    + r"|^(?:das|den|die|der) (?:glaub|weiß|mach|nehm|denk|hoff|dacht|schaff|brauch|such|versteh|mein|kenn|kauf)\w*"
    + r" (?:ich|wir)$|^(?:nehm|behalt|kauf|mein|kenn)\w* (?:ich|wir) (?:das|den|die|der)$"
)
