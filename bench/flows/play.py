"""Plays the scripted conversations of flows.json: what each should have collected, and what it did."""

import json
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

FILE = Path(__file__).with_name("flows.json")


@dataclass(frozen=True, slots=True)
class Played:
    flow: str
    language: str
    said: list[str]
    replies: list[str]
    wanted: dict[str, str] | None
    data: dict[str, str] | None

    @property
    def right(self) -> bool:
        return self.wanted == self.data

    def __str__(self) -> str:
        lines = [f"{self.flow}: wanted {self.wanted}, got {self.data}"]
        for said, reply in zip(self.said, self.replies, strict=False):
            lines += [f"    > {said}", f"      {reply}"]
        return "\n".join(lines)


def read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


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


async def play_all(meaning: Meaning) -> list[Played]:
    content = read()
    brains = {name: brain_of(content, name, meaning) for name in content["flows"]}
    return [
        await play(brains[row["flow"]], row, content["flows"][row["flow"]]["language"])
        for row in content["conversations"]
    ]
