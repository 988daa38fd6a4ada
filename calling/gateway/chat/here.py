"""The chats of this process: who listens, and who thinks."""

import asyncio
import uuid
from collections.abc import Sequence

from calling.gateway import wiring
from calling.gateway.chat.answers import Answers, Made
from calling.gateway.chat.hub import Hub
from calling.lines.messaging import Event
from calling.record.store import chat_calls, chat_news


class Chats:
    """One object a process. Tests make their own, with agents of their own."""

    def __init__(self, made: Made = wiring.text_agent) -> None:
        self.hub = Hub()
        self.answers = Answers(self.hub, made)
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self) -> None:
        """From now on what a call writes into a chat reaches the chat's sockets. From the event loop."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            chat_news.listen(self._told)

    def _told(self, chat: uuid.UUID, events: Sequence[Event]) -> None:
        """From the writer's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._pass_on, chat, events)

    def _pass_on(self, chat: uuid.UUID, events: Sequence[Event]) -> None:
        self.hub.start(self.hub.tell(chat, events), "news of a call")
        if any(event.type == chat_calls.ENDED for event in events):
            self.answers.wake(chat)  # what was written meanwhile waits


_chats: Chats | None = None


def here() -> Chats:
    global _chats
    if _chats is None:
        _chats = Chats()
    return _chats


def install(other: Chats | None) -> None:
    """Let this process use other ones: for tests."""
    global _chats
    _chats = other
