"""What was said once is not made again."""

import asyncio

import numpy as np
import pytest

from agents.speech.providers.base import ProviderError, Spoken
from agents.speech.providers.scripted import ScriptedVoice
from agents.speech.providers.voice_cache import CachedVoice, VoiceCache


class CountingVoice(ScriptedVoice):
    """The scripted voice, which counts and can be held up or fail."""

    def __init__(self):
        self.made = []
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False

    async def speak(self, text, *, who=None):
        self.made.append(text)
        await self.open.wait()
        if self.broken:
            raise ProviderError("not now")
        return await super().speak(text, who=who)


async def test_the_second_time_is_free():
    voice = CountingVoice()
    cached = CachedVoice(voice, VoiceCache())
    first = await cached.speak("Hello there.")
    assert await cached.speak("Hello there.") is first
    assert voice.made == ["Hello there."]
    assert (cached.key, cached.label, cached.language) == (voice.key, voice.label, voice.language)


async def test_those_who_ask_together_share_one_synthesis():
    voice = CountingVoice()
    voice.open.clear()
    cached = CachedVoice(voice, VoiceCache())
    asking = [asyncio.create_task(cached.speak("Hello.")) for _ in range(3)]
    await asyncio.sleep(0)
    voice.open.set()
    first, second, third = await asyncio.gather(*asking)
    assert first is second is third and voice.made == ["Hello."]


async def test_one_who_leaves_does_not_take_the_sound_from_the_others():
    voice = CountingVoice()
    voice.open.clear()
    cached = CachedVoice(voice, VoiceCache())
    leaving, staying = (asyncio.create_task(cached.speak("Hello.")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    voice.open.set()
    assert len((await staying).pcm) > 0
    assert leaving.cancelled() and voice.made == ["Hello."]


async def test_a_failure_is_told_to_all_and_not_kept():
    voice = CountingVoice()
    voice.broken = True
    cached = CachedVoice(voice, VoiceCache())
    failed = await asyncio.gather(cached.speak("Hello."), cached.speak("Hello."), return_exceptions=True)
    assert [type(error) for error in failed] == [ProviderError, ProviderError]
    voice.broken = False
    assert len((await cached.speak("Hello.")).pcm) > 0
    assert voice.made == ["Hello.", "Hello."]


async def test_kept_sound_cannot_be_changed():
    cached = CachedVoice(ScriptedVoice(), VoiceCache())
    spoken = await cached.speak("Hello.")
    with pytest.raises(ValueError):
        spoken.pcm[0] = 1


def test_what_was_not_asked_for_the_longest_time_goes_first():
    cache = VoiceCache(longest_bytes=4000)
    sound = [Spoken(np.full(500, n, np.int16), ()) for n in range(5)]
    for n in range(4):
        cache.put("v", str(n), sound[n])
    assert cache.bytes == 4000
    assert cache.get("v", "0") is sound[0]
    cache.put("v", "4", sound[4])
    assert cache.get("v", "1") is None and cache.get("v", "0") is sound[0] and cache.bytes == 4000
    cache.put("v", "4", sound[3])
    assert cache.get("v", "4") is sound[3] and cache.bytes == 4000
    cache.put("other", "0", sound[2])
    assert cache.get("v", "0") is sound[0]


def test_a_piece_too_long_for_the_cache_is_not_kept():
    cache = VoiceCache(longest_bytes=4000)
    cache.put("v", "long", Spoken(np.zeros(501, np.int16), ()))
    assert cache.get("v", "long") is None and cache.bytes == 0
