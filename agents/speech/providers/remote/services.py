"""The services of one call: what of its hearing and its voice goes to whom, and what closes all of it at the end."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from agents.connections.service import Service
from agents.speech.providers.base import Engines, Hearing, Voice
from agents.speech.providers.remote.assemblyai import AssemblyAiEar
from agents.speech.providers.remote.base import StreamingEar, StreamingVoice
from agents.speech.providers.remote.cartesia import CartesiaVoice
from agents.speech.providers.remote.chain import Health, HearingChain, VoiceChain
from agents.speech.providers.remote.deepgram import DeepgramEar
from agents.speech.providers.remote.elevenlabs import ElevenLabsVoice
from agents.speech.providers.remote.hearing import RemoteHearing
from agents.speech.providers.remote.openai import OpenAiEar, OpenAiVoice
from agents.speech.providers.remote.voice import RemoteVoice
from agents.speech.providers.voice_cache import CachedVoice, VoiceCache

# By the kinds of agents/connections/kinds.py.
EARS: dict[str, Callable[[Service], StreamingEar]] = {
    "openai": OpenAiEar,
    "deepgram": DeepgramEar,
    "assemblyai": AssemblyAiEar,
}
VOICES: dict[str, Callable[[Service], StreamingVoice]] = {
    "openai": OpenAiVoice,
    "elevenlabs": ElevenLabsVoice,
    "cartesia": CartesiaVoice,
}
UNUSED_S = 60.0  # what was made ready for a call that never came is closed

_healths: dict[str, Health] = {}
_HEALTHS_MOST = 1000


def identity(service: Service, use: str) -> str:
    """What a service is asked, in a few letters: another key, model or voice is another. Tells nothing of the key."""
    parts = (service.id, service.kind, service.address, service.key, use, sorted(service.settings.items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def health_of(service: Service, use: str) -> Health:
    name = identity(service, use)
    if name not in _healths and len(_healths) >= _HEALTHS_MOST:
        del _healths[next(iter(_healths))]
    return _healths.setdefault(name, Health())


class ServicesOfCall:
    """`tell` is told once for each outage that the call meets: part, service, code."""

    def __init__(
        self,
        hearing: Service | None,
        voice: Service | None,
        cache: VoiceCache,
        health_of: Callable[[Service, str], Health] = health_of,
    ) -> None:
        self._health_of = health_of
        self._hearing, self._voice, self._cache = hearing, voice, cache
        self._closes: list[Callable[[], Awaitable[None]]] = []
        self._unused: asyncio.TimerHandle | None = None
        self._lapsing: asyncio.Task[None] | None = None
        self.tell: Callable[[str, str, str], None] = lambda part, service, code: None

    def over(self, language: str, engines: Engines) -> Engines:
        """The same engines, each behind the service that is there for it."""
        hearing, voice = self.hearing_over(language, engines.hearing), self.voice_over(language, engines.voice)
        return replace(engines, hearing=hearing, voice=voice)

    def hearing_over(self, language: str, last: Hearing) -> Hearing:
        service = self._hearing
        if service is None or service.kind not in EARS:
            return last
        ear = RemoteHearing(EARS[service.kind](service), (language,))
        self._closes.append(ear.close)
        health = self._health_of(service, "hearing")
        return HearingChain(ear, last, service=service.name, health=health, tell=self._told)

    def voice_over(self, language: str, last: Voice) -> Voice:
        service = self._voice
        if service is None or service.kind not in VOICES:
            return last
        key = f"{service.kind}:{identity(service, language)}"
        voice = RemoteVoice(VOICES[service.kind](service), key=key, label=service.name, language=language)
        self._closes.append(voice.close)
        health = self._health_of(service, "voice")
        return VoiceChain(CachedVoice(voice, self._cache), last, service=service.name, health=health, tell=self._told)

    def _told(self, part: str, service: str, code: str) -> None:
        self.tell(part, service, code)

    def lapse(self, after_s: float = UNUSED_S) -> None:
        """Close everything unless the call begins by then."""
        self._unused = asyncio.get_running_loop().call_later(after_s, self._close_unused)

    def _close_unused(self) -> None:
        self._lapsing = asyncio.create_task(self.close())

    def begin(self) -> None:
        if self._unused:
            self._unused.cancel()

    async def close(self) -> None:
        """Never raises; what is asked after it opens again."""
        self.begin()
        await asyncio.gather(*(close() for close in self._closes), return_exceptions=True)
