"""Thirty tasks at the demo's order desk, each five ways, by what its file holds in the end. By a flow, and by a model.

The ways: heard, written, with another process after every line, with the last line answered twice because a process
died before it could tell, and both of these. Whatever breaks, the desk has done each thing once.
"""

import asyncio
import json
import threading
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.authoring import flow_rules, tool_rules
from agents.brains.base import Turn
from agents.brains.flows import plan as flow_plan
from agents.brains.language_model.base import ToolCall
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.prompt import Brief
from agents.brains.language_model.thinking import thinking
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.tools import plan
from agents.brains.tools.acting import Acting
from agents.brains.tools.actions import KINDS, Actions
from agents.brains.tools.brain import ActingBrain
from agents.brains.tools.caller import Door
from agents.speech.providers.scripted import ScriptedMeaning
from studio.running import demo_service
from tests.fakes.model import FakeModel, broken
from tests.fakes.script import SNAPSHOT
from tests.fakes.tool_service import Book

STUDIO = Path(demo_service.__file__).parents[1]
_ASKED = demo_service.Desk.asked
WAYS = ("heard", "written", "another process", "answered twice", "written twice")


def _day(least: int, weekday: int) -> date:
    found = date.today() + timedelta(days=least)
    return found + timedelta(days=(weekday - found.weekday()) % 7)


TUESDAY, FRIDAY, SUNDAY = _day(2, 1), _day(3, 4), _day(2, 6)


def said(day: date) -> str:
    return f"{day:%B} {day.day}"


def booked(day: date = TUESDAY, time: str = "10:00", name: str = "Ann Bell", what: str = "The brakes", phone: str = ""):
    return (day.isoformat(), time, name, what, phone)


def book(name: str = "Ann Bell", day: date = TUESDAY, time: str = "10:00", **more: Any) -> ToolCall:
    given = {"day": day.isoformat(), "time": time, "name": name, "phone": "555 0142", "what_is_broken": "The brakes"}
    given |= more
    return ToolCall("call-1", "tool_1", json.dumps({key: value for key, value in given.items() if value is not None}))


def look(number: str) -> ToolCall:
    return ToolCall("call-2", "tool_2", json.dumps({"order_number": number}))


@dataclass
class Task:
    name: str
    lines: list[Any]  # what the visitor says; for a model with its answers
    holds: list[Any]  # appointments, in the end
    hears: str = ""  # in the last answer
    taken: tuple[Any, ...] = ()  # appointments that were there before
    not_heard: str = ""


BOOKING = ["Book me into the workshop", "the brakes", said(TUESDAY), "at ten", "Ann Bell", "5 5 5 0 1 4 2"]
PHONE = "5550142"
A, B = booked(phone=PHONE), booked(phone="555 0142")
MODEL_SAYS = ["I have booked that for you."]
FULL = (A, A)


def booking(**instead: Any) -> list[str]:
    lines = dict(zip(("start", "what", "day", "time", "name", "phone"), BOOKING, strict=True))
    return [*(lines | instead).values()]


FLOWS = [
    Task("brakes", [*BOOKING, "yes"], [A], "You are in our diary"),
    Task("gears", [*booking(what="the chain"), "yes"], [booked(what="The gears", phone=PHONE)]),
    Task("a puncture", [*booking(what="a flat tyre"), "yes"], [booked(what="A puncture", phone=PHONE)]),
    Task("service", [*booking(what="an inspection"), "yes"], [booked(what="A full service", phone=PHONE)]),
    Task("another day", [*booking(day=said(FRIDAY)), "yes"], [booked(FRIDAY, phone=PHONE)]),
    Task(
        "another hour", [*booking(time="half past three in the afternoon"), "yes"], [booked(time="15:30", phone=PHONE)]
    ),
    Task("corrected", [*BOOKING, "no, at eleven", "yes"], [booked(time="11:00", phone=PHONE)]),
    Task("corrected day", [*BOOKING, f"no, on {said(FRIDAY)}", "yes"], [booked(FRIDAY, phone=PHONE)]),
    Task("taken", [*BOOKING, "yes"], [*FULL], "taken already", taken=FULL),
    Task("left in the middle", [*BOOKING[:4], "never mind"], []),
    Task("not agreed to", [*BOOKING, "no", "forget it"], []),
    Task("closed on Sundays", [*booking(day=said(SUNDAY))[:3], *BOOKING[2:], "yes"], [A]),
    Task("an order", ["Where is my order?", "4 7 1 1 0"], [], "green city bike is ready"),
    Task("another order", ["Where is my order?", "47111"], [], "red touring bike"),
    Task("no such order", ["Where is my order?", "9 9 9 9 9"], [], "cannot find"),
]
ASKED = "Kindly sort that out."
MODELS = [
    Task("booked", [(ASKED, [[book()], MODEL_SAYS])], [B], "I have booked that"),
    Task("looked up", [(ASKED, [[look("47110")], ["Your green city bike is ready."]])], [], "green city bike"),
    Task("not found", [(ASKED, [[look("99999")], ["I cannot find it."]])], [], "cannot find"),
    Task("a phone missing",
         [(ASKED, [[book(phone=None)], ["Your number?"]]), ("It is 555 0142.", [[book()], MODEL_SAYS])], [B]),
    Task("a day that is none", [(ASKED, [[book(day=date(2000, 1, 4))], [book()], MODEL_SAYS])], [B]),
    Task("asked twice", [(ASKED, [[book()], MODEL_SAYS]), (ASKED, [[book()], MODEL_SAYS])], [B]),
    Task("two of them", [(ASKED, [[book()], MODEL_SAYS]), (ASKED, [[book("Bob", FRIDAY)], MODEL_SAYS])],
         [B, booked(FRIDAY, name="Bob", phone="555 0142")]),
    Task("taken", [(ASKED, [[book()], ["That hour is taken."]])], [*FULL], "is taken", taken=FULL),
    Task("and goodbye",
         [(ASKED, [[book()], MODEL_SAYS]), ("Then that is done, goodbye.", [[ToolCall("c", "end_call", "{}")]])],
         [B], "Goodbye"),
    Task("both in one answer", [(ASKED, [[look("47110"), book()], MODEL_SAYS])], [B]),
    Task("only promised", [(ASKED, [MODEL_SAYS])], [], not_heard="have booked"),
    Task("promised of a refusal", [(ASKED, [[book()], MODEL_SAYS])], [*FULL], taken=FULL, not_heard="have booked"),
    Task("dies behind it", [(ASKED, [[book()], [broken()]])], [B], "You are in our diary"),
    Task("a tool that is none", [(ASKED, [[ToolCall("c", "tool_9", "{}")], ["I cannot."]])], [], "I cannot"),
    Task("hangs up on a question", [(ASKED, [[ToolCall("c", "end_call", "{}")], [book()], MODEL_SAYS])], [B], "booked"),
]  # fmt: skip


@pytest.fixture(scope="module")
def agent():
    tools = [tool_rules.clean(one)[0] | {"id": n} for n, one in enumerate(_of("demo_tools.json"), start=1)]
    flows = [flow_rules.clean(one)[0] for one in _of("demo_flows.json")]
    own = replace(SNAPSHOT, topics=(), flows=flow_plan.read(flows), tools=plan.read(tools))
    return replace(own, actions=Actions(frozenset(KINDS)))


def _of(name: str) -> list[Any]:
    return json.loads((STUDIO / name).read_text(encoding="utf-8"))


class Desk:
    """The order desk of the demo, as its own process would be, and what its file holds."""

    def __init__(self, folder: Path, taken: tuple[Any, ...]) -> None:
        rows = [dict(zip(("day", "time", "name", "what", "phone"), one, strict=True)) for one in taken]
        self.file = folder / demo_service.DATA_FILE
        self.file.write_text(json.dumps({"appointments": rows, "done": {}}), encoding="utf-8")
        self._desk = demo_service.Desk(self.file)

    def asked(self, *given: Any) -> Any:
        return _ASKED(self._desk, *given)

    @property
    def holds(self) -> list[Any]:
        rows = json.loads(self.file.read_text(encoding="utf-8"))["appointments"]
        return [tuple(row[name] for name in ("day", "time", "name", "what", "phone")) for row in rows]


def run(agent, task: Task, way: str, door: Door, loop) -> str:
    """The last answer."""
    written, again = "written" in way, "twice" in way
    state, record = Memory(greeted=True, language="en").to_json(), Book()
    mind = made = None
    for place, line in enumerate(task.lines):
        text, answers = line if isinstance(line, tuple) else (line, None)
        for _time in range(2 if again and place == len(task.lines) - 1 else 1):
            if mind is None or way != "heard":
                mind = made = _mind(agent, record, door, written, by_model=answers is not None)
            memory = Memory.from_json(json.loads(json.dumps(state)))
            if answers is not None:
                made.model.scripts = [list(one) for one in answers]
            reply = loop(_answered(mind.brain, text, memory))
        reply.remember(memory)
        memory.next_index += 2
        state = memory.to_json()
    return reply.text


@dataclass
class Mind:
    brain: ActingBrain
    model: FakeModel


def _mind(agent, record: Book, door: Door, written: bool, *, by_model: bool) -> Mind:
    own = replace(agent, flows=()) if by_model else agent
    model, acting = FakeModel(), Acting("conversation-1", {1: door, 2: door}, record)
    brain: Any = LanguagesBrain(
        own, lambda _: ScriptedMeaning(), variant={}, language="en", settings=TalkSettings(), written=written
    )
    if by_model:
        brain = ModelBrain(brain, thinking(model, Brief("Robin", written=written)), own, variant={}, language="en")
        brain.acting = acting
    return Mind(ActingBrain(brain, acting, own, variant={}, language="en", written=written), model)


async def _answered(brain, text: str, memory: Memory):
    return [piece async for piece in brain.reply(Turn(text), memory)][-1].reply


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One server for all; each task has a desk of its own behind it."""
    folder = tmp_path_factory.mktemp("desk")
    made = demo_service.server(folder)
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made, folder
    made.shutdown()
    made.server_close()


def test_there_are_thirty():
    assert len(FLOWS) == len(MODELS) == 15


IDS = [f"{way}: {one.name}" for way, own in (("flow", FLOWS), ("model", MODELS)) for one in own]


@pytest.mark.parametrize("task", [*FLOWS, *MODELS], ids=IDS)
def test_the_desk_holds_what_was_wanted_each_way(task, agent, service, tmp_path, monkeypatch):
    made, folder = service
    door = Door({"X-Api-Key": demo_service.key(folder)}, True, f"http://127.0.0.1:{made.server_address[1]}")
    with asyncio.Runner() as runner:
        for way in WAYS:
            desk = Desk(tmp_path, task.taken)
            monkeypatch.setattr(demo_service.Desk, "asked", lambda _old, *given, desk=desk: desk.asked(*given))
            told = run(agent, task, way, door, runner.run)
            assert desk.holds == task.holds, f"{way}: {told}"
            assert task.hears in told, f"{way}: {told}"
            assert not task.not_heard or task.not_heard not in told, f"{way}: {told}"
