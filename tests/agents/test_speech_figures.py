"""Sums, times and dates as they are written in different countries, in the voice's words."""

import pytest

from agents.speech.figures import ambiguous_dates
from agents.speech.spoken_text import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs 1.299,00 €.", "It costs 1299 euros."),
        ("It costs 1.299,50€ now", "It costs 1299 euros and 50 cents now"),
        ("1.299,00 EUR or EUR 5,50, or 20 USD", "1299 euros or 5 euros and 50 cents, or 20 dollars"),
        ("€1.299,00 and € 1,299.00", "1299 euros and 1299 euros"),
        ("1.299 € and 12.500 €", "1299 euros and 12500 euros"),
        ("5,- € or 20.– CHF", "5 euros or 20 Swiss francs"),
        ("10–20 € or 1,50-2,50€", "10 to 20 euros or 1.50 to 2 euros and 50 cents"),
        ("1 € and 0,99 €", "1 euro and 99 cents"),
        ("about 1.299,75 or 3,5% of it", "about 1299.75 or 3.5% of it"),
        ("We open at 17 h.", "We open at 17 hundred."),
        ("from 9 h to 17h30, it takes 2 h", "from 9 o'clock to 17 30, it takes 2 hours"),
        ("8h-12h and 14h–17h30", "8 o'clock to 12 o'clock and 14 hundred to 17 30"),
        ("on 12/05/2026 or 25/12/2026.", "on December 5, 20 26 or December 25, 20 26."),
        ("on 12.05.2026 and 1.6.26", "on May 12, 20 26 and June 1, 20 26"),
        ("on 2024-05-12, not 2024-13-40", "on May 12, 20 24, not 2024-13-40"),
        ("5 EU countries, €, and EUR", "5 EU countries, €, and EUR"),
        ("call 0800 123 4567 at 9 h", "call 0 8 0 0, 1 2 3, 4 5 6 7 at 9 o'clock"),
        ("Привет means hello ☎ 日本", "means hello"),
    ],
)
def test_an_english_voice_says_figures_of_every_country(written, said):
    assert " ".join(" ".join(spoken(written)).split()) == said


def test_the_day_comes_first_but_in_the_united_states():
    assert spoken("12/05/2026", day_first=True) == ("May 12, 20 26",)
    assert spoken("12/05/2026") == ("December 5, 20 26",)
    assert spoken("12/25/2026", day_first=True) == ("December 25, 20 26",)


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("de", "Es kostet 1.299,00 €.", "Es kostet 1299 Euro."),
        ("de", "5,50 EUR um 17 h oder 17h30, es dauert 2 h", "5 Euro 50 um 17 Uhr oder 17 Uhr 30, es dauert 2 Stunden"),
        ("de", "am 12/05/2026 & später", "am 12. Mai 2026 und später"),
        ("de", "Post an info@example.com", "Post an info ät example Punkt com"),
        ("fr", "1 299 ou 1.299,00 € à 17 h", "1 299 ou 1299 euros à 17 heures"),
        ("fr", "le 12/05/2026", "le 12 mai 2026"),
        ("es", "Son 10–20 € a las 17 h.", "Son 10 a 20 euros a las 17 horas."),
        ("es", "el 12/05/2026", "el 12 de mayo de 2026"),
        ("it", "Costa 1 € il 12/05/2026", "Costa 1 euro il 12 maggio 2026"),
    ],
)
def test_other_voices_say_them_in_their_words(language, written, said):
    assert " ".join(" ".join(spoken(written, language)).split()) == said


def test_dates_that_are_two_days_are_known():
    assert ambiguous_dates("12/05/2026, 25/12/2026, 5/5/2026, 12.05.2026 and 1/2/26.") == ["12/05/2026", "1/2/26"]
