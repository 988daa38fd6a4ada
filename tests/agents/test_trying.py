"""Trying the draft: answers and why, topics that sound alike, sentences remembered."""

import io
import wave
from pathlib import Path

import pytest

from agents.authoring.playground import Trial
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, VariantSnapshot
from agents.speech.providers.meaning_cache import CachedMeaning
from agents.speech.providers.scripted import ScriptedMeaning


@pytest.fixture
def trial():
    return Trial("scripted", Path("nowhere"))


def draft(*topics):
    shop = VariantSnapshot("north", "North", True, {"city": "York"})
    return AgentSnapshot(
        "Robin", "Hello.", "", "piper:joe", "en", tuple(TopicSnapshot(*one) for one in topics), (shop,)
    )


HOURS = ("opening hours", ("when are you open",), "From nine in ${variant_city}.")
PARKING = ("parking", ("where can I park",), "Behind the shop.")


async def test_an_answer_comes_with_its_score_and_the_runners_up(trial):
    tried = await trial.answer(draft(HOURS, PARKING), "", "when are you open", {}, TalkSettings())
    assert (tried.text, tried.source) == ("From nine in York.", "topic:opening hours")
    assert [name for name, _score in tried.near] == ["opening hours", "parking"]
    assert tried.near[0][1] == tried.score


async def test_small_talk_has_no_runners_up(trial):
    assert (await trial.answer(draft(HOURS), "", "thank you", {}, TalkSettings())).near == ()


async def test_a_conversation_goes_on_where_it_was(trial):
    settings = TalkSettings()
    first = await trial.answer(draft(HOURS), "", "when are you open", {}, settings)
    again = await trial.answer(draft(HOURS), "", "say that again", first.memory, settings)
    assert again.text == first.text


async def test_an_empty_draft_knows_nothing_and_says_so(trial):
    tried = await trial.answer(draft(), "", "when are you open", {}, TalkSettings())
    assert (tried.kind, tried.near) == ("message", ())


async def test_topics_with_questions_alike_are_found_with_those_questions(trial):
    twin = ("business hours", ("when are you all open",), "Nine.")
    assert await trial.alike(draft(HOURS, PARKING, twin)) == [
        ("opening hours", "business hours", "when are you open", "when are you all open")
    ]
    assert await trial.alike(draft(HOURS, PARKING)) == []
    assert await trial.alike(draft()) == []


async def test_a_text_becomes_a_sound_file_at_its_speed(trial):
    lengths = []
    for speed in (1.0, 1.25):
        sound, first_ms = await trial.speak("One two three four.", "piper:joe", "en", speed)
        with wave.open(io.BytesIO(sound)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
            lengths.append(file.getnframes())
        assert first_ms >= 1
    assert lengths[1] == pytest.approx(lengths[0] / 1.25, abs=2)


class Counting(ScriptedMeaning):
    def __init__(self):
        self.asked = []

    async def vectors(self, texts, *, who=None):
        self.asked.append(list(texts))
        return await super().vectors(texts)


async def test_a_sentence_is_understood_once_and_forgotten_when_there_are_too_many():
    counting = Counting()
    cached = CachedMeaning(counting, most=2)
    first = await cached.vectors(["a", "b", "a"])
    assert first.shape[0] == 3 and (first[0] == first[2]).all()
    await cached.vectors(["b"])
    await cached.vectors(["c"])
    await cached.vectors(["b", "a"])
    assert counting.asked == [["a", "b"], ["c"], ["a"]]
