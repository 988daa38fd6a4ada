"""What chats wait for is thought out here: a task as long as one waits, and nothing in between.

Whose the answer is, the chat's row says, for half a minute: a process that is killed over it loses only its own work,
and whoever hears of the chat next thinks it out again.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import structlog

from agents.brains.language_model.service import thinking_with
from agents.brains.phrases import phrases
from agents.brains.snapshot import AgentSnapshot
from agents.engine.text import TextAgent, Written
from agents.speech.providers.base import ProviderError
from calling import faults
from calling.gateway import wiring
from calling.gateway.chat.hub import Hub
from calling.lines import messaging, text
from calling.record.store import chat_answers, chat_rows
from calling.record.store.chat_answers import Owed, Said
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

AT_ONCE = 16  # answers; inference has its own threads, and its own order
THINK_S = 20.0  # an answer that takes longer has failed
THINKING_AGAIN_S = 5.0  # clients take the sign of thinking away after ten seconds
PAUSE_S = 1.0  # between tries while the database is away …
PATIENCE_S = 60.0  # … for so long: after it the client's next heartbeat tries again

Made = Callable[[AgentSnapshot, str, str, Hashable], TextAgent]


class Answers:
    """One object a process."""

    def __init__(self, hub: Hub, made: Made = wiring.text_agent) -> None:
        self._hub = hub
        self._made = made
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[uuid.UUID, asyncio.Task[None]] = {}
        self._again: set[uuid.UUID] = set()

    def wake(self, chat: uuid.UUID) -> None:
        """Something may wait for an answer there."""
        task = self._tasks.get(chat)
        if task is not None and not task.done():
            self._again.add(chat)
            return
        self._tasks[chat] = task = self._hub.start(self._work(chat), f"answers of chat {chat.hex[:8]}")
        task.add_done_callback(lambda done: self._forget(chat, done))

    def _forget(self, chat: uuid.UUID, done: "asyncio.Task[None]") -> None:
        if self._tasks.get(chat) is done:
            del self._tasks[chat]

    async def _work(self, chat: uuid.UUID) -> None:
        until = time.monotonic() + PATIENCE_S
        while True:
            self._again.discard(chat)
            try:
                async with self._room:
                    owed = await chat_answers.claim(chat)
                    if owed is not None:
                        await self._answer(owed)
            except Refused as refused:
                if refused.code != "UNAVAILABLE" or time.monotonic() > until:
                    log.warning("a chat waits for its answer", code=refused.code)
                    return
                await asyncio.sleep(PAUSE_S)
                continue
            if owed is None and chat not in self._again:
                return

    async def _answer(self, owed: Owed) -> None:
        began = time.monotonic()
        written, state = await self._write(owed)
        said = [self._said(one, owed) for one in written]
        if not owed.opening:
            timings = {"thinking": round((time.monotonic() - began) * 1000, 1)}
            said = [replace(one, timings=timings) for one in said]
        while True:
            try:
                events = await chat_answers.answered(owed, said, state)
                break
            except Refused as refused:
                if refused.code != "UNAVAILABLE" or time.monotonic() - began > chat_answers.LEASE_S:
                    raise
                await asyncio.sleep(PAUSE_S)
        if events is None:
            log.info("an answer was left out: somebody else gave it, or the chat is over")
        else:
            await self._hub.tell(owed.chat, events)

    async def _write(self, owed: Owed) -> tuple[list[Written], dict[str, Any]]:
        """What the agent writes, and its state afterwards. Where it cannot, a sentence says so and the chat goes on."""
        try:
            snapshot = await chat_answers.agent(owed.version)
            agent = self._made(snapshot, owed.variant_key, owed.language, owed.chat)
            if owed.state:
                agent.restore(owed.state)
            agent.told(owed.page)
            if owed.opening:
                return agent.opening(greets=owed.greets, greeting=owed.greeting), agent.state()
            if model := await chat_answers.model(owed, snapshot):
                agent.think_with(thinking_with(model.service, snapshot, model.meter, written=True))
            if acting := await chat_answers.acting(owed, snapshot):
                agent.act_with(acting)
            try:
                return [await self._thought_out(agent, owed)], agent.state()
            finally:
                if model:
                    await agent.close()
        except Refused:
            raise
        except (ProviderError, TimeoutError) as error:
            log.error("a chat could not be answered", error=str(error) or type(error).__name__)
        except Exception as error:  # noqa: BLE001  noted; the chat goes on
            faults.report("answer", error)
        return [
            Written(phrases(owed.state.get("language") or owed.language, written=True).failure, "failure")
        ], owed.state

    async def _thought_out(self, agent: TextAgent, owed: Owed) -> Written:
        """The answer; until it is there, clients are told that it is being thought about. Raises TimeoutError."""
        thinking = asyncio.ensure_future(agent.answer(owed.text))
        try:
            async with asyncio.timeout(THINK_S):
                while not thinking.done():
                    await self._hub.tell(owed.chat, [messaging.passing("POLY_AGENT_THINKING", chat_rows.now())])
                    await asyncio.wait({thinking}, timeout=THINKING_AGAIN_S)
                return await thinking
        finally:
            thinking.cancel()
            await asyncio.gather(thinking, return_exceptions=True)

    @staticmethod
    def _said(written: Written, owed: Owed) -> Said:
        told = text.told(
            written,
            str(uuid.uuid4()),
            streams=owed.streams,
            platform=owed.platform,
            agent_name=owed.agent_name,
            avatar_url=owed.avatar_url,
        )
        return Said(
            told,
            written.text,
            written.source,
            written.score,
            written.ends,
            written.events,
            decision=written.decision,
        )
