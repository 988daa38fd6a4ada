"""Each kind, said in many ways: every way with every value, and with what people say around it."""

from itertools import product

import pytest

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import orders
from tests.agents.grammar_cases import NOW

AROUND = {
    "en": (
        "{}",
        "um {} please",
        "let's say {}",
        "I think {}",
        "{} would be great",
        "oh {} I guess",
        "{} thanks",
        "well {} then",
    ),
    "de": ("{}", "äh {} bitte", "sagen wir {}", "ich denke {}", "{} wäre gut", "also {}", "ja {} dann", "{} danke"),
}
DAYS = {
    "2026-12-12": ("the twelfth", "the twelfth of December", "December the twelfth", "December 12th", "the 12th", "Saturday the twelfth", "a week on Saturday"),
    "2026-12-02": ("Wednesday", "this Wednesday", "the day after tomorrow", "on Wednesday", "Wednesday this week", "in two days"),
    "2026-12-10": ("next Thursday", "Thursday next week", "a week on Thursday", "Thursday week", "the tenth"),
    "2026-12-14": ("in two weeks", "two weeks today", "a fortnight today", "two weeks from now", "Monday the fourteenth", "Monday the week after next"),
    "2026-12-24": ("Christmas Eve", "the twenty-fourth", "on Christmas Eve"),
    "2027-01-31": ("the last day of January", "the thirty first of January", "January the thirty-first"),
    "2027-01-30": ("the last Saturday in January", "the last Saturday of January", "on the last Saturday in January"),
    "2027-02-01": ("the first Monday in February", "the first of February", "February first", "the first Monday of February"),
    "2026-12-01": ("tomorrow", "tomorrow morning", "Tuesday", "the first", "December first", "tomorrow if you can"),
}  # fmt: skip
TAGE = {
    "2026-12-12": ("am zwölften", "am zwölften Dezember", "am 12.", "am 12.12.", "Samstag den zwölften", "Samstag in einer Woche"),
    "2026-12-02": ("Mittwoch", "diesen Mittwoch", "übermorgen", "am Mittwoch", "in zwei Tagen", "kommenden Mittwoch"),
    "2026-12-10": ("Donnerstag nächste Woche", "nächste Woche Donnerstag", "am zehnten", "übernächsten Donnerstag"),
    "2026-12-14": ("in zwei Wochen", "heute in zwei Wochen", "heute in vierzehn Tagen", "am vierzehnten zwölften"),
    "2026-12-24": ("an Heiligabend", "am vierundzwanzigsten", "Heiligabend", "am 24. Dezember"),
    "2027-01-29": ("am letzten Freitag im Januar", "den letzten Freitag im Januar", "am neunundzwanzigsten Januar"),
    "2027-02-01": ("am ersten Februar", "am ersten Montag im Februar", "am ersten zweiten"),
    "2026-12-31": ("an Silvester", "Silvester", "am einunddreißigsten", "am letzten Tag im Dezember"),
    "2026-12-01": ("morgen", "morgen früh", "Dienstag", "am ersten", "gleich morgen", "morgen Vormittag"),
}  # fmt: skip
HOURS = {
    "15:30": ("half past three", "three thirty", "half three", "15:30", "3:30 pm", "at half three in the afternoon", "around three thirty", "three thirty pm"),
    "09:15": ("quarter past nine", "nine fifteen", "9.15", "a quarter past nine in the morning", "fifteen minutes past nine", "nine fifteen am"),
    "16:45": ("quarter to five", "four forty-five", "a quarter to five", "4:45", "fifteen to five", "quarter of five"),
    "12:00": ("noon", "midday", "twelve", "twelve o'clock", "12", "at noon", "twelve noon"),
    "17:10": ("ten past five", "five ten", "17:10", "ten minutes past five", "ten after five"),
    "13:50": ("ten to two", "one fifty", "ten minutes to two", "13:50"),
    "18:00": ("six", "six pm", "at six in the evening", "six o'clock", "18:00", "around six", "six-ish", "six in the evening", "sixish"),
    "10:00": ("ten", "ten am", "ten in the morning", "ten o'clock sharp", "10 o'clock", "about ten"),
}  # fmt: skip
STUNDEN = {
    "15:30": ("halb vier", "drei Uhr dreißig", "15 Uhr 30", "15:30", "um halb vier", "gegen halb vier", "fünfzehn Uhr dreißig", "halb vier nachmittags"),
    "09:15": ("Viertel nach neun", "neun Uhr fünfzehn", "9:15", "viertel zehn", "um Viertel nach neun"),
    "16:45": ("Viertel vor fünf", "dreiviertel fünf", "16 Uhr 45", "sechzehn Uhr fünfundvierzig"),
    "12:00": ("zwölf", "mittags", "um zwölf", "zwölf Uhr", "12 Uhr mittags"),
    "17:10": ("zehn nach fünf", "siebzehn Uhr zehn", "17 Uhr 10"),
    "13:50": ("zehn vor zwei", "dreizehn Uhr fünfzig", "zehn Minuten vor zwei"),
    "18:00": ("sechs", "achtzehn Uhr", "um sechs", "sechs Uhr abends", "so gegen sechs", "18 Uhr"),
    "10:00": ("zehn", "zehn Uhr", "um zehn", "zehn Uhr vormittags"),
}  # fmt: skip
PHONES = {
    "07700900123": ("oh seven seven double oh nine oh oh one two three", "07700 900 123", "zero seven seven zero zero, nine hundred, one two three",
                    "oh double seven double oh nine double oh one two three", "oh seven seven oh oh nine oh oh one two three", "07700-900-123"),
    "01632960987": ("oh one six three two nine six oh nine eight seven", "01632 960987", "oh one six three two, nine sixty, nine eight seven"),
    "+447700900111": ("plus four four seven seven double oh nine double oh one double one", "+44 7700 900 111", "double oh four four seven seven double oh nine oh oh triple one"),
}  # fmt: skip
NUMMERN = {
    "01762345678": ("null eins sieben sechs zwei drei vier fünf sechs sieben acht", "0176 23 45 67 8", "null eins sieben sechs, dreiundzwanzig, fünfundvierzig, siebenundsechzig, acht",
                    "null eins sieben sechs zwo drei vier fünf sechs sieben acht"),
    "03044129": ("null drei null vierundvierzig zwölf neun", "030 44129", "null dreißig vier vier eins zwei neun", "null drei null zweimal die vier eins zwei neun"),
}  # fmt: skip
EMAILS = {
    "anna.miller@gmail.com": ("anna dot miller at gmail dot com", "anna.miller@gmail.com", "A N N A dot miller at gmail dot com", "anna dot M I L L E R at gmail dot com", "it's anna dot miller at gmail dot com"),
    "jo_k88@web.co.uk": ("jo underscore k eighty-eight at web dot co dot uk", "jo underscore k eight eight at web dot co dot uk", "J O underscore k double eight at web dot co dot uk"),
    "info@mill-house.org": ("info at mill dash house dot org", "info at mill hyphen house dot org", "info@mill-house.org"),
}  # fmt: skip
NAMES = (
    "Ann Bell",
    "Kowalski",
    "Priya Nair",
    "Siobhan O'Brien",
    "Jean-Luc Marais",
    "Ngozi Okafor",
    "Fatima El Amrani",
    "Will Ford",
    "May Friday",
)
NAMING = (
    "{}", "it's {}", "my name is {}", "my name's {}", "{} please", "that's {}", "under {}", "put it under {}", "I'm {}", "the name is {}", "this is {}", "um {}", "oh it's {}",
    "{} thanks", "yes it's {}", "sure, {}", "you can put {}", "{} is the name", "for {}", "in the name of {}", "name of {}", "it'll be {}",
)  # fmt: skip
NENNEN = (
    "{}", "ich heiße {}", "mein Name ist {}", "auf {}", "auf den Namen {}", "das ist {}", "{} bitte", "ich bin {}", "Name ist {}", "äh {}", "ja, {}", "mein Name wäre {}", "hier ist {}",
    "schreiben Sie {}", "{} ist mein Name",
)  # fmt: skip
ADDRESSES = {
    "14 Albert Road": ("14 Albert Road", "fourteen Albert Road", "it's 14 Albert Road", "from 14 Albert Road", "to fourteen Albert Road", "I live at 14 Albert Road", "the address is 14 Albert Road", "number fourteen Albert Road", "we're at 14 Albert Road"),
    "206 Kings Avenue": ("206 Kings Avenue", "two hundred and six Kings Avenue", "two oh six Kings Avenue", "that's 206 Kings Avenue"),
}  # fmt: skip
ADRESSEN = {
    "Goethestraße 17": ("Goethestraße 17", "in der Goethestraße 17", "von der Goethestraße siebzehn", "Goethestraße siebzehn", "das ist die Goethestraße 17", "Goethestraße Nummer 17", "in die Goethestraße 17", "meine Adresse ist Goethestraße 17"),
    "Birkenweg 3": ("Birkenweg 3", "im Birkenweg drei", "in den Birkenweg 3", "der Birkenweg 3", "zum Birkenweg 3", "nach Birkenweg 3"),
}  # fmt: skip
YES = (
    "yes",
    "yeah sure",
    "yes please",
    "of course",
    "I do",
    "I would",
    "that would be lovely",
    "yes I think so",
    "definitely",
    "sure why not",
    "yep that's fine",
    "please",
    "absolutely yes",
    "I think so",
    "yes we do",
    "go on then",
    "okay",
    "I'd love some",
    "if possible yes",
    "yes there is",
)
NO = (
    "no",
    "no thanks",
    "nope",
    "I don't",
    "not really",
    "I'd rather not",
    "no we don't",
    "not this time",
    "I don't think so",
    "no I won't",
    "that won't be necessary",
    "not needed",
    "without",
    "nah",
    "no there isn't",
    "there isn't one",
    "I'm fine thanks",
    "no need",
    "I'll be fine without",
    "never",
)
JA = (
    "ja",
    "ja bitte",
    "ja gern",
    "gerne",
    "klar",
    "natürlich",
    "ja das wäre gut",
    "auf jeden Fall",
    "ja schon",
    "ja haben wir",
    "doch",
    "jawohl",
    "unbedingt",
    "ja gibt es",
    "ich denke schon",
    "wenn möglich ja",
    "bitte ja",
)
NEIN = (
    "nein",
    "nein danke",
    "nee",
    "nö",
    "eher nicht",
    "lieber nicht",
    "das brauche ich nicht",
    "nein gibt es nicht",
    "ich glaube nicht",
    "nicht nötig",
    "leider nein",
    "leider nicht",
    "ohne",
    "keinen",
    "auf keinen Fall",
    "noch nie",
    "muss nicht sein",
)
CODES = {
    "AB12CDE": ("AB12 CDE", "A B one two C D E", "alpha bravo one two charlie delta echo", "A for apple, B for Bertie, twelve, C D E", "AB 12 CDE", "A B twelve C D E", "it's A B one two, then C D E"),
    "YK21BVD": ("YK21 BVD", "Y K twenty-one B V D", "yankee kilo two one bravo victor delta", "Y K two one, B for Bravo, V, D"),
}  # fmt: skip
COUNTS = {"4": ("four", "there are four of us", "four people", "two adults and two kids", "me my wife and the two kids", "the four of us", "4", "four I think", "it's four", "we'll be four", "a party of four", "four altogether"),
          "2": ("two", "a couple", "just the two of us", "me and my husband", "two of us", "my wife and I", "just me and my mum"),
          "1": ("just me", "one", "only myself", "just the one", "on my own", "I'm coming alone", "just myself", "one person")}  # fmt: skip
ANZAHLEN = {"4": ("vier", "wir sind zu viert", "vier Personen", "zwei Erwachsene und zwei Kinder", "zu viert", "wir sind vier", "vier Leute", "insgesamt vier"),
            "2": ("zwei", "zu zweit", "meine Frau und ich", "wir sind zwei", "ich und mein Mann", "zwei Personen", "nur wir zwei"),
            "1": ("nur ich", "eine Person", "ich komme allein", "einer", "ich allein", "nur eine", "für mich allein", "alleine")}  # fmt: skip


def misses(kind, language, table, around=("{}",), about="", **limits):
    """What is not understood of a table, as (text, what was made of it)."""
    asking = Asking(NOW, language, limits, about=about)
    texts = [(frame.format(way), value) for value, ways in table.items() for way, frame in product(ways, around)]
    found = [(text, kinds.read(kind, text, asking), value) for text, value in texts]
    return [
        (text, heard.value or heard.problem)
        for text, heard, value in found
        if heard.value.casefold() != value.casefold()
    ]


OPEN = {"from": "09:00", "to": "19:00"}


@pytest.mark.parametrize(
    ("kind", "language", "table", "around", "limits"),
    [
        ("date", "en", DAYS, AROUND["en"], {}),
        ("date", "de", TAGE, AROUND["de"], {}),
        ("time", "en", HOURS, AROUND["en"], OPEN),
        ("time", "de", STUNDEN, AROUND["de"], OPEN),
        ("phone", "en", PHONES, ("{}", "it's {}", "um {}", "my number is {}", "sure that's {}", "yes {} thanks"), {}),
        ("phone", "de", NUMMERN, ("{}", "das ist die {}", "ja {}", "meine Nummer ist {}", "{} bitte"), {}),
        ("email", "en", EMAILS, ("{}", "sure {}", "my email is {}", "yes, {} please", "um that's {}"), {}),
        ("address", "en", ADDRESSES, ("{}", "um {}", "{} please"), {}),
        ("address", "de", ADRESSEN, ("{}", "äh {}", "{} bitte"), {}),
        ("code", "en", CODES, ("{}", "um {}", "it's {}", "the number is {}", "sure, {}"), {"length": 7}),
    ],
)
def test_a_value_is_understood_in_whatever_way_it_is_said(kind, language, table, around, limits):
    assert misses(kind, language, table, around, **limits) == []


def test_numbers_of_people_are_understood_in_whatever_way_they_are_said():
    english, german = "Guests How many guests will there be?", "Gäste Wie viele Gäste sind Sie?"

    assert misses("number", "en", COUNTS, ("{}", "um {}", "{} please"), english, least=1, most=9) == []
    assert misses("number", "de", ANZAHLEN, ("{}", "äh {}", "{} bitte"), german, least=1, most=9) == []


def test_names_are_understood_in_whatever_way_they_are_told():
    english = {name: tuple(frame.format(name) for frame in NAMING) for name in NAMES}
    german = {name: tuple(frame.format(name) for frame in NENNEN) for name in (*NAMES[:6], "Jürgen Weiß", "von Hagen")}

    assert misses("name", "en", english, about="Name What's your name?") == []
    assert misses("name", "de", german, about="Name Wie ist Ihr Name?") == []


def test_a_yes_and_a_no_are_understood_in_whatever_words():
    about = "Breakfast Would you like breakfast?"

    assert misses("yesno", "en", {"yes": YES, "no": NO}, about=about) == []
    assert misses("yesno", "de", {"yes": JA, "no": NEIN}, about="Frühstück Möchten Sie Frühstück?") == []


@pytest.mark.parametrize(
    "text",
    ["doesn't matter", "I don't mind", "no preference", "anyone's fine", "whoever is free", "nobody in particular", "no nobody special",
     "it doesn't really matter who", "not bothered", "any of them", "ist mir egal", "egal wer", "wer gerade frei ist", "niemand bestimmtes"],
)  # fmt: skip
def test_it_is_all_the_same_to_them(text):
    assert orders.nothing(text)
