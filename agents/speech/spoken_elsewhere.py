"""How figures are said in German, Spanish, French and Italian: sums, clock times, dates, addresses.

Those voices read plain numbers, percents and units by themselves. As in English, each word of `text.split()` has one
spoken form, which may be empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.speech.figures import Clock, Day, Decimal, Figure, Hours, Sum

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_UNHEARD = re.compile(r"[*_~`^|<>{}\[\]\\\"“”„«»()]+")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's words for what stands in figures and signs."""

    currencies: Mapping[str, tuple[str, str]]  # one and many
    hour: str  # {0}: the hour
    hour_minute: str  # {0}: the hour, {1}: the minute
    lasting: tuple[str, str]  # one hour, many
    to: str
    months: tuple[str, ...]
    date: str  # {day}, {month}, {year}
    signs: Mapping[str, str]


def _months(names: str) -> tuple[str, ...]:
    return tuple(names.split())


TONGUES: Mapping[str, Tongue] = {
    "de": Tongue(
        {"€": ("Euro",) * 2, "$": ("Dollar",) * 2, "£": ("Pfund",) * 2, "¥": ("Yen",) * 2, "chf": ("Franken",) * 2},
        "{0} Uhr",
        "{0} Uhr {1}",
        ("Stunde", "Stunden"),
        "bis",
        _months("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        "{day}. {month} {year}",
        {
            "&": "und",
            "+": "plus",
            "=": "gleich",
            "@": "ät",
            ".": "Punkt",
            "-": "Minus",
            "_": "Unterstrich",
            "/": "Schrägstrich",
        },
    ),
    "es": Tongue(
        {
            **{"€": ("euro", "euros"), "$": ("dólar", "dólares"), "£": ("libra", "libras")},
            **{"¥": ("yen", "yenes"), "chf": ("franco", "francos")},
        },
        "{0} horas",
        "{0} horas {1}",
        ("hora", "horas"),
        "a",
        _months("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        "{day} de {month} de {year}",
        {
            "&": "y",
            "+": "más",
            "=": "igual a",
            "@": "arroba",
            ".": "punto",
            "-": "guion",
            "_": "guion bajo",
            "/": "barra",
        },
    ),
    "fr": Tongue(
        {
            **{"€": ("euro", "euros"), "$": ("dollar", "dollars"), "£": ("livre", "livres")},
            **{"¥": ("yen", "yens"), "chf": ("franc", "francs")},
        },
        "{0} heures",
        "{0} heures {1}",
        ("heure", "heures"),
        "à",
        _months("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        "{day} {month} {year}",
        {
            "&": "et",
            "+": "plus",
            "=": "égale",
            "@": "arobase",
            ".": "point",
            "-": "tiret",
            "_": "tiret bas",
            "/": "barre",
        },
    ),
    "it": Tongue(
        {
            **{"€": ("euro", "euro"), "$": ("dollaro", "dollari"), "£": ("sterlina", "sterline")},
            **{"¥": ("yen", "yen"), "chf": ("franco", "franchi")},
        },
        "{0}",
        "{0} e {1}",
        ("ora", "ore"),
        "a",
        _months("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        "{day} {month} {year}",
        {
            "&": "e",
            "+": "più",
            "=": "uguale",
            "@": "chiocciola",
            ".": "punto",
            "-": "trattino",
            "_": "trattino basso",
            "/": "barra",
        },
    ),
}


def say_figure(figure: Figure, tongue: Tongue) -> str:
    match figure.value:
        case Sum() as sum_:
            return _sum(sum_, tongue)
        case Clock(times):
            return f" {tongue.to} ".join(_time(hour, minute, tongue) for hour, minute in times)
        case Hours(hours):
            return f"{hours} {tongue.lasting[hours != 1]}"
        case Day(day):
            return tongue.date.format(day=day.day, month=tongue.months[day.month - 1], year=day.year)
        case Decimal(digits):
            return digits.replace(".", ",")


def say_word(word: str, tongue: Tongue) -> str:
    """A word that is no figure: addresses with their signs named, signs that stand alone, no quotation marks."""
    core = word.rstrip(".,;:?!…")
    if core in tongue.signs and core != ".":
        return "," if core in "-/_" else tongue.signs[core]
    address = core.strip("()<>[]\"'“”„")
    if _ADDRESS.fullmatch(address):
        pieces = re.findall(r"[^\W\d_]+|\d+|[\W_]", re.sub(r"^https?://", "", address, flags=re.I).rstrip("/"))
        return " ".join(tongue.signs.get(piece, piece) for piece in pieces) + word[len(core) :]
    return _UNHEARD.sub(" ", word).strip()


def _sum(sum_: Sum, tongue: Tongue) -> str:
    one, many = tongue.currencies[sum_.currency]
    said = f"{sum_.whole} {one if sum_.whole == 1 and not sum_.least else many}"
    if sum_.cents:
        said += f" {sum_.cents}"
    return f"{sum_.least.replace('.', ',')} {tongue.to} {said}" if sum_.least else said


def _time(hour: int, minute: int, tongue: Tongue) -> str:
    return (tongue.hour_minute if minute else tongue.hour).format(hour, minute)
