"""Asks a model over the documented wire: streamed, within four clocks, and once more where that may help.

A second try comes only before the first word: what has been said to somebody is not said again in other words.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from agents.brains.language_model import responses_wire, wire
from agents.brains.language_model.base import Delta, Limits, Message, ModelError, Response, Transport
from agents.brains.language_model.wire import Habits
from agents.outside.server_events import NotEvents, events

CHAT, RESPONSES = "chat/completions", "responses"
WHOLE_MOST = 1024 * 1024  # bytes of an answer that comes in one piece
_RETRY_PAUSE_S = 0.2
_ADAPTING_MOST = 3  # times that an option is left out


class Client:
    """One object a conversation. `habits` are what was found out about the service before."""

    def __init__(
        self, model: str, transport: Transport, limits: Limits | None = None, habits: Habits | None = None
    ) -> None:
        self.name = model
        self._transport = transport
        self._limits = limits or Limits()
        self._habits = habits or Habits()

    async def ask(
        self, messages: list[Message], *, tools: list[dict[str, Any]] | None = None, limits: Limits | None = None
    ) -> AsyncIterator[Delta]:
        """The answer as it is written; the last piece is Done. Raises ModelError."""
        own = limits or self._limits
        until = time.monotonic() + own.all_s
        first_until = min(until, time.monotonic() + own.first_s)
        adapted, tries, unknown = 0, 0, None
        while True:
            began = False
            speaks = responses_wire if self._habits.responses else wire
            sent = speaks.request(self.name, messages, tools, own, self._habits)
            asked = sum(len(one.content) for one in messages)
            try:
                async for delta in self._try(sent, asked, own, first_until, until):
                    began = True
                    yield delta
                return
            except ModelError as error:
                if began:
                    raise
                if error.status in (404, 405):
                    self._habits.responses = speaks is wire  # it may speak the other one only
                    if unknown is not None:
                        raise unknown from None
                    unknown = error
                    continue
                if error.status in (400, 422) and adapted < _ADAPTING_MOST and self._habits.learn(error.detail, sent):
                    adapted += 1
                    continue
                tries += 1
                wait_s = _RETRY_PAUSE_S if error.retry_after_s is None else error.retry_after_s
                left_s = first_until - time.monotonic()
                if error.permanent or tries > 1 or wait_s > min(own.retry_wait_s, left_s):
                    raise
                await asyncio.sleep(wait_s)

    async def close(self) -> None:
        """Nobody asks any more. Twice is once."""
        await self._transport.close()

    async def _try(
        self, sent: dict[str, Any], asked: int, limits: Limits, first_until: float, until: float
    ) -> AsyncIterator[Delta]:
        body = json.dumps(sent, ensure_ascii=False).encode()
        path, reads = (CHAT, wire.Reader) if "messages" in sent else (RESPONSES, responses_wire.ResponsesReader)
        async with AsyncExitStack() as open_things:
            response = await self._within(
                first_until,
                open_things.enter_async_context(
                    self._transport.post(path, body, within_s=max(0.01, until - time.monotonic()))
                ),
            )
            reader = reads(limits, asked)
            if "json" in response.content_type:  # it does not stream, and says all at once
                whole = await self._within(min(until, first_until + limits.between_s), _start(response, WHOLE_MOST))
                for words in reader.read(whole.decode("utf-8", errors="replace")):
                    yield words
            else:
                coming = events(response.chunks())
                open_things.push_async_callback(coming.aclose)  # type: ignore[attr-defined]
                next_until = first_until
                while not reader.ended:
                    data = await self._within(next_until, anext(coming, None))
                    if data is None:
                        break
                    for words in reader.read(data):
                        yield words
                    if reader.began:
                        next_until = min(until, time.monotonic() + limits.between_s)
            for last in reader.finish():
                yield last

    async def _within(self, until: float, work: Any) -> Any:
        """What comes of it in time. Raises ModelError."""
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                return await work
        except TimeoutError:
            raise ModelError("TOO_SLOW", "nothing came in time") from None
        except NotEvents as error:
            raise ModelError("GARBAGE", str(error)) from None


async def _start(response: Response, most: int) -> bytes:
    """The beginning of a body."""
    kept = bytearray()
    async for chunk in response.chunks():
        kept += chunk
        if len(kept) >= most:
            break
    return bytes(kept[:most])
