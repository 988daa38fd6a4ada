"""Trying a service once, as a call would use it: a sentence is said to it, or by it. What came of it, in one code."""

import asyncio
import time
from dataclasses import dataclass

from agents.connections.kinds import HEARING
from agents.connections.service import Service
from agents.speech.providers.base import ProviderError, Voice
from agents.speech.providers.remote.base import failure
from agents.speech.providers.remote.hearing import RemoteHearing
from agents.speech.providers.remote.services import EARS, VOICES
from agents.speech.providers.remote.voice import RemoteVoice
from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, as_float, from_float

WITHIN_S = 15.0
SENTENCES = {"en": "Good day, this is a test.", "de": "Guten Tag, das ist ein Test."}


@dataclass(frozen=True, slots=True)
class Probed:
    """`code`: empty where it works; DEAF where it answered and understood nothing; else a ProviderError's."""

    code: str
    ms: int
    heard: str = ""  # of our own sentence


async def probe(service: Service, use: str, language: str, speaker: Voice) -> Probed:
    """Never raises for what the service does. `speaker` says the sentence that is to be heard."""
    began = time.perf_counter()
    code, heard = "", ""
    try:
        async with asyncio.timeout(WITHIN_S):
            if use == HEARING:
                sentence = SENTENCES.get(language, SENTENCES["en"])
                sound = (await speaker.speak(sentence)).pcm
                began = time.perf_counter()  # from here on it is the service's time
                heard = await _heard(service, language, from_float(resample(as_float(sound), SPOKEN_HZ, HEARD_HZ)))
                code = "" if heard else "DEAF"
            else:
                await _spoken(service, language)
    except ProviderError as error:
        code = error.code or "BROKEN"
    except TimeoutError:
        code = "TOO_SLOW"
    return Probed(code, max(1, round((time.perf_counter() - began) * 1000)), heard)


async def _heard(service: Service, language: str, sound: Pcm) -> str:
    if service.kind not in EARS:
        raise failure("GONE", "does not hear")
    ear = RemoteHearing(EARS[service.kind](service), (language,))
    try:
        return (await ear.hear(sound, language=language)).text
    finally:
        await ear.close()


async def _spoken(service: Service, language: str) -> None:
    if service.kind not in VOICES:
        raise failure("GONE", "does not speak")
    voice = RemoteVoice(VOICES[service.kind](service), key=service.kind, label=service.name, language=language)
    try:
        await voice.speak(SENTENCES.get(language, SENTENCES["en"]))
    finally:
        await voice.close()
