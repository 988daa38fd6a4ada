"""What every hearing promises."""

import asyncio
import re

import numpy as np
import pytest

from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from tests.contracts.conftest import SPOKEN_CLIPS, read_clip


async def test_nothing_is_heard_where_nothing_is(hearing):
    assert await hearing.hear(np.zeros(0, np.int16), language="en") == Heard()
    assert await hearing.hear(np.zeros(16_000, np.int16), language="en") == Heard()


async def test_words_are_one_line_without_space_around(hearing):
    words = (await hearing.hear(read_clip("02-closing-time.wav"), language="en")).text
    assert words and words == " ".join(words.split())


async def test_several_calls_are_heard_at_once(hearing):
    clips = [read_clip(clip["file"]) for clip in SPOKEN_CLIPS[:3]]
    heard = await asyncio.gather(*(hearing.hear(pcm, language="en", who=n) for n, pcm in enumerate(clips)))
    assert all(heard) and len(set(heard)) == 3


async def test_how_sure_it_is_is_told_word_by_word_or_not_at_all(hearing):
    heard = await hearing.hear(read_clip("06-mid-pause.wav"), language="en")
    assert len(heard.sure) in (0, len(heard.text.split()))
    assert all(0 <= each <= 1 for each in heard.sure)


def test_it_names_its_languages(hearing):
    assert "en" in hearing.languages


@pytest.mark.speech
@pytest.mark.parametrize("clip", SPOKEN_CLIPS, ids=lambda clip: clip["file"])
async def test_a_clip_is_understood_word_for_word(local_hearing, clip):
    heard = (await local_hearing.hear(read_clip(clip["file"]), language="en")).text
    assert re.findall(r"[a-z]+", heard.lower()) == re.findall(r"[a-z]+", clip["text"].lower())


@pytest.mark.speech
async def test_bursts_of_noise_have_no_words(local_hearing):
    assert not await local_hearing.hear(read_clip("12-noise-bursts-only.wav"), language="en")


@pytest.mark.speech
async def test_a_very_short_answer_is_heard(local_hearing):
    pcm = read_clip("04-yes.wav")
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 500)
    heard = await local_hearing.hear(pcm[loud[0] : loud[0] + 6400], language="en")
    assert "yes" in heard.text.lower()


@pytest.mark.speech
async def test_a_language_it_never_learned_is_refused_for_good(local_hearing):
    with pytest.raises(ProviderError) as refused:
        await local_hearing.hear(read_clip("04-yes.wav"), language="de")
    assert refused.value.permanent
