"""A voice that remembers what it has said: greetings and set phrases cost nothing the second time."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable

from agents.speech.providers.base import Spoken, Voice

LONGEST_BYTES = 64 * 1024 * 1024  # about 22 minutes of speech


class VoiceCache:
    """Spoken sound by voice and text, for a whole process. What was not asked for the longest time goes first."""

    def __init__(self, longest_bytes: int = LONGEST_BYTES) -> None:
        self._longest_bytes = longest_bytes
        self._kept: OrderedDict[tuple[str, str], Spoken] = OrderedDict()
        self.bytes = 0

    def get(self, voice: str, text: str) -> Spoken | None:
        spoken = self._kept.get((voice, text))
        if spoken is not None:
            self._kept.move_to_end((voice, text))
        return spoken

    def put(self, voice: str, text: str, spoken: Spoken) -> None:
        if spoken.pcm.nbytes > self._longest_bytes // 4:
            return
        before = self._kept.pop((voice, text), None)
        self._kept[voice, text] = spoken
        self.bytes += spoken.pcm.nbytes - (before.pcm.nbytes if before else 0)
        while self.bytes > self._longest_bytes:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= gone.pcm.nbytes


class CachedVoice:
    """Any voice with a cache before it. Those who ask for the same text at the same time wait for one synthesis."""

    def __init__(self, voice: Voice, cache: VoiceCache) -> None:
        self.key, self.label, self.language = voice.key, voice.label, voice.language
        self.voice = voice
        self._cache = cache
        self._making: dict[tuple[str, str], asyncio.Task[Spoken]] = {}

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        name = self.key if speed == 1.0 else f"{self.key} at {speed:.2f}"
        found = self._cache.get(name, text)
        if found is not None:
            return found
        making = (name, text)
        task = self._making.get(making)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            paced = {} if speed == 1.0 else {"speed": speed}
            task = self._making[making] = asyncio.create_task(self.voice.speak(text, who=who, **paced))
            task.add_done_callback(lambda done: self._finish(making, done))
        # Shielded: when one of those who wait is cancelled, the others still get their sound, and the cache does too.
        return await asyncio.shield(task)

    def _finish(self, making: tuple[str, str], done: asyncio.Task[Spoken]) -> None:
        if self._making.get(making) is done:
            del self._making[making]
        if not done.cancelled() and done.exception() is None:
            spoken = done.result()
            spoken.pcm.setflags(write=False)
            self._cache.put(*making, spoken)


class PacedVoice:
    """A voice that speaks slower or quicker than it does by itself, all the time."""

    def __init__(self, voice: Voice, speed: float) -> None:
        self.key, self.label, self.language = voice.key, voice.label, voice.language
        self._voice, self._speed = voice, speed

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        return await self._voice.speak(text, who=who, speed=self._speed * speed)
