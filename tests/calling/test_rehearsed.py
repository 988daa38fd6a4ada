"""A rehearsed call by voice: a pretended caller over a real sound connection, and the agent as in any call."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from agents.authoring.rehearsals import checks
from agents.authoring.rehearsals.typed_call import NotPlayed
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.engine.conversation import VoiceAgent
from agents.engine.notes import Ending, TurnNote
from agents.speech.providers import scripted
from agents.speech.providers.base import Heard
from agents.speech.sound import SPOKEN_HZ, level_dbfs
from calling.call import rehearsed
from calling.call.rehearsed import VoiceCall
from calling.lines.webrtc.far_end import FarEnd, Microphone, NoisyMicrophone
from calling.rehearsing import voice
from tests.fakes import rehearsals as fake
from tests.fakes.visitor import every, loudness_at, tone

pytestmark = pytest.mark.long

AGENT = AgentSnapshot(
    name="Robin",
    greeting="Hello there.",
    disclaimer="",
    voice="scripted:tones",
    language="en",
    topics=tuple(TopicSnapshot(row["name"], tuple(row["samples"]), row["content"]) for row in fake.TOPICS),
    variants=(),
)
SCRIPT = fake.script(("Where can I park?", ("topic", "Parking")), ("Goodbye",), call=["ends", "one_turn", "all_known"])


class PitchHearing:
    """Two sentences, each a tone."""

    languages = ("en",)

    async def hear(self, pcm_16k, *, language, who=None, final=True):
        loud = {text: loudness_at(pcm_16k, hz) for hz, text in ((440, "Where can I park?"), (700, "Goodbye"))}
        return Heard(max(loud, key=loud.get) if max(loud.values()) > 0.3 else "")


async def test_a_caller_is_heard_and_answered_over_a_real_connection():
    agent = VoiceAgent(AGENT, replace(scripted.engines(), hearing=PitchHearing()))
    caller = FarEnd(lose_sent=every(20), microphone=Microphone(dtx=False))

    call = await rehearsed.hold(agent, [tone(440, 1.0), tone(700, 1.0)], caller)

    said = voice.told(SCRIPT, call)
    assert [(turn.who, turn.line, turn.text) for turn in said[:4]] == [
        ("agent", None, "Hello there."),
        ("caller", 0, "Where can I park?"),
        ("agent", 0, "Park behind the house, in Anchor Lane."),
        ("caller", 1, "Goodbye"),
    ]
    assert (call.ending.cause, said[1].meant) == ("agent_ended", "Where can I park?")
    assert said[2].waited_ms and caller.sent_lost
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_who_interrupts_speaks_into_the_answer_and_is_heard():
    long = TopicSnapshot("Parking", ("Where can I park?",), f"{fake.TOPICS[0]['content']} That is free on every day.")
    agent = VoiceAgent(replace(AGENT, topics=(long,)), replace(scripted.engines(), hearing=PitchHearing()))
    script = fake.script(("Where can I park?", ("topic", "Parking")), ("… Goodbye", "stops"))
    caller = FarEnd(microphone=Microphone(dtx=False))

    call = await rehearsed.hold(agent, [tone(440, 1.0), tone(700, 1.0)], caller, over=[1])

    said = voice.told(script, call)
    parking = next(turn for turn in said if turn.who == "agent" and turn.line == 0)
    assert parking.interrupted and "every day" not in parking.text
    assert call.ending.cause == "agent_ended"
    assert all(found.passed for found in checks.judge(script, said, call.ending.cause, call.events))


def test_a_line_that_was_taken_for_two_turns_stays_one_line():
    notes = [
        TurnNote(0, "agent", "Hello", 0.0),
        TurnNote(1, "visitor", "Where can I", 3.9, 5.0),
        TurnNote(2, "agent", "We", 5.2, source="unknown"),
        TurnNote(3, "visitor", "park?", 5.4, 6.0),
        TurnNote(4, "agent", "Behind the house.", 7.0, source="topic:Parking", timings={"first_sound": 700.0}),
    ]

    said = voice.told(SCRIPT, VoiceCall(notes, [4.0], [], Ending("visitor_ended")))

    assert [turn.line for turn in said] == [None, 0, 0, 0, 0]
    assert said[4].waited_ms == 700.0


def test_the_street_is_softer_than_the_caller_and_always_the_same():
    line = tone(440, 1.0)

    one, two = voice.street([line]), voice.street([line])

    assert np.array_equal(one, two)
    assert abs(level_dbfs(one) - level_dbfs(line) - voice.STREET_DB) < 0.5
    assert NoisyMicrophone(one)._next() is not None


def test_who_looks_for_a_word_falls_silent_where_the_line_is_quietest():
    line = np.concatenate([tone(440, 0.5), np.zeros(SPOKEN_HZ // 10, np.int16), tone(440, 0.5)])

    longer = rehearsed.with_pause(line, 0.6)

    assert len(longer) - len(line) == round(0.6 * SPOKEN_HZ)
    middle = longer[round(0.55 * SPOKEN_HZ) : round(1.1 * SPOKEN_HZ)]
    assert not np.any(middle)


def test_a_call_without_an_end_is_given_up(monkeypatch):
    async def never(*_args):
        await asyncio.Event().wait()

    monkeypatch.setattr(voice, "CALL_S_MOST", 0)
    monkeypatch.setattr(voice, "_play", never)

    with pytest.raises(NotPlayed, match="slow"):
        voice.play(SCRIPT, AGENT, "", 0)
