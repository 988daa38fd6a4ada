"""A flow that looks an answer up on its way: asked again where nothing is found, and used by all that comes behind."""

import asyncio
import threading
from dataclasses import replace

import pytest

from agents.authoring import flow_rules
from agents.brains.base import Standing, Turn
from agents.brains.flows import plan as flows
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.tools import acting as doing
from agents.brains.tools import plan
from agents.brains.tools.acting import Acting
from agents.brains.tools.brain import ActingBrain
from agents.brains.tools.caller import Door
from agents.engine.text import TextAgent
from agents.speech.providers.scripted import ScriptedMeaning
from tests.fakes.script import SNAPSHOT, Script
from tests.fakes.tool_service import Answer, Book, ToolService, stop_the_clock

NUMBER = {
    "name": "Order number",
    "kind": "code",
    "ask": "What is the order number?",
    "limits": {"length": 5},
    "lookup": "Look up an order",
}
DAY = {
    "name": "Day",
    "kind": "date",
    "ask": "Your ${bike} is ready. Which day will you fetch it?",
    "only": {"step": "order_number.status", "is": "ready"},
}
NOTE = {"name": "Note", "kind": "text", "ask": "It is not ready yet. What should we tell the workshop?",
        "only": {"step": "order_number.status", "is": "waiting"}}  # fmt: skip
LATER = {
    "name": "Name",
    "kind": "name",
    "ask": "What is your name?",
    "only": {"step": "Order number.found", "is": "no"},
}
FLOW = {
    "name": "Fetching an order",
    "starts": ["Fetch my order"],
    "steps": [NUMBER, DAY, NOTE, LATER],
    "read_back": False,
    "end": {"kind": "say", "text": "Your ${bike} waits for you on ${day}. ${name}, we ring you."},
}
TOOL = {
    "id": 7,
    "name": "Look up an order",
    "url": "https://shop.example.com/orders/{order_number}",
    "parameters": [{"key": "order_number"}],
    "fields": [{"key": "bike", "path": "bike"}, {"key": "status", "path": "status"}],
    "words": {
        "en": {
            "start": "I am looking that up.",
            "refused": "I cannot find that order.",
            "failure": "Our desk is silent.",
        }
    },
}
READY, WAITING = Answer({"bike": "red bike", "status": "ready"}), Answer({"bike": "red bike", "status": "waiting"})
GONE = Answer(status=404)


def agent(service, flow=FLOW, tools=(TOOL,), **changes):
    row, problems = flow_rules.clean({**flow, **changes})
    assert problems == []
    own = [{**tool, "url": tool["url"].replace("https://shop.example.com", service.url)} for tool in tools]
    return replace(SNAPSHOT, flows=flows.read([row]), tools=plan.read(own))


def acting(book):
    return Acting("conversation-1", {7: Door(private=True), 8: Door(private=True)}, book)


class Talk:
    """One process of a conversation."""

    def __init__(self, own, book, state=None, written=False):
        inner = LanguagesBrain(
            own, lambda _: ScriptedMeaning(), variant={}, language="en", settings=TalkSettings(), written=written
        )
        self.brain = ActingBrain(inner, acting(book), own, variant={}, language="en", written=written)
        self.memory = Memory.from_json(state) if state else Memory(greeted=True, language="en")

    async def says(self, *texts, standing=None):
        for text in texts:
            self.pieces = [piece async for piece in self.brain.reply(Turn(text, standing=standing), self.memory)]
            assert all(piece.text for piece in self.pieces)
            self.reply = self.pieces[-1].reply
            self.reply.remember(self.memory)
        return self.reply.text


async def test_what_was_found_is_in_the_next_question_and_decides_which_one_it_is():
    for answer, question in (
        (READY, "Your red bike is ready. Which day"),
        (WAITING, "It is not ready yet. What should"),
    ):
        with ToolService(answer) as service:
            talk = Talk(agent(service), Book())
            said = await talk.says("Fetch my order", "4 7 1 1 1")
        assert said.startswith("4 7 1 1 1. I am looking that up. " + question) or question in said
        assert talk.reply.decision["tools"][0]["state"] == "done" and service.asked[0].path == "/orders/47111"
        assert [piece.more for piece in talk.pieces] == [True, False]
    assert "Fetching" not in said


async def test_the_end_has_what_was_found_and_a_chat_is_told_no_waiting():
    with ToolService(READY) as service:
        talk = Talk(agent(service), Book(), written=True)
        assert "looking" not in await talk.says("Fetch my order", "47111")
        said = await talk.says("on Friday")
    assert said.startswith("Your red bike waits for you on Friday") and "ring you" not in said
    assert dict(talk.reply.events)["flow_finished"]["data"]["order_number"] == "47111" and len(service.asked) == 1


async def test_what_is_not_found_is_asked_again_and_after_three_times_somebody_else_helps():
    with ToolService(GONE, GONE, GONE) as service:
        talk = Talk(agent(service), Book())
        said = await talk.says("Fetch my order", "47119")
        assert said.endswith("I cannot find that order. What is the order number?")
        assert "cannot find" in await talk.says("47118") and talk.memory.flow
        said = await talk.says("47117")
    assert "do not seem to get that right" in said and talk.memory.flow is None
    assert dict(talk.reply.events)["flow_left"]["reason"] == "stuck" and len(service.asked) == 3


async def test_a_failure_is_said_and_the_flow_goes_on_without():
    with ToolService(Answer(status=500), Answer(status=500)) as service:
        talk = Talk(agent(service), Book())
        said = await talk.says("Fetch my order", "47111")
        assert "Our desk is silent. What is your name?" in said
        said = await talk.says("Ann Bell")
    assert said.startswith("Ann Bell, we ring you.") and "waits" not in said


async def test_a_corrected_answer_is_looked_up_again_and_the_same_one_is_not():
    with ToolService(READY, WAITING) as service:
        talk = Talk(agent(service), Book())
        await talk.says("Fetch my order", "47111")
        assert "It is not ready yet" in await talk.says("no, the order number is 47112")
        assert "Your red bike is ready" in await talk.says("no, the order number is 47111")
    assert [one.path for one in service.asked] == ["/orders/47111", "/orders/47112"]


async def test_a_number_in_the_first_sentence_is_looked_up_at_once():
    with ToolService(READY) as service:
        talk = Talk(agent(service), Book())
        said = await talk.says("Please fetch my order 47111")
        assert "Your red bike is ready" in said
    assert [name for name, _data in talk.reply.events] == ["flow_started"]


async def test_the_tool_at_the_end_is_told_what_was_found():
    book = {**TOOL, "id": 8, "name": "Book", "method": "POST", "url": "https://shop.example.com/days",
            "parameters": [{"key": "bike"}, {"key": "day"}], "fields": [], "words": {}}  # fmt: skip
    with ToolService(READY, Answer({})) as service:
        own = agent(service, tools=(TOOL, book), end={"kind": "tool", "tool": "Book"})
        said = await (talk := Talk(own, Book())).says("Fetch my order", "47111", "on Friday")
    assert service.asked[1].json["bike"] == "red bike" and "That is done." in said
    assert [one["name"] for one in talk.reply.decision["tools"]] == ["Book"]


async def test_two_are_looked_up_one_after_the_other_and_then_the_end_is_done():
    second = {**TOOL, "id": 8, "name": "Look up a bike", "url": "https://shop.example.com/bikes/{bike}",
              "parameters": [{"key": "bike"}], "fields": [{"key": "colour", "path": "colour"}]}  # fmt: skip
    steps = [NUMBER, {"name": "Sure", "kind": "yesno", "ask": "Sure?", "lookup": "Look up a bike", "optional": True}]
    with ToolService(READY, Answer({"colour": "red"})) as service:
        own = agent(service, tools=(TOOL, second), steps=steps, end={"kind": "say", "text": "It is ${colour}."})
        said = await (talk := Talk(own, Book())).says("Fetch my order", "47111", "yes")
    assert said.endswith("I am looking that up. It is red. Is there anything else?")
    assert service.asked[1].path == "/bikes/red%20bike" and dict(talk.reply.events)["flow_finished"]


async def test_a_tool_that_changes_something_is_not_used_on_the_way():
    with ToolService(READY) as service:
        talk = Talk(agent(service, tools=({**TOOL, "method": "POST"},)), Book())
        assert "Our desk is silent. What is your name?" in await talk.says("Fetch my order", "47111")
    assert service.asked == [] and talk.reply.decision["tools"][0]["code"] == "GONE"


async def test_trials_count_it_as_found_and_send_nothing():
    with ToolService(READY) as service:
        day = {"name": "Day", "kind": "date", "ask": "Your ${bike} is here. Which day?"}
        chat = TextAgent(agent(service, steps=[NUMBER, day]), lambda _: ScriptedMeaning())
        await chat.answer("Fetch my order")
        assert (await chat.answer("47111")).text.endswith("Which day?") and service.asked == []


# ── Nothing on speculation, nothing twice ────────────────────────────────────────────────────────────────────


async def test_what_nobody_hears_is_not_looked_up():
    with ToolService(READY) as service:
        talk = Talk(agent(service), book := Book())
        await talk.says("Fetch my order")
        pieces = talk.brain.reply(Turn("47111", standing=Standing()), talk.memory)
        assert (await anext(pieces)).more
        waiting = asyncio.ensure_future(anext(pieces))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await doing.settled()
    assert service.asked == [] and book.rows == {}


@pytest.mark.parametrize("meanwhile", ["on Friday", "hello?"])
async def test_who_talks_over_it_is_told_next_and_goes_on_from_there(meanwhile):
    gate = threading.Event()
    with ToolService(replace(READY, waits=gate)) as service:
        book = Book()
        talk = Talk(agent(service), book)
        await talk.says("Fetch my order")
        standing = Standing()
        standing.began.set()
        pieces = talk.brain.reply(Turn("47111", standing=standing), talk.memory)
        (await anext(pieces)).reply.remember(talk.memory)
        waiting = asyncio.ensure_future(anext(pieces))
        assert await asyncio.to_thread(service.came.wait, 10)
        waiting.cancel()  # the voice was cut
        await asyncio.gather(waiting, return_exceptions=True)
        gate.set()
        said = await talk.says(meanwhile)
        if meanwhile == "hello?":
            assert "Which day" in said
            said = await talk.says("on Friday")
        assert "Your red bike waits for you on Friday" in said
    assert len(service.asked) == 1


async def test_another_process_goes_on_from_there_and_asks_nothing_again():
    with ToolService(READY) as service:
        book = Book()
        talk = Talk(agent(service), book)
        await talk.says("Fetch my order")
        state = talk.memory.to_json()
        first = await talk.says("47111")
        assert await Talk(agent(service), book, state).says("47111") == first  # the lease had run out
    assert len(service.asked) == 1


def test_a_caller_hears_that_it_is_looked_up_and_then_the_next_question(monkeypatch):
    stop_the_clock(monkeypatch)
    with ToolService(READY) as service:
        script = Script(agent(service), acting=acting(Book())).says("Fetch my order", after=0.5)
        played = script.says("4 7 1 5 2", after=0.8).says("on Friday", after=0.8).leaves(after=1).play()
    assert played.said[-2].endswith("I am looking that up. Your red bike is ready. Which day will you fetch it?")
    assert played.said[-1].startswith("Your red bike waits for you on Friday") and len(service.asked) == 1


def test_a_condition_may_name_a_part_only_of_what_is_looked_up_before():
    for step in ("Order number.status", "order_number.found"):
        assert flow_rules.clean({**FLOW, "steps": [NUMBER, {**DAY, "only": {"step": step, "is": "x"}}]})[1] == []
    plain = {**NUMBER, "lookup": ""}
    assert "depends on" in flow_rules.clean({**FLOW, "steps": [plain, DAY]})[1][0]
