"""A guess at a topic and what the sources hold: which of the two is said."""

import asyncio
from dataclasses import replace

import pytest

from agents.brains.base import Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.sources.brain import with_sources
from agents.brains.sources.passages import Leaf
from agents.speech.providers.scripted import ScriptedMeaning
from tests.agents.test_sources import AGENT, FakeShelf


class Guesses:
    """A mind that is never sure of its topic."""

    def __init__(self, **more):
        self.own = Reply("If you mean prices: from nine.", "topic:prices", "lead", topics=("prices",), **more)

    async def prepare(self):
        pass

    async def reply(self, turn, memory):
        yield Piece(self.own.text, self.own)


@pytest.mark.parametrize(
    ("question", "more", "memory", "source"),
    [
        ("How long does it take to charge the battery?", {}, {}, "source:E-bike manual"),
        ("How do I insure the battery abroad?", {}, {}, "topic:prices"),
        ("How long does it take to charge the battery?", {"decision": {"doubt": {"do": "lead"}}}, {}, "topic:prices"),
        ("How long does it take to charge the battery?", {}, {"flow": {"flow": "x", "step": "y"}}, "topic:prices"),
    ],
)
def test_a_guess_at_a_topic_gives_way_to_a_passage_that_has_all_that_is_asked_about(question, more, memory, source):
    pages = [(Leaf("E-bike manual", "Battery"), [("", "It takes four hours to charge the battery.", 0)])]
    agent = replace(AGENT, sources=(1,))
    brain = with_sources(Guesses(**more), FakeShelf(pages), agent, lambda _: ScriptedMeaning(), language="en")
    assert asyncio.run(whole(brain, Turn(question), Memory(greeted=True, **memory))).source == source
