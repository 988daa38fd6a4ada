"""Every provider by kind and key, what each needs and how it is made. registry.py chooses among them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agents.speech.providers import (
    espeak,
    hibari,
    many_languages,
    minilm,
    moonshine,
    pico,
    scripted,
    silero,
    two_ears,
    two_meanings,
    usem3,
    weights,
    whisper,
)
from agents.speech.providers.hibari import HibariVoice
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.pico import PicoVoice
from agents.speech.providers.piper import PiperVoice
from agents.speech.providers.silero import SileroActivity
from agents.speech.providers.two_meanings import TwoMeanings
from agents.speech.providers.whisper import WhisperHearing


@dataclass(frozen=True, slots=True)
class Provider:
    """One line of the table: how it is made, and what must be there before."""

    label: str
    languages: tuple[str, ...]  # () is every one
    make: Callable[[Path], Any]
    needs: tuple[str, ...] = ()  # names in weights.FILES
    program: Callable[[], bool] | None = None
    program_name: str = ""

    def lacks(self, models_dir: Path) -> list[str]:
        """What is missing, in plain words."""
        lacks = [f"the file for {name}" for name in weights.missing(self.needs, models_dir)]
        if self.program and not self.program():
            lacks.append(self.program_name)
        return lacks


def _piper(name: str, label: str, language: str) -> Provider:
    return Provider(
        label,
        (language,),
        lambda models_dir: PiperVoice(models_dir, name=name, label=label, language=language),
        (f"piper {name}", f"piper {name} settings"),
        espeak.is_installed,
        "the eSpeak library",
    )


def _hibari(name: str, label: str) -> Provider:
    return Provider(
        label,
        ("en",),
        lambda models_dir: HibariVoice(models_dir, name=name, label=label),
        hibari.NEEDS,
        hibari.is_installed,
        "the hibari-tts package",
    )


def _pico(name: str, label: str) -> Provider:
    language = name.split("-")[0]
    return Provider(
        label, (language,), lambda _: PicoVoice(name, label), (), pico.is_installed, "the py-nanotts package"
    )


# Within a kind and a language, the first that can run steps in for one that cannot.
PROVIDERS: dict[str, dict[str, Provider]] = {
    "activity": {
        "silero": Provider("Silero", (), lambda models_dir: partial(SileroActivity, models_dir), silero.NEEDS),
    },
    "hearing": {
        "moonshine": Provider("Moonshine", ("en",), two_ears.make, moonshine.TINY.needs),
        "whisper": Provider(
            "Whisper base",
            whisper.LANGUAGES,
            WhisperHearing,
            whisper.NEEDS,
            whisper.is_installed,
            "the ctranslate2 package",
        ),
    },
    "voice": {
        "hibari:heart": _hibari("heart", "Hibari (American)"),
        "piper:joe": _piper("joe", "Joe (American)", "en"),
        "pico:en-US": _pico("en-US", "Plain (American)"),
        "pico:en-GB": _pico("en-GB", "Plain (British)"),
        "pico:de-DE": _pico("de-DE", "Plain (German)"),
        "pico:es-ES": _pico("es-ES", "Plain (Spanish)"),
        "pico:fr-FR": _pico("fr-FR", "Plain (French)"),
        "pico:it-IT": _pico("it-IT", "Plain (Italian)"),
    },
    "meaning": {
        "both": Provider("MiniLM and USE multilingual", ("en",), TwoMeanings, two_meanings.NEEDS),
        "usem3": Provider("USE multilingual", usem3.LANGUAGES, many_languages.make, usem3.NEEDS),
        "minilm": Provider("MiniLM", ("en",), MiniLmMeaning, minilm.NEEDS),
        "words": Provider("Shared words", (), lambda _: scripted.ScriptedMeaning()),
    },
}
