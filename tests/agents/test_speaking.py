"""Clauses, and an utterance on its way to the line."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from agents.engine.line import ClipEnded, ClipStarted, Say
from agents.engine.speaking import Mouth, Utterance
from agents.speech.clauses import clauses
from agents.speech.providers.scripted import WORD_S, ScriptedVoice
from tests.fakes.line import FakeLine


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Sure. We open at nine.", ["Sure.", "We open at nine."]),
        (
            "From Monday to Friday we are open, and on Sundays we are closed all day.",
            ["From Monday to Friday we are open,", "and on Sundays we are closed all day."],
        ),
        ("It costs $1,250.50, incl. tax and all parts.", ["It costs $1,250.50,", "incl. tax and all parts."]),
        ("Dr. Smith opens at 9:30 a.m. on Mondays.", ["Dr. Smith opens at 9:30 a.m. on Mondays."]),
        ("We close at 6 p.m. On Sundays at 4.", ["We close at 6 p.m.", "On Sundays at 4."]),
        ("Write to jobs@example.com. We answer soon!", ["Write to jobs@example.com.", "We answer soon!"]),
        ("Hello", ["Hello"]),
        ("", []),
    ],
)
def test_a_text_is_spoken_in_clauses(text, pieces):
    assert clauses(text) == pieces


def test_clauses_joined_are_the_text_again_and_none_is_endless():
    text = "one, two " * 40 + "and three. " + "word " * 60 + "end! Costs 3,000 or 4,500.50; see example.org, please."

    pieces = clauses(text)

    assert " ".join(pieces) == " ".join(text.split())
    assert max(len(piece.split()) for piece in pieces) <= 27


def test_a_long_first_sentence_begins_with_a_short_piece():
    text = "You can bring the bike back in seven days because we want you to like what you have bought from us."

    assert clauses(text)[0] == "You can bring the bike back in seven days"


class CountingVoice(ScriptedVoice):
    def __init__(self):
        self.asked = []

    async def speak(self, text, *, who=None):
        self.asked.append(text)
        return await super().speak(text, who=who)


TEXT = "One two three. Four five six. Seven eight nine. Ten eleven twelve."


def test_only_one_clause_is_made_ahead():
    async def scene():
        line, voice = FakeLine(), CountingVoice()
        mouth = Mouth(line, lambda _language: voice)
        history = []
        async with asyncio.TaskGroup() as group:
            carrying = group.create_task(line.carry())
            saying = group.create_task(mouth.say(Utterance(TEXT, "test")))
            async for event in line.events():
                if isinstance(event, ClipStarted):
                    history.append(len(voice.asked))
                    mouth.started(event)
                elif mouth.finished(event):
                    break
            await saying
            carrying.cancel()
        return history

    assert clock.run(scene()) == [2, 3, 4, 4]


def test_what_was_heard_of_a_cut_utterance_is_a_strict_prefix():
    async def scene(cut_s):
        line = FakeLine()
        mouth = Mouth(line, lambda _language: ScriptedVoice())
        async with asyncio.TaskGroup() as group:
            carrying = group.create_task(line.carry())
            saying = group.create_task(mouth.say(Utterance(TEXT, "test")))

            async def follow():
                async for event in line.events():
                    mouth.started(event) if isinstance(event, ClipStarted) else mouth.finished(event)

            following = group.create_task(follow())
            await asyncio.sleep(cut_s)
            saying.cancel()
            utterance = await mouth.silence()
            carrying.cancel()
            following.cancel()
        return utterance

    for words in (1, 4, 10):
        utterance = clock.run(scene(words * WORD_S + 0.1))
        assert utterance.heard == " ".join(TEXT.split()[:words])
        assert utterance.interrupted


def test_a_line_that_counts_only_the_present_clip_loses_no_words():
    class ForgetfulLine(FakeLine):
        async def clear(self):
            self._said = []
            return await super().clear()

    async def scene():
        line = ForgetfulLine()
        mouth = Mouth(line, lambda _language: ScriptedVoice())
        utterance = Utterance("One two. Three four.", "test")
        await mouth.say(utterance)
        for _ in range(2):
            say = line._queue.popleft()
            mouth.started(ClipStarted(say, 0.0))
            if len(line._queue):
                mouth.finished(ClipEnded(say, 0.5))
        return await mouth.silence()

    assert clock.run(scene()).heard == "One two."


def test_clips_of_an_earlier_utterance_change_nothing():
    async def scene():
        line = FakeLine()
        mouth = Mouth(line, lambda _language: ScriptedVoice())
        old = Utterance("Old words.", "test")
        await mouth.say(old)
        say: Say = line._queue[0]
        mouth.utterance = new = Utterance("New words.", "test")
        return mouth.started(ClipStarted(say, 1.0)), mouth.finished(ClipEnded(say, 2.0)), new.started_s

    assert clock.run(scene()) == (False, None, None)
