"""What every service that speaks promises, against a faithful fake of its documented wire, its faults among them."""

import asyncio
from itertools import pairwise

import numpy as np
import pytest

from agents.connections.service import Service
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote import voice as remote_voice
from agents.speech.providers.remote.openai import _wav
from agents.speech.providers.remote.services import VOICES
from agents.speech.providers.remote.voice import RemoteVoice
from agents.speech.providers.scripted import WORD_S
from agents.speech.sound import SPOKEN_HZ
from tests.fakes.services import speech as fakes
from tests.fakes.services.wire import KEY, served

FAKES = {"openai": fakes.OpenAiSpeaks, "elevenlabs": fakes.ElevenLabs, "cartesia": fakes.Cartesia}
TEXT = "We are open from nine to six."
CODES = {"401": "KEY", "429": "BUSY", "500": "BROKEN"}


def test_every_service_that_speaks_has_a_fake():
    assert set(FAKES) == set(VOICES)


@pytest.fixture(params=sorted(VOICES))
async def there(request):
    fake, kind, voices = FAKES[request.param](), request.param, []
    server = await served(fake)
    path = "/v1" if kind == "openai" else ""

    def make(key=KEY):
        settings = {"model": "some-model", "voice": "voice-1"}
        service = Service(1, kind, "Voice", str(server.make_url(path)).rstrip("/"), key, True, settings)
        voices.append(RemoteVoice(VOICES[kind](service), key=f"{kind}:1", label="Voice", language="en"))
        return voices[-1]

    yield fake, make
    for voice in voices:
        await voice.close()
        await voice.close()
    fake.moved.set()
    await server.close()


async def test_a_text_is_said_whole_and_each_word_has_an_end(there):
    fake, make = there
    spoken = await make().speak(TEXT)
    seconds = len(spoken.pcm) / SPOKEN_HZ
    assert fake.said == [TEXT]
    assert seconds == pytest.approx(WORD_S * 7, abs=0.05)
    assert len(spoken.word_ends_s) == 7 and all(a <= b for a, b in pairwise(spoken.word_ends_s))
    assert 0 < spoken.word_ends_s[0] and spoken.word_ends_s[-1] <= seconds + 1e-6


async def test_where_the_wire_tells_times_they_are_told(there):
    fake, make = there
    spoken = await make().speak(TEXT)
    if not isinstance(fake, fakes.OpenAiSpeaks):
        for place, end in enumerate(spoken.word_ends_s[:-1]):
            assert end == pytest.approx((place + 1) * WORD_S, abs=0.03)


async def test_several_texts_at_once_do_not_mix(there):
    _fake, make = there
    voice = make()
    spoken = await asyncio.gather(*(voice.speak(text) for text in ("One moment.", TEXT, "Goodbye.")))
    assert [round(len(one.pcm) / SPOKEN_HZ / WORD_S) for one in spoken] == [2, 7, 1]


async def test_it_is_as_loud_as_other_voices(there, monkeypatch):
    _fake, make = there
    quiet = (await make().speak(TEXT)).pcm
    monkeypatch.setattr(fakes, "sound_of", lambda words, loud=0: type(sound_of(words))(sound_of(words, 9000)))
    loud = (await make().speak(TEXT)).pcm
    size = [float(np.abs(pcm.astype(float)).mean()) for pcm in (quiet, loud)]
    assert size[0] == pytest.approx(size[1], rel=0.05)


sound_of = fakes.sound_of


async def test_no_words_ask_nobody(there):
    fake, make = there
    spoken = await make().speak(" … ")
    assert len(spoken.pcm) == 0 and len(spoken.word_ends_s) == 1 and fake.asked == []


async def test_the_key_goes_in_a_header_only(there):
    fake, make = there
    await make().speak(TEXT)
    path, query, _headers = fake.asked[0]
    assert KEY not in path + str(query)


@pytest.mark.parametrize("fault", sorted(CODES))
async def test_a_refusal_is_told_by_its_code(there, fault):
    fake, make = there
    fake.fault = fault
    with pytest.raises(ProviderError) as failed:
        await make().speak(TEXT)
    assert failed.value.code == CODES[fault] and failed.value.permanent == (fault == "401")
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("fault", ["cut", "garbage", "odd"])
async def test_what_breaks_in_the_middle_of_a_word_is_no_speech_and_the_next_text_is(there, fault):
    fake, make = there
    voice = make()
    fake.fault = fault
    with pytest.raises(ProviderError) as failed:
        await voice.speak(TEXT)
    assert failed.value.code in ("UNREACHABLE", "GARBLED") and not failed.value.permanent
    fake.fault = ""
    assert len((await voice.speak(TEXT)).word_ends_s) == 7


async def test_what_stops_in_the_middle_is_given_up(there, monkeypatch):
    fake, make = there
    monkeypatch.setattr(remote_voice, "NEXT_S", 0.1)
    fake.fault = "slow"
    with pytest.raises(ProviderError) as failed:
        await make().speak(TEXT)
    assert failed.value.code == "TOO_SLOW"


async def test_a_service_that_closes_says_why(there):
    fake, make = there
    if isinstance(fake, fakes.OpenAiSpeaks):
        pytest.skip("has no socket")
    fake.fault = "closed"
    with pytest.raises(ProviderError) as failed:
        await make().speak(TEXT)
    assert failed.value.code == ("BUSY" if isinstance(fake, fakes.ElevenLabs) else "BROKEN")


async def test_a_voice_that_is_cut_short_leaves_nothing_open(there):
    fake, make = there
    voice = make()
    fake.fault, fake.fails_at = "slow", 2
    speaking = asyncio.ensure_future(voice.speak(TEXT))
    while not fake.said:
        await asyncio.sleep(0.01)
    speaking.cancel()
    await asyncio.wait({speaking})
    fake.fault = ""
    fake.moved.set()
    assert len((await voice.speak("Good day to you.")).word_ends_s) == 4
    await voice.close()
    while fake.open:
        fake.moved.clear()
        await asyncio.wait_for(fake.moved.wait(), 5)


async def test_a_wav_file_is_understood_all_the_same(there):
    fake, make = there
    if not isinstance(fake, fakes.OpenAiSpeaks):
        pytest.skip("is asked for samples and gives them")
    fake.wav = _wav((np.sin(np.arange(16_000) / 9) * 5000).astype(np.int16))
    spoken = await make().speak(TEXT)
    assert len(spoken.pcm) / SPOKEN_HZ == pytest.approx(1.0, abs=0.05)
