"""Doing things for a conversation: each call is written down before it is sent, and none is sent a second time.

A call is a task of its own. Whoever waits for it may be stopped, because somebody talks over the agent or hangs up;
what was begun goes on to its end, and what came of it is kept.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from agents.brains.tools import caller
from agents.brains.tools.arguments import Value
from agents.brains.tools.caller import Door
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool

_running: set["asyncio.Task[Outcome]"] = set()  # of this process, also of conversations that are over


class NotWritten(Exception):
    """The intent could not be written down, so nothing may be done."""


class Record(Protocol):
    """Where calls are written down, for one conversation."""

    async def intend(self, key: str, tool: Tool, arguments: Mapping[str, Value]) -> Outcome | None:
        """Before it is sent. What came of it where it was sent before; None: it was not. Raises NotWritten."""
        ...

    async def find(self, key: str) -> Outcome | None:
        """What came of it, where it was sent; None: it was not."""
        ...

    async def keep(self, key: str, outcome: Outcome) -> None:
        """What came of it. Never raises: it has happened."""
        ...


class NoRecord:
    """Of a trial: it changes nothing, so nothing has to be known of it later."""

    async def intend(self, key: str, tool: Tool, arguments: Mapping[str, Value]) -> Outcome | None:
        return None

    async def find(self, key: str) -> Outcome | None:
        return None

    async def keep(self, key: str, outcome: Outcome) -> None:
        pass


@dataclass(slots=True)
class Acting:
    """What a conversation may do. One object a conversation and process."""

    conversation: str
    doors: Mapping[int, Door]
    record: Record
    reads_only: bool = False  # a trial: what would change something counts as having worked
    _begun: dict[str, "asyncio.Task[Outcome]"] = field(default_factory=dict)

    def key(self, tool: Tool, occasion: str, arguments: Mapping[str, Value] | None = None) -> str:
        """The same for the same thing at the same occasion, in whichever process."""
        told = json.dumps([self.conversation, tool.id, occasion, arguments], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(told.encode()).hexdigest()[:40]

    def may(self, tool: Tool) -> bool:
        """Whether it is really asked."""
        return tool.reads or not self.reads_only

    def has_begun(self, key: str) -> bool:
        """By this conversation in this process."""
        return key in self._begun

    async def before(self, key: str) -> Outcome | None:
        """What came of it, once that is known; None where it was never begun."""
        if key in self._begun:
            await asyncio.wait({self._begun[key]})
            return self._begun[key].result()
        return await self.record.find(key)

    def begin(self, tool: Tool, arguments: Mapping[str, Value], key: str) -> "asyncio.Task[Outcome]":
        """Twice is once. Nobody who stops waiting for the task may cancel it: `asyncio.wait` does not."""
        if key not in self._begun:
            task = asyncio.ensure_future(self._do(tool, arguments, key))
            _running.add(task)
            task.add_done_callback(_running.discard)
            self._begun[key] = task
        return self._begun[key]

    async def _do(self, tool: Tool, arguments: Mapping[str, Value], key: str) -> Outcome:
        try:
            before = await self.record.intend(key, tool, arguments)
        except NotWritten:
            return Outcome("failed", code="NOT_WRITTEN")
        if before is not None:
            return before
        try:
            found = await caller.call(tool, arguments, self.doors.get(tool.id, Door(missing=True)), key)
        except Exception:  # noqa: BLE001  whatever it is: it may have been sent
            found = Outcome("unknown", code="BROKEN")
        await self.record.keep(key, found)
        return found


async def settled() -> None:
    """Until all that was begun in this process has come to its end."""
    while _running:
        await asyncio.wait(set(_running))


def earlier(kept: Mapping[str, Any] | None) -> Outcome:
    """What is known of a call that was written down before: its outcome, or that nobody can tell."""
    return Outcome.from_json(kept) if kept and kept.get("state") else Outcome("unknown", code="INTERRUPTED", again=True)
