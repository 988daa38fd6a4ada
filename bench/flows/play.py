"""Plays scripted conversations: what each should have collected, and what it did.

flows.json has flows of a bicycle shop and the conversations that the flows were built with. The files of sets/ whose
names end in "trades" have flows of other trades; every other one is a set of conversations about these that was written
in one go and frozen before it was played. FIRST_TRY keeps what each came to then: that is how good flows are with
people they do not know.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agents.brains.base import Turn, whole
from agents.brains.flows import plan
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.brains.topics import TopicsBrain
from agents.speech.providers.base import Meaning

FOLDER = Path(__file__).parent / "sets"
FILE, TRADES = FOLDER.parent / "flows.json", "trades"
_TRADES = dict.fromkeys(("tenth", "eleventh"), "more_trades")
_TRADES |= dict.fromkeys(("twelfth", "thirteenth", "fourteenth"), "other_trades")
FIRST_TRY = {
    "first": 8,
    "second": 19,
    "third": 19,
    "fourth": 14,
    "fifth": 24,
    "sixth": 21,
}  # right of thirty, when a set was played first
UNMENDED = {
    "seventh": 21,
    "eighth": 24,
    "ninth": 6,  # of fifteen
    "tenth": 16,
    "eleventh": 20,
    "twelfth": 17,
    "thirteenth": 14,
    "fourteenth": 14,
}  # likewise; what they showed is mended in part, or not at all


@dataclass(frozen=True, slots=True)
class Played:
    flow: str
    language: str
    said: list[str]
    replies: list[str]
    wanted: dict[str, Any] | None  # a list: any of these is right
    data: dict[str, str] | None

    @property
    def right(self) -> bool:
        if self.wanted is None or self.data is None:
            return self.wanted is self.data
        wanted = {key: each if isinstance(each, list) else [each] for key, each in self.wanted.items()}
        return wanted.keys() == self.data.keys() and all(
            _even(self.data[key]) in map(_even, each) for key, each in wanted.items()
        )

    def __str__(self) -> str:
        lines = [f"{self.flow}: wanted {self.wanted}, got {self.data}"]
        for said, reply in zip(self.said, self.replies, strict=False):
            lines += [f"    > {said}", f"      {reply}"]
        return "\n".join(lines)


def read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def read_set(name: str) -> dict[str, Any]:
    """A set of conversations with the flows that it is about."""
    file = FOLDER / f"{_TRADES.get(name, TRADES)}.json"
    trades = json.loads(file.read_text(encoding="utf-8"))
    return trades | {"conversations": json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))}


def _even(value: str) -> str:
    """Without what nobody hears: capitals, and the signs between words."""
    return " ".join(re.sub(r"[^\w@+.:-]+", " ", value.casefold()).split()).strip(" .")


def brain_of(content: Mapping[str, Any], flow: str, meaning: Meaning) -> TopicsBrain:
    row = content["flows"][flow]
    language = row["language"]
    topics = tuple(TopicSnapshot(t["name"], tuple(t["samples"]), t["content"]) for t in content["topics"][language])
    now = datetime.fromisoformat(content["now"]).replace(tzinfo=ZoneInfo(content["zone"]))
    snapshot = AgentSnapshot("Robin", "", "", "", language, topics, (), flows=plan.read([row]), zone=content["zone"])
    return TopicsBrain(
        snapshot, meaning, variant={}, language=language, settings=TalkSettings(), shared=False, now=lambda: now
    )


async def play(brain: TopicsBrain, row: Mapping[str, Any], language: str, *, passed_on: bool = True) -> Played:
    """`passed_on`: the memory goes through JSON after each turn, as when another process goes on."""
    memory, replies, data = Memory(greeted=True), [], None
    for text in row["say"]:
        reply = await whole(brain, Turn(text), memory)
        reply.remember(memory)
        memory.last_said = reply.text
        replies.append(reply.text)
        for name, kept in reply.events:
            data = kept["data"] if name == "flow_finished" else data
        if passed_on:
            memory = Memory.from_json(json.loads(json.dumps(memory.to_json())))
    return Played(row["flow"], language, row["say"], replies, row["data"], data)


async def play_all(meaning: Meaning | Mapping[str, Meaning], content: dict[str, Any] | None = None) -> list[Played]:
    """`meaning`: one, or one for each language."""
    content = content or read()
    of_language = meaning if isinstance(meaning, Mapping) else {"en": meaning, "de": meaning}
    brains = {name: brain_of(content, name, of_language[row["language"]]) for name, row in content["flows"].items()}
    return [
        await play(brains[row["flow"]], row, content["flows"][row["flow"]]["language"])
        for row in content["conversations"]
    ]
