"""What people say, and what is meant by it: on Monday, 30 November 2026, ten in the morning. Written before the grammars
were tuned; bench/flows compares them with dateparser and phonenumbers on the same rows."""

from datetime import datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Europe/London"))

# (kind, language, text, value or "problem:…", limits)
CASES: list[tuple[str, str, str, str, dict]] = [
    *(
        ("date", "en", text, value, {})
        for text, value in (
            ("tomorrow", "2026-12-01"),
            ("the day after tomorrow please", "2026-12-02"),
            ("today", "2026-11-30"),
            ("Friday", "2026-12-04"),
            ("on Monday", "2026-12-07"),
            ("this coming Wednesday", "2026-12-02"),
            ("next Thursday", "2026-12-10"),
            ("Thursday next week", "2026-12-10"),
            ("a week on Friday", "2026-12-11"),
            ("Friday week", "2026-12-11"),
            ("in three days", "2026-12-03"),
            ("in two weeks", "2026-12-14"),
            ("two weeks from now", "2026-12-14"),
            ("the third of May", "2027-05-03"),
            ("the third of May at half past two", "2027-05-03"),
            ("May third", "2027-05-03"),
            ("May the 3rd", "2027-05-03"),
            ("3 May 2028", "2028-05-03"),
            ("December twenty-fourth", "2026-12-24"),
            ("the twenty first of January twenty twenty seven", "2027-01-21"),
            ("the 15th", "2026-12-15"),
            ("Tuesday the first of December", "2026-12-01"),
            ("not Tuesday, Wednesday", "2026-12-02"),
            ("Tuesday, no wait, Thursday", "2026-12-03"),
            ("um, how about, uh, Friday?", "2026-12-04"),
            ("2027-02-28", "2027-02-28"),
            ("tomorrow morning", "2026-12-01"),
            ("next week", "problem:part"),
            ("at the weekend", "problem:which"),
            ("03/05/2027", "problem:which"),
            ("the thirtieth of February", "problem:none"),
            ("may I ask something", "problem:none"),
            ("one second please", "problem:none"),
            ("yesterday", "problem:past"),
            ("I do not know", "problem:none"),
        )
    ),
    ("date", "en", "Sunday", "problem:closed", {"days": [0, 1, 2, 3, 4]}),
    ("date", "en", "the fourth of July 1984", "1984-07-04", {"when": "past"}),
    ("date", "en", "the fourth of July nineteen eighty-four", "1984-07-04", {"when": "past"}),
    *(
        ("date", "de", text, value, {})
        for text, value in (
            ("morgen", "2026-12-01"),
            ("übermorgen bitte", "2026-12-02"),
            ("morgen früh", "2026-12-01"),
            ("nächsten Dienstag um halb drei", "2026-12-01"),
            ("nächste Woche Dienstag", "2026-12-08"),
            ("am kommenden Freitag", "2026-12-04"),
            ("Freitagnachmittag", "2026-12-04"),
            ("Montag in einer Woche", "2026-12-14"),
            ("in vierzehn Tagen", "2026-12-14"),
            ("in zwei Wochen", "2026-12-14"),
            ("am dritten Mai", "2027-05-03"),
            ("am dritten fünften", "2027-05-03"),
            ("am 24.12.", "2026-12-24"),
            ("24.12.2026", "2026-12-24"),
            ("am einundzwanzigsten Januar", "2027-01-21"),
            ("der 15.", "2026-12-15"),
            ("am ersten Dezember zweitausendsiebenundzwanzig", "2027-12-01"),
            ("nicht Dienstag, Mittwoch", "2026-12-02"),
            ("guten Morgen", "problem:none"),
            ("nächste Woche", "problem:part"),
            ("am Wochenende", "problem:which"),
        )
    ),
    *(
        ("time", "en", text, value, {})
        for text, value in (
            ("three", "15:00"),
            ("at three", "15:00"),
            ("three o'clock", "15:00"),
            ("3 p.m.", "15:00"),
            ("3pm", "15:00"),
            ("ten a.m.", "10:00"),
            ("half past two", "14:30"),
            ("half two", "14:30"),
            ("quarter to four", "15:45"),
            ("a quarter past eleven", "11:15"),
            ("ten past nine", "09:10"),
            ("twenty to five", "16:40"),
            ("two thirty", "14:30"),
            ("nine oh five", "09:05"),
            ("14:30", "14:30"),
            ("9:30 am", "09:30"),
            ("noon", "12:00"),
            ("seven in the evening", "19:00"),
            ("eight in the morning", "08:00"),
            ("not at three, at four", "16:00"),
            ("three, sorry, four o'clock", "16:00"),
            ("around ten", "10:00"),
            ("in the morning", "problem:part"),
            ("between two and four", "problem:which"),
            ("whenever", "problem:none"),
        )
    ),
    ("time", "en", "eight", "problem:which", {"from": "07:00", "to": "22:00"}),
    ("time", "en", "eight", "20:00", {"from": "12:00", "to": "22:00"}),
    ("time", "en", "eight", "problem:closed", {"from": "09:00", "to": "17:00"}),
    *(
        ("time", "de", text, value, {})
        for text, value in (
            ("um drei", "15:00"),
            ("halb drei", "14:30"),
            ("nächsten Dienstag um halb drei", "14:30"),
            ("Viertel nach zehn", "10:15"),
            ("Viertel vor vier", "15:45"),
            ("viertel drei", "14:15"),
            ("drei viertel drei", "14:45"),
            ("fünf vor halb elf", "10:25"),
            ("zehn nach neun", "09:10"),
            ("vierzehn Uhr", "14:00"),
            ("vierzehn Uhr dreißig", "14:30"),
            ("14 Uhr 30", "14:30"),
            ("neun Uhr", "09:00"),
            ("acht Uhr abends", "20:00"),
            ("mittags", "12:00"),
            ("um 9.30 Uhr", "09:30"),
            ("nachmittags um vier", "16:00"),
        )
    ),
    *(
        ("phone", "en", text, value, {})
        for text, value in (
            ("oh one five one, double two three, four five six seven", "01512234567"),
            ("zero seven seven double zero nine hundred one two three", "07700900123"),
            ("020 7946 0018", "02079460018"),
            ("plus four four, seven seven double oh, nine double oh one two three", "+447700900123"),
            ("0044 20 7946 0018", "+442079460018"),
            ("(555) 123-4567", "5551234567"),
            ("my number is five five five, oh one four two", "5550142"),
            ("triple five one two three four", "5551234"),
            ("fifty five, twelve, thirty four", "551234"),
            ("five five five, no sorry, five five six, one two three four", "5561234"),
            ("oh two oh", "problem:part"),
            ("I'd rather not say", "problem:none"),
            ("１２３４５６７", "1234567"),
            ("٠١٥١٢٣٤٥٦", "015123456"),
            ("1" * 40, "problem:most"),
        )
    ),
    *(
        ("phone", "de", text, value, {})
        for text, value in (
            ("null eins sieben drei, zwei zwei vier fünf sechs sieben acht", "01732245678"),
            ("null drei null, zwölf vierunddreißig sechsundfünfzig", "030123456"),
            ("doppel fünf drei eins zwo zwo null", "5531220"),
            ("dreimal die sieben, eins zwei drei vier", "7771234"),
            ("plus vier neun eins sieben eins zwei drei vier fünf sechs sieben", "+49171234567"),
            ("0171/23 45 678", "01712345678"),
        )
    ),
    *(
        ("email", "en", text, value, {})
        for text, value in (
            ("anna dot miller at gmail dot com", "anna.miller@gmail.com"),
            ("It's anna dot miller at gmail dot com.", "anna.miller@gmail.com"),
            ("Anna.Miller@gmail.com", "anna.miller@gmail.com"),
            ("my email is bob underscore seven at outlook dot co dot uk", "bob_7@outlook.co.uk"),
            ("a n n a at web dot de", "anna@web.de"),
            ("november india november alpha at proton dot me", "nina@proton.me"),
            ("n as in november, i, n, a at proton dot me", "nina@proton.me"),
            ("john dash smith at example dot org", "john-smith@example.org"),
            ("info at the dash shop dot com", "info@the-shop.com"),
            ("anna miller at gmail.com", "annamiller@gmail.com"),
            ("I do not have one", "problem:none"),
            ("I am at home", "problem:part"),
        )
    ),
    *(
        ("email", "de", text, value, {})
        for text, value in (
            ("m Punkt maier at t-online Punkt de", "m.maier@t-online.de"),
            ("anna Punkt müller ät gmx Punkt de", "anna.müller@gmx.de"),
            ("meine E-Mail ist jana unterstrich kern at web punkt de", "jana_kern@web.de"),
            ("info Klammeraffe der Bindestrich laden Punkt com", "info@der-laden.com"),
        )
    ),
    *(
        ("name", "en", text, value, {})
        for text, value in (
            ("Anna Miller", "Anna Miller"),
            ("My name is Anna Miller.", "Anna Miller"),
            ("it's Bob", "Bob"),
            ("Bob Marlow speaking", "Bob Marlow"),
            ("Um, yes, this is Dr. Lin", "Dr. Lin"),
            ("M I L L E R", "Miller"),
            ("M-I-L-L-E-R", "Miller"),
            ("Anna Meyer, M E Y E R", "Anna Meyer"),
            ("Meier, that's spelled M A I E R", "Maier"),
            ("Mike India Lima Lima Echo Romeo", "Miller"),
            ("M as in Mike, A, Y", "May"),
            ("it's Lee, L double E", "Lee"),
            ("ann bell", "Ann Bell"),
            ("Ben Oduya and my number is 0151 234 5678", "Ben Oduya"),
            ("O'Brien", "O'Brien"),
            ("why do you need that?", "problem:none"),
            ("I'd rather not say", "problem:none"),
            ("...", "problem:none"),
        )
    ),
    *(
        ("name", "de", text, value, {})
        for text, value in (
            ("Jana Kern", "Jana Kern"),
            ("mein Name ist Schulze", "Schulze"),
            ("Ich heiße Peter Groß", "Peter Groß"),
            ("M A I E R", "Maier"),
            ("Martha Anton Ida Emil Richard", "Maier"),
            ("Wagner, W A G N E R", "Wagner"),
            ("Kröger mit M wie Martha", "Kröger"),
        )
    ),
    *(
        ("number", "en", text, value, {})
        for text, value in (
            ("four", "4"),
            ("there are six of us", "6"),
            ("a couple", "2"),
            ("half a dozen", "6"),
            ("twenty one", "21"),
            ("one hundred and twenty", "120"),
            ("two and a half", "2.5"),
            ("two point five", "2.5"),
            ("1,200", "1200"),
            ("٧", "7"),
            ("many", "problem:none"),
        )
    ),
    *(
        ("number", "de", text, value, {})
        for text, value in (
            ("vier", "4"),
            ("zu viert", "4"),
            ("einundzwanzig", "21"),
            ("zweieinhalb", "2.5"),
            ("zweihundertfünfzig", "250"),
            ("wir sind drei Personen", "3"),
        )
    ),
    ("number", "en", "twenty", "problem:most", {"most": 12}),
    ("number", "en", "one oh four", "104", {}),
    ("number", "en", "It's four, seven, one, one, oh.", "47110", {}),
    ("number", "de", "eins null vier", "104", {}),
    ("number", "en", "three, four, five people", "5", {}),
    ("number", "en", "one hundred and two", "102", {}),
    ("code", "en", "four seven one one oh", "47110", {"length": 5}),
    ("code", "en", "4711. Oh.", "47110", {"length": 5}),
    ("code", "en", "B K oh four seven", "BK047", {"length": 5}),
    ("code", "en", "B K O 4 7", "BKO47", {"length": 5}),
    *(
        ("amount", "en", text, value, {"currency": "GBP"})
        for text, value in (
            ("twenty pounds fifty", "20.50 GBP"),
            ("£15", "15 GBP"),
            ("€20.50", "20.50 EUR"),
            ("about thirty", "30 GBP"),
            ("a hundred dollars", "100 USD"),
            ("nineteen ninety-nine", "19.99 GBP"),
        )
    ),
    *(
        ("amount", "de", text, value, {"currency": "EUR"})
        for text, value in (
            ("zwanzig Euro fünfzig", "20.50 EUR"),
            ("1.299,00 €", "1299 EUR"),
            ("hundertzwanzig", "120 EUR"),
            ("20 Euro", "20 EUR"),
        )
    ),
    *(
        ("address", "en", text, value, {})
        for text, value in (
            ("12 Baker Street, London", "12 Baker Street, London"),
            ("it's twenty-one Baker Street London", "21 Baker Street London"),
            ("Baker Street", "problem:house"),
            ("no", "problem:none"),
        )
    ),
    ("address", "de", "Hauptstraße fünf, eins null eins eins fünf Berlin", "Hauptstraße 5, 10115 Berlin", {}),
    ("code", "en", "and 88", "problem:none", {"length": 5}),
    ("code", "en", "BK four seven seven", "BK477", {"length": 5}),
    ("code", "en", "B K four double seven", "BK477", {"length": 5}),
    ("code", "en", "bravo kilo 477", "BK477", {"length": 5}),
    ("code", "en", "B as in bravo, kilo, four, double seven", "BK477", {"length": 5}),
    ("code", "en", "it's BK-477", "BK477", {"length": 5}),
    ("code", "en", "my order number is A B 1 2 3 4", "AB1234", {"length": 6}),
    ("code", "en", "A B 1 2", "problem:part", {"length": 6}),
    ("code", "en", "no idea", "problem:none", {"length": 6}),
    ("code", "de", "Berta Kaufmann vier sieben sieben", "BK477", {"length": 5}),
    ("code", "de", "B wie Berta, K, vier sieben sieben", "BK477", {"length": 5}),
    *(("yesno", "en", text, value, {}) for text, value in (("yes please", "yes"), ("I'd rather not", "no"), ("inside please, no", "no"), ("sure, why not", "yes"), ("perhaps", "problem:none"))),
    *(("yesno", "de", text, value, {}) for text, value in (("ja gern", "yes"), ("lieber nicht", "no"), ("nein danke", "no"))),
    *(
        ("choice", "en", text, value, {"options": [{"name": "The motor", "also": ["engine"]}, {"name": "The brakes", "also": []}, {"name": "A season pass", "also": []}, {"name": "A day pass", "also": []}]})
        for text, value in (
            ("my motor makes a noise", "The motor"),
            ("the engine", "The motor"),
            ("the breaks", "The brakes"),
            ("brake", "The brakes"),
            ("the second one", "The brakes"),
            ("a season pass please", "A season pass"),
            ("not the motor, the brakes", "The brakes"),
            ("the motor or the brakes", "problem:which"),
            ("banana", "problem:none"),
        )
    ),
]  # fmt: skip
