"""What every voice promises."""

import asyncio
import re
from itertools import pairwise

import numpy as np
import pytest

from agents.engine.line import Clip
from agents.speech import loudness
from agents.speech.providers.resampling import resample
from agents.speech.sound import SPOKEN_HZ, as_float, from_float, level_dbfs

TEXT = "Hello, this is the shop. How can I help?"
LONGER = {
    "en": [
        "We are open from nine to six on weekdays, and until four on Saturdays.",
        "You can bring it back within thirty days if you still have the receipt.",
        "Somebody will call you back before noon. What is the best number?",
    ],
    "de": [
        "Wir haben von neun bis achtzehn Uhr geöffnet, samstags bis sechzehn Uhr.",
        "Sie können das Rad innerhalb von dreißig Tagen zurückgeben.",
        "Jemand ruft Sie vor Mittag zurück. Unter welcher Nummer?",
    ],
    "es": [
        "Abrimos de nueve a seis entre semana y hasta las cuatro los sábados.",
        "Puede devolverlo en treinta días si todavía tiene el recibo.",
        "Alguien le llamará antes del mediodía. ¿A qué número?",
    ],
    "fr": [
        "Nous sommes ouverts de neuf heures à dix-huit heures en semaine.",
        "Vous pouvez le rapporter pendant trente jours avec le ticket.",
        "Quelqu'un vous rappellera avant midi. À quel numéro ?",
    ],
    "it": [
        "Siamo aperti dalle nove alle diciotto nei giorni feriali.",
        "Può restituirlo entro trenta giorni se ha ancora lo scontrino.",
        "Qualcuno la richiamerà prima di mezzogiorno. A quale numero?",
    ],
}


async def test_each_word_has_an_end_and_they_never_go_back(voice):
    spoken = await voice.speak(TEXT)
    ends = spoken.word_ends_s
    assert len(ends) == len(TEXT.split())
    assert all(before <= after for before, after in pairwise(ends))
    assert 0 < ends[0] and ends[-1] <= len(spoken.pcm) / SPOKEN_HZ + 1e-6


async def test_a_clip_tells_the_words_of_its_first_half(voice):
    spoken = await voice.speak(TEXT)
    clip = Clip(TEXT, spoken.pcm, spoken.word_ends_s)
    half = clip.heard(clip.seconds / 2)
    assert half and TEXT.startswith(half) and half != TEXT
    assert clip.heard(clip.seconds) == TEXT


async def test_sound_is_audible_and_not_clipped(voice):
    spoken = await voice.speak(TEXT)
    assert spoken.pcm.dtype == np.int16 and spoken.pcm.ndim == 1
    assert -35 < level_dbfs(spoken.pcm) < -10
    assert np.count_nonzero(np.abs(spoken.pcm.astype(int)) >= 32767) == 0


@pytest.mark.speech
async def test_every_voice_is_as_loud_as_the_others(voice):
    if voice.key.startswith("scripted"):
        pytest.skip("its sound is a tone")
    texts = LONGER[voice.language]
    sound = np.concatenate([as_float((await voice.speak(text)).pcm) for text in texts])
    assert abs(loudness.lufs(sound, SPOKEN_HZ) - loudness.TARGET_LUFS) <= 1


async def test_it_begins_at_once(voice):
    pcm = (await voice.speak(TEXT)).pcm.astype(int)
    first = np.flatnonzero(np.abs(pcm) > 0.02 * np.abs(pcm).max())[0]
    assert first < 0.06 * SPOKEN_HZ


async def test_more_words_take_longer(voice):
    short, long = await voice.speak("Hello."), await voice.speak(TEXT)
    assert len(short.pcm) < len(long.pcm)


async def test_no_words_make_no_sound(voice):
    for text in ("", "   "):
        spoken = await voice.speak(text)
        assert len(spoken.pcm) == 0 and spoken.word_ends_s == ()


async def test_odd_words_are_survived(voice):
    text = "Ok … 😀 — x" + "y" * 300 + " 100% <b>fine</b> naïve"
    spoken = await voice.speak(text)
    assert len(spoken.word_ends_s) == len(text.split())


async def test_several_calls_speak_at_once(voice):
    texts = ["One moment.", "Let me check that for you.", "Goodbye."]
    spoken = await asyncio.gather(*(voice.speak(text, who=n) for n, text in enumerate(texts)))
    assert [len(one.word_ends_s) for one in spoken] == [2, 6, 1]


def test_it_says_who_it_is(voice):
    assert ":" in voice.key and voice.label and voice.language


@pytest.mark.speech
async def test_what_is_said_can_be_understood(voice, local_hearing):
    if voice.language != "en" or voice.key.startswith("scripted"):
        pytest.skip("is not understood by an English ear")
    text = "You can bring the bike back within thirty days."
    spoken = await voice.speak(text)
    pcm = from_float(resample(as_float(spoken.pcm), SPOKEN_HZ, 16_000))
    heard = re.findall(r"[a-z]+", (await local_hearing.hear(pcm, language="en")).text.lower().replace("30", "thirty"))
    wanted = re.findall(r"[a-z]+", text.lower())
    assert len(set(wanted) & set(heard)) >= len(set(wanted)) - 1
