"""The sockets of chats in this process, what they are told, and what is told to those of other processes.

What happens in a chat reaches this process's sockets directly, and others through a group of the channel layer. A group
may lose what it carries, or be away: every event has a number, so a socket notices, and reads what it lacks.
"""

import asyncio
import contextvars
import secrets
import uuid
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

import structlog
from channels.layers import get_channel_layer

from calling import faults
from calling.lines.messaging import Event
from calling.record.store.chat_places import SOCKETS_A_CHAT
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

SOCKETS_AN_ADDRESS = 100  # an office behind one address stays below
SOCKETS_MOST = 5_000
PROJECTS_PART = 0.75  # of all sockets, for one project: one app cannot take the house
OTHERS_S = 2.0  # what the channel layer has to take a message


class Listener(Protocol):
    def tell(self, events: Sequence[Event]) -> None:
        """Never waits."""
        ...


class Hub:
    """One object a process. Asked from the event loop only."""

    def __init__(self) -> None:
        self.id = secrets.token_urlsafe(8)
        self._sockets: dict[uuid.UUID, set[Listener]] = {}
        self._taken: Counter[tuple[str, object]] = Counter()
        self._tasks: set[asyncio.Task[Any]] = set()

    # ── Sockets ──────────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, chat: uuid.UUID, socket: Listener, *, address: str, project: int | None) -> "Seat":
        """A socket listens from now on. Raises RATE_LIMITED, and nothing has changed then."""
        limits = {
            ("chat", chat): SOCKETS_A_CHAT,
            ("address", address): SOCKETS_AN_ADDRESS,
            ("project", project): int(SOCKETS_MOST * PROJECTS_PART),
            ("all", None): SOCKETS_MOST,
        }
        for key, most in limits.items():
            if self._taken[key] >= most:
                raise Refused("RATE_LIMITED", f"sockets of one {key[0]}")
        self._taken.update(limits.keys())
        self._sockets.setdefault(chat, set()).add(socket)
        return Seat(self, chat, socket, tuple(limits))

    def leave(self, chat: uuid.UUID, socket: Listener, keys: tuple[tuple[str, object], ...]) -> None:
        here = self._sockets.get(chat, set())
        here.discard(socket)
        if not here:
            self._sockets.pop(chat, None)
        for key in keys:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]

    # ── What they are told ───────────────────────────────────────────────────────────────────────────────────

    async def tell(self, chat: uuid.UUID, events: Sequence[Event]) -> None:
        """All sockets of a chat, here and elsewhere. Never raises: what is kept is read again by who lacks it."""
        if not events:
            return
        for socket in list(self._sockets.get(chat, ())):
            socket.tell(events)
        message = {"type": "chat.told", "by": self.id, "events": [event.envelope() for event in events]}
        try:
            async with asyncio.timeout(OTHERS_S):
                await get_channel_layer().group_send(group(chat), message)
        except Exception as error:  # noqa: BLE001  other processes' sockets read it when their clients say something
            log.warning("other processes were not told of a chat", error=type(error).__name__)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]":
        """A task of the house, in a fresh context: it must not hang on to what a socket brought along."""
        task = asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def quiet(self) -> None:
        """Return when nothing is being done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Refused):
            faults.report("task", error, task=task.get_name())


class Seat:
    """One socket's place in a chat, given back once."""

    def __init__(self, hub: Hub, chat: uuid.UUID, socket: Listener, keys: tuple[tuple[str, object], ...]) -> None:
        self._hub, self._chat, self._socket, self._keys = hub, chat, socket, keys

    def leave(self) -> None:
        keys, self._keys = self._keys, ()
        if keys:
            self._hub.leave(self._chat, self._socket, keys)


def group(chat: uuid.UUID) -> str:
    return f"chat.{chat.hex}"
