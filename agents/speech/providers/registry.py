"""Which provider of table.py a call gets, and which one steps in when it is not there.

`engines` picks a call's set. `warm_up` loads what the first call would otherwise wait for. `available` tells a person
what is there and what is missing.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.connections.service import Service
from agents.speech import inference
from agents.speech.providers import (
    scripted,
    weights,
)
from agents.speech.providers.base import CallServices, Engines, Hearing, Meaning, ProviderError, Voice
from agents.speech.providers.several_hearings import SeveralHearings
from agents.speech.providers.table import PROVIDERS, Provider
from agents.speech.providers.voice_cache import CachedVoice, PacedVoice, VoiceCache
from agents.speech.sound import HEARD_HZ, SILENT_FRAME

log = logging.getLogger(__name__)


_made: dict[tuple[str, str, Path], Any] = {}
_broken: dict[tuple[str, str, Path], list[str]] = {}  # found out while warming up
_spoken = VoiceCache()


@dataclass(frozen=True, slots=True)
class Availability:
    """One provider, for a person to read. `problem` is empty when it is ready."""

    kind: str
    key: str
    label: str
    ready: bool
    problem: str


def engines(speech: str, voice: str, language: str, models_dir: Path, *, speed: float = 1.0) -> Engines:
    """What one call hears, thinks and speaks with. Raises ProviderError(permanent) where nothing can do a part of it.

    Cheap: models are loaded by `warm_up`, or else by the pool when they are first used. For calls in several languages
    see `engines_by_language`.
    """
    if speech == "scripted":
        made = scripted.engines()
        return replace(made, voice=paced(made.voice, speed))
    return Engines(
        activity=_pick("activity", "silero", language, models_dir),
        hearing=find_hearing(language, models_dir),
        voice=paced(find_voice(voice, language, models_dir), speed),
        meaning=find_meaning(language, models_dir),
    )


def engines_by_language(
    speech: str,
    voices: Mapping[str, str],
    models_dir: Path,
    *,
    speed: float = 1.0,
    services: CallServices | None = None,
) -> dict[str, Engines]:
    """What one call needs for each of its languages: `voices` by language, the first one first. `services` go before
    the engines of this server.

    A language that cannot be heard or spoken here is left out. Raises ProviderError where that is the first one.
    """
    found: dict[str, Engines] = {}
    for language, voice in voices.items():
        try:
            own = engines(speech, voice, language, models_dir)
            own = services.over(language, own) if services else own
            found[language] = replace(own, voice=paced(own.voice, speed))
        except ProviderError as error:
            if not found:
                raise
            log.warning("a call goes without the language %s: %s", language, error)
    if len(found) < 2 or speech == "scripted":
        return found
    try:
        teller = _pick("hearing", "whisper", next(iter(found)), models_dir)
    except ProviderError:
        return found
    if not hasattr(teller, "language"):
        return found
    hearing = SeveralHearings({language: one.hearing for language, one in found.items()}, teller)
    return {language: replace(one, hearing=hearing) for language, one in found.items()}


def services_of_call(hearing: Service | None, voice: Service | None, *, trial: bool = False) -> CallServices | None:
    """None where no service is wanted. `trial`: somebody looks at what it does, so it is asked even after it failed."""
    if not hearing and not voice:
        return None
    from agents.speech.providers.remote.chain import Health  # these bring an HTTP client along
    from agents.speech.providers.remote.services import ServicesOfCall, health_of

    return ServicesOfCall(hearing, voice, _spoken, health_of=(lambda service, use: Health()) if trial else health_of)


def find_hearing(language: str, models_dir: Path) -> Hearing:
    return _pick("hearing", hearing_key(language), language, models_dir)


def hearing_key(language: str) -> str:
    """The quick one where it knows the language."""
    return "moonshine" if language.split("-")[0].lower() == "en" else "whisper"


def find_voice(key: str, language: str, models_dir: Path) -> Voice:
    """The voice of that key, else one of the same language that can run; with the process's cache before it."""
    return _pick("voice", key, language, models_dir)


def paced(voice: Voice, speed: float) -> Voice:
    """The voice at a multiple of its own speed."""
    return voice if speed == 1.0 else PacedVoice(voice, speed)


def find_meaning(language: str, models_dir: Path) -> Meaning:
    return _pick("meaning", meaning_key(language), language, models_dir)


def meaning_key(language: str) -> str:
    """Both encoders where both know the language, else the one of many languages."""
    return "both" if language.split("-")[0].lower() == "en" else "usem3"


def voices(language: str = "") -> list[tuple[str, str]]:
    """Key and label of every voice, or of those that speak a language, best first."""
    short = language.split("-")[0].lower()
    return [(key, one.label) for key, one in PROVIDERS["voice"].items() if not short or short in one.languages]


def hears(language: str) -> bool:
    """Whether some engine makes words out in this language, installed or not."""
    short = language.split("-")[0].lower()
    return any(short in one.languages for one in PROVIDERS["hearing"].values())


def installed_voices(models_dir: Path) -> list[Availability]:
    """Every voice and whether it can run here; looks for files, and does not read them."""
    found = []
    for key, provider in PROVIDERS["voice"].items():
        lacks = provider.lacks(models_dir) + _broken.get(("voice", key, models_dir), [])
        problem = f"Missing: {', '.join(lacks)}." if lacks else ""
        found.append(Availability("voice", key, provider.label, not lacks, problem))
    return found


def _pick(kind: str, key: str, language: str, models_dir: Path) -> Any:
    return _provider(kind, _choose(kind, key, language, models_dir), models_dir)


def _choose(kind: str, key: str, language: str, models_dir: Path) -> str:
    """The key itself if it can run, else the first of its kind and language that can. Raises ProviderError."""
    short = language.split("-")[0].lower()
    lacks: list[str] = []
    wanted = [key] if key in PROVIDERS[kind] else []
    for name in [*wanted, *(other for other in PROVIDERS[kind] if other != key)]:
        provider = PROVIDERS[kind][name]
        if provider.languages and short not in provider.languages:
            continue
        lacking = provider.lacks(models_dir) + _broken.get((kind, name, models_dir), [])
        if not lacking:
            if name != key:
                log.warning("%s %s cannot run here, %s steps in", kind, key, name)
            return name
        lacks.extend(lacking)
    why = f"missing: {', '.join(lacks)}" if lacks else f"nothing here does it in the language {language}"
    raise ProviderError(f"No {kind}: {why}", permanent=True)


def _provider(kind: str, key: str, models_dir: Path) -> Any:
    name = (kind, key, models_dir)
    if name not in _made:
        made = PROVIDERS[kind][key].make(models_dir)
        _made[name] = CachedVoice(made, _spoken) if kind == "voice" else made
    return _made[name]


async def warm_up(models_dir: Path, speech: str, *, voice: str = "hibari:heart", language: str = "en") -> list[str]:
    """Load every engine a call needs and run it once. Returns what is wrong, in plain words; never raises for it.

    What turns out not to run is left out from then on, and the next of its kind is tried.
    """
    if speech == "scripted":
        return []
    wrong = []
    needed = (
        ("activity", "silero"),
        ("hearing", hearing_key(language)),
        ("voice", voice),
        ("meaning", meaning_key(language)),
    )
    for kind, wanted in needed:
        for _ in PROVIDERS[kind]:
            key = ""
            try:
                key = _choose(kind, wanted, language, models_dir)
                await _run_once(kind, _provider(kind, key, models_dir), language)
                break
            except ProviderError as error:
                wrong.append(str(error))
                if not key or not error.permanent:
                    break
                plain = getattr(_made.get((kind, key, models_dir)), "plain", None)
                if plain is not None:  # it is what is beside it that does not run
                    _made[kind, key, models_dir] = plain
                else:
                    _broken[kind, key, models_dir] = [str(error)]
    return wrong


async def _run_once(kind: str, provider: Any, language: str) -> None:
    match kind:
        case "activity":
            activity = await inference.shared().run(provider)
            for _ in range(3):
                activity.speech(SILENT_FRAME)
        case "hearing":
            noise = np.random.default_rng(0).normal(0, 30, HEARD_HZ).astype(np.int16)
            await provider.hear(noise, language=language)
        case "voice":
            await provider.speak("Hello.")
        case "meaning":
            await provider.vectors(["Hello."])


def available(models_dir: Path, kinds: Iterable[str] = tuple(PROVIDERS)) -> list[Availability]:
    """What is there and what is missing. Reads and checks every file: for `doctor`, not for a call."""
    found = []
    for kind in kinds:
        for key, provider in PROVIDERS[kind].items():
            problem = _problem(provider, models_dir)
            found.append(Availability(kind, key, provider.label, not problem, problem))
    return found


def _problem(provider: Provider, models_dir: Path) -> str:
    for name in provider.needs:
        try:
            weights.read(name, models_dir)
        except ProviderError as error:
            return str(error)
    lacking = provider.lacks(models_dir)
    return f"Missing: {', '.join(lacking)}." if lacking else ""
