"""Topics that go first, and the name that a topic has when the agent speaks of it."""

import numpy as np
import pytest

from agents.brains.base import Turn, whole
from agents.brains.decision import Choice
from agents.brains.lookup import Context, Found, Lookup
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.brains.topics import TopicsBrain
from agents.speech.providers.scripted import ScriptedMeaning

TOPICS = (
    TopicSnapshot("What to bring?", ("what do I need to bring",), "Bring a towel.", spoken="what you need to bring"),
    TopicSnapshot("Gas", ("it smells of gas",), "Open the windows and leave the house.", first=True),
    TopicSnapshot("Hours", ("when do you open",), "From nine."),
)


def brain(topics: tuple[TopicSnapshot, ...] = TOPICS) -> TopicsBrain:
    agent = AgentSnapshot("Robin", "Hello.", "", "", "en", topics, ())
    return TopicsBrain(agent, ScriptedMeaning(), variant={}, language="en", settings=TalkSettings())


def first(chances: list[float]) -> Choice | None:
    lookup = Lookup(
        AgentSnapshot("Robin", "Hello.", "", "", "en", TOPICS, ()),
        ScriptedMeaning(),
        variant={},
        language="en",
        settings=TalkSettings(),
    )
    return lookup._first(np.array(chances))


async def test_a_topic_is_named_as_its_author_wants_it_spoken() -> None:
    reply = brain()._answers.ask(("What to bring?", "Hours"), None)
    assert reply.text == "Do you mean what you need to bring, or Hours?"
    assert reply.asked == ("What to bring?", "Hours")


async def test_the_spoken_name_is_understood_as_the_reply_to_a_question_back() -> None:
    memory = Memory(asked=("What to bring?", "Hours"))
    reply = await whole(brain(), Turn("what I, er, what you need to bring"), memory)
    assert reply.source == "topic:What to bring?"


@pytest.mark.parametrize(
    ("chances", "goes"),
    [
        ([0.5, 0.3, 0.1, 0.1], True),  # less likely than another, and yet
        ([0.2, 0.25, 0.1, 0.45], True),
        ([0.85, 0.1, 0.0, 0.05], False),  # hardly meant
        ([0.0, 0.22, 0.0, 0.78], False),  # most likely about nothing of this
    ],
)
def test_an_emergency_outweighs_what_is_likelier_but_not_what_is_certain(chances: list[float], goes: bool) -> None:
    choice = first(chances)
    assert (choice is not None and choice.places == (1,) and choice.way == "answer") == goes


async def test_an_emergency_is_answered_in_the_middle_of_a_message_which_then_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mind = brain()

    async def find(question: str, context: object = None) -> Found:
        place = 1 if "gas" in question else 2
        return Found(question, np.zeros(1, np.float32), Choice("answer", (place,), 0.6))

    async def told(place: int, content: str, found: Found) -> tuple[str, str]:
        return content, ""

    monkeypatch.setattr(mind._lookup, "find", find)
    monkeypatch.setattr(mind._lookup, "told", told)
    memory = Memory(message={"step": "name", "about": ""})
    reply = await whole(mind, Turn("wait it smells of gas here"), memory)
    assert reply.text == "Open the windows and leave the house."
    reply.remember(memory)
    assert memory.message == {"step": "name", "about": ""}
    named = await whole(mind, Turn("my name is Ann Bell"), memory)
    assert named.message is not None and named.message["name"] == "Ann Bell"


def test_an_emergency_is_said_by_its_words_while_topics_are_still_being_read() -> None:
    lookup = brain()._lookup
    found = lookup._find_by_words("it smells of gas", Context())
    assert (found.choice.way, found.choice.places) == ("answer", (1,))
    found = lookup._find_by_words("somehow it smells of gas", Context())
    assert (found.choice.way, found.choice.places) == ("answer", (1,))
