"""Tools in conversations: what is said while they are asked, that nothing is done on speculation, and nothing twice."""

import asyncio
import threading
from dataclasses import replace

import pytest

from agents.brains.base import Standing, Turn
from agents.brains.flows import plan as flows
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.tools import acting as doing
from agents.brains.tools import plan
from agents.brains.tools.acting import Acting, NoRecord
from agents.brains.tools.brain import ActingBrain
from agents.brains.tools.caller import Door
from agents.engine.text import TextAgent
from agents.speech.providers.scripted import ScriptedMeaning
from tests.fakes.script import SNAPSHOT, Script
from tests.fakes.tool_service import Answer, Book, ToolService, stop_the_clock

FLOW = {
    "name": "A repair",
    "starts": ["Book a repair"],
    "steps": [{"key": "name", "name": "Name", "kind": "name", "ask": "What is your name?"}],
    "end": {"kind": "tool", "tool": "Book", "text": "Thank you, ${name}."},
}
BOOK = {
    "id": 4,
    "name": "Book",
    "method": "POST",
    "url": "https://shop.example.com/repairs",
    "parameters": [{"key": "name"}],
    "fields": [{"key": "day", "path": "day"}],
    "words": {
        "en": {
            "start": "I am writing that into the diary.",
            "delay": "Still waiting.",
            "answer": "{name}, you are booked for {day}.",
        }
    },
}
FRIDAY = Answer({"day": "2026-12-04"})
BOOKED = "Ann Bell, you are booked for Friday, 4 December. Is there anything else?"


def agent(service, **changes):
    row = {**BOOK, **changes, "url": f"{service.url}/repairs"}
    return replace(SNAPSHOT, flows=flows.read([FLOW]), tools=plan.read([row]))


def acting(book, private=True):
    return Acting("conversation-1", {4: Door(private=private)}, book)


class Talk:
    """One process of a conversation."""

    def __init__(self, service, book, state=None, written=False, **changes):
        own = agent(service, **changes)
        inner = LanguagesBrain(
            own, lambda _: ScriptedMeaning(), variant={}, language="en", settings=TalkSettings(), written=written
        )
        self.acting = acting(book)
        self.brain = ActingBrain(inner, self.acting, own, variant={}, language="en", written=written)
        self.memory = Memory.from_json(state) if state else Memory(greeted=True, language="en")

    async def says(self, text, standing=None):
        self.pieces = [piece async for piece in self.brain.reply(Turn(text, standing=standing), self.memory)]
        assert all(piece.text for piece in self.pieces)
        self.reply = self.pieces[-1].reply
        self.reply.remember(self.memory)
        return self.reply.text

    async def tells_all(self):
        await self.says("Book a repair")
        await self.says("Ann Bell")
        return self


# ── What is said ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_flow_ends_with_what_the_tool_answered():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, book := Book()).tells_all()
        said = await talk.says("yes")
    assert said == f"I am writing that into the diary. {BOOKED}"
    assert [piece.more for piece in talk.pieces] == [True, False] and talk.reply.source == "flow_finished:A repair"
    assert service.asked[0].json == {"name": "Ann Bell"} and service.done == list(book.rows)
    assert talk.memory.act is None and talk.memory.flow is None and talk.memory.offered
    (told,) = talk.reply.decision["tools"]
    assert (told["name"], told["state"], told["key"]) == ("Book", "done", service.done[0])


async def test_a_chat_is_told_the_answer_only():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, Book(), written=True).tells_all()
        assert await talk.says("yes") == BOOKED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=400), "I could not do that just now"),
        (Answer(breaks=True), "I cannot tell whether that went through"),
        (Answer(status=409), "that was not possible"),
    ],
)
async def test_a_failure_is_spoken_about_and_what_was_told_is_kept(answer, words):
    with ToolService(answer) as service:
        talk = await Talk(service, Book()).tells_all()
        said = await talk.says("yes")
    assert words in said and "booked" not in said and "Thank you" not in said
    assert ("I have noted what you told me" in said) == (answer.status != 409)
    assert dict(talk.reply.events)["flow_finished"]["data"] == {"name": "Ann Bell"}


async def test_who_waits_long_is_told_so():
    gate = threading.Event()
    with ToolService(replace(FRIDAY, waits=gate)) as service:
        talk = await Talk(service, Book(), delay_s=0.05).tells_all()
        said = []
        async for piece in talk.brain.reply(Turn("yes"), talk.memory):
            said.append(piece.text)
            if piece.text == "Still waiting.":
                gate.set()
    assert said == ["I am writing that into the diary.", "Still waiting.", BOOKED]


async def test_a_tool_that_the_version_does_not_have_is_not_called():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, Book(), name="Another").tells_all()
        assert "could not" in await talk.says("yes")
    assert service.asked == [] and talk.reply.decision["tools"][0]["code"] == "GONE"


async def test_without_a_book_to_write_in_nothing_is_sent():
    with ToolService(FRIDAY) as service:
        book = Book()
        book.away = True
        talk = await Talk(service, book).tells_all()
        assert "could not" in await talk.says("yes")
    assert service.asked == [] and talk.reply.decision["tools"][0]["code"] == "NOT_WRITTEN"


async def test_without_acting_a_flow_says_its_own_words_and_does_nothing():
    with ToolService(FRIDAY) as service:
        chat = TextAgent(agent(service), lambda _: ScriptedMeaning())
        for text in ("Book a repair", "Ann Bell", "yes"):
            written = await chat.answer(text)
    assert written.text.startswith("Thank you, Ann Bell.") and service.asked == [] and chat.state()["act"]
    assert (await chat.answer("thanks")).source == "small_talk:thanks"


async def test_a_trial_asks_what_only_reads_and_counts_the_rest_as_done():
    for method, sent in (("GET", 1), ("POST", 0)):
        with ToolService(FRIDAY) as service:
            talk = Talk(service, NoRecord(), method=method)
            talk.acting.reads_only = True
            await talk.tells_all()
            said = await talk.says("yes")
            assert len(service.asked) == sent and ("Ann Bell, you are booked for Friday" in said) == bool(sent)
        (told,) = talk.reply.decision["tools"]
        assert told["state"] == ("done" if sent else "trial") and talk.memory.act is None
        assert (await talk.says("thanks")).startswith("You are welcome")


# ── Nothing on speculation, nothing twice ────────────────────────────────────────────────────────────────────


async def test_what_is_thought_out_and_dropped_does_nothing():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, book := Book()).tells_all()
        pieces = talk.brain.reply(Turn("yes", standing=Standing()), talk.memory)
        assert (await anext(pieces)).more
        waiting = asyncio.ensure_future(anext(pieces))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await doing.settled()
    assert service.asked == [] and book.rows == {}


async def test_what_only_reads_waits_for_the_first_sound_and_what_changes_something_until_it_is_firm():
    for method, moment in (("GET", "began"), ("POST", "firm")):
        with ToolService(FRIDAY) as service:
            talk = await Talk(service, Book(), method=method).tells_all()
            standing = Standing()
            said = asyncio.ensure_future(talk.says("yes", standing))
            if moment == "firm":
                standing.began.set()
            for _ in range(20):
                await asyncio.sleep(0)
            assert service.asked == []
            getattr(standing, moment).set()
            assert "booked" in await said


async def test_who_talks_over_what_is_being_done_hears_of_it_next_and_it_is_done_once():
    gate = threading.Event()
    with ToolService(replace(FRIDAY, waits=gate)) as service:
        talk = await Talk(service, Book()).tells_all()
        standing = Standing()
        standing.firm.set()
        pieces = talk.brain.reply(Turn("yes", standing=standing), talk.memory)
        first = await anext(pieces)
        first.reply.remember(talk.memory)
        waiting = asyncio.ensure_future(anext(pieces))
        assert await asyncio.to_thread(service.came.wait, 10)
        waiting.cancel()  # the voice was cut
        await asyncio.gather(waiting, return_exceptions=True)
        assert talk.memory.act
        gate.set()
        assert await talk.says("hello?") == BOOKED
        assert (await talk.says("When do you open?")).startswith("We open at nine")
    assert len(service.done) == 1


async def test_who_takes_it_back_before_it_was_sent_is_asked_again():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, Book()).tells_all()
        first = await anext(talk.brain.reply(Turn("yes", standing=Standing()), talk.memory))
        first.reply.remember(talk.memory)
        assert "Ben Hill" in await talk.says("no, the name is Ben Hill")
        await talk.says("yes")
    assert [one.json for one in service.asked] == [{"name": "Ben Hill"}]


async def test_a_turn_that_is_thought_out_twice_acts_once():
    with ToolService(FRIDAY, Answer({"day": "2027-01-01"})) as service:
        book = Book()
        talk = await Talk(service, book).tells_all()
        state = talk.memory.to_json()
        first = await talk.says("yes")
        other = Talk(service, book, state)  # the lease had run out
        assert await other.says("yes please") == first
    assert len(service.asked) == 1 and other.reply.decision["tools"][0]["again"]


async def test_a_process_that_was_killed_over_it_does_not_act_again_and_says_that_it_cannot_tell():
    with ToolService(FRIDAY) as service:
        book = Book()
        talk = await Talk(service, book).tells_all()
        state = talk.memory.to_json()
        tool = agent(service).tools[0]
        await book.intend(talk.acting.key(tool, "A repair:0"), tool, {"name": "Ann Bell"})  # and then it was killed
        said = await Talk(service, book, state).says("yes")
    assert "I cannot tell whether that went through" in said and service.asked == []


async def test_the_same_flow_again_is_another_thing_to_do():
    with ToolService(FRIDAY) as service:
        talk = await Talk(service, Book()).tells_all()
        await talk.says("yes")
        talk.memory.next_index = 6
        await talk.tells_all()
        await talk.says("yes")
    assert len(set(service.done)) == 2


# ── In a call ────────────────────────────────────────────────────────────────────────────────────────────────


def call(service, book, **changes):
    script = Script(agent(service, **changes), acting=acting(book)).says("Book a repair", after=0.5)
    return script.says("Ann Bell", after=0.8)


def test_a_caller_hears_that_it_is_done_and_then_what_came_of_it(monkeypatch):
    stop_the_clock(monkeypatch)
    with ToolService(FRIDAY) as service:
        played = call(service, Book()).says("Yes, that is right", after=0.8).leaves(after=1).play()
    assert played.said[-1] == f"I am writing that into the diary. {BOOKED}"
    last = played.notes.turns[-1]
    assert last.source == "flow_finished:A repair" and last.decision["tools"][0]["state"] == "done"
    assert len(service.done) == 1 and not played.events("provider_failed")


def test_who_hangs_up_over_the_first_moments_has_nothing_done_for_them():
    with ToolService(FRIDAY) as service:
        call(service, book := Book()).says("Yes, that is right", after=0.8).leaves(into=0.4).play()
    assert service.asked == [] and book.rows == {}
