"""Where a conversation's calls of tools are written down: the intent before anything is sent, then what came of it.

The key is unique in the database, so whoever comes second, in whichever process, finds the first and sends nothing.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from agents.brains.tools import acting
from agents.brains.tools.acting import NotWritten
from agents.brains.tools.arguments import Value
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool
from calling.models import ToolCall
from calling.record.store.attempts import Check, attempt
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

LOOK_S = 0.5  # between looks at what another process does
SPARE_S = 5.0  # beyond a tool's own time, until it is given up
KEEP_TRIES = 6
KEEP_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """Of one conversation."""

    conversation: uuid.UUID

    async def intend(self, key: str, tool: Tool, arguments: Mapping[str, Value]) -> Outcome | None:
        """None: it is ours to send. Waits for whoever sends it just now. Raises NotWritten."""

        def write(check: Check) -> tuple[bool, ToolCall]:
            with transaction.atomic():
                given = {"conversation_id": self.conversation, "tool": tool.name, "method": tool.method}
                row, new = ToolCall.objects.get_or_create(key=key, defaults=given | {"arguments": dict(arguments)})
                check()
            return new, row

        def undo(done: tuple[bool, ToolCall]) -> None:
            if done[0]:
                ToolCall.objects.filter(key=key, outcome=None).delete()

        try:
            new, row = await attempt(write, undo)
            if new:
                return None
            until = row.at + timedelta(seconds=tool.timeout_s + SPARE_S)
            while row.outcome is None and timezone.now() < until:
                await asyncio.sleep(LOOK_S)
                row = await self._row(key) or row
        except Refused as refused:
            raise NotWritten from refused
        return acting.earlier(row.outcome)

    async def find(self, key: str) -> Outcome | None:
        try:
            row = await self._row(key)
        except Refused:
            return Outcome("unknown", code="NOT_WRITTEN")
        return acting.earlier(row.outcome) if row else None

    async def keep(self, key: str, outcome: Outcome) -> None:
        for _try in range(KEEP_TRIES):
            try:
                await attempt(lambda check: _keep(key, outcome), undo=lambda done: None)
                return
            except Refused:
                await asyncio.sleep(KEEP_PAUSE_S)
        log.error("what came of a tool was not written down", state=outcome.state, code=outcome.code)

    async def _row(self, key: str) -> ToolCall | None:
        return await attempt(lambda check: ToolCall.objects.filter(key=key).first(), undo=lambda row: None)


def _keep(key: str, outcome: Outcome) -> None:
    ToolCall.objects.filter(key=key).update(outcome=outcome.to_json())
