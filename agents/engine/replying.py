"""The agent's side of a turn: one task at a time that thinks and makes sound, and can be stopped at any moment."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from agents.brains.memory import Memory
from agents.brains.topics import Reply, Thinker
from agents.engine.line import Clip
from agents.engine.notes import Ending
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_rules import VisitorTurn
from agents.speech.clauses import clauses
from agents.speech.providers.base import ProviderError


class Owner(Protocol):
    """Whoever owns the tasks of a conversation."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]: ...

    def now_s(self) -> float: ...

    async def failed(self, part: str, error: ProviderError) -> None:
        """`part`: "hearing", "meaning" or "voice"."""
        ...


@dataclass(slots=True, eq=False)
class _Preempted:
    """The answer to words that are probably all the visitor has to say."""

    text: str
    task: asyncio.Task[None] | None = None
    reply: Reply | None = None
    first: Clip | None = None  # its first clause


class Replying:
    def __init__(self, owner: Owner, thinker: Thinker, mouth: Mouth, transcript: Transcript, memory: Memory) -> None:
        self._owner = owner
        self._thinker = thinker
        self._mouth = mouth
        self._transcript = transcript
        self._memory = memory
        self._task: asyncio.Task[None] | None = None
        self._preempted: _Preempted | None = None

    def open(self, utterances: Sequence[Utterance]) -> None:
        """Say these one after the other, each when the one before it was heard."""
        self._task = self._owner.start(self._open(utterances))

    def answer(self, turn: VisitorTurn) -> None:
        self._task = self._owner.start(self._answer(turn))

    def say(self, utterance: Utterance) -> None:
        """Say something unasked."""
        self._mouth.utterance = utterance
        self._task = self._owner.start(self._say(utterance))

    async def stop(self) -> Utterance | None:
        """Stop thinking and fall silent. The utterance that was cut, with what was heard of it."""
        task, self._task = self._task, None
        if task and not task.done():
            task.cancel()
            await asyncio.wait({task})
        return await self._mouth.silence()

    def preempt(self, text: str) -> None:
        """Think the answer out and make its first sound while the visitor's silence is still being waited out."""
        if self._preempted is None or self._preempted.text != text:
            self.forget()
            self._preempted = preempted = _Preempted(text)
            preempted.task = self._owner.start(self._prepare(preempted))

    def forget(self) -> None:
        """What was preempted does not hold any more."""
        preempted, self._preempted = self._preempted, None
        if preempted and preempted.task:
            preempted.task.cancel()

    # ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, utterances: Sequence[Utterance]) -> None:
        for utterance in utterances:
            self._mouth.utterance = utterance
            await self._say(utterance)
            await utterance.over.wait()

    async def _prepare(self, preempted: _Preempted) -> None:
        try:
            reply = await self._thinker.reply(preempted.text, self._memory)
            preempted.first = await self._mouth.clip(clauses(reply.text)[0])
            preempted.reply = reply
        except ProviderError:
            return  # the answer meets it again, and says so

    async def _answer(self, turn: VisitorTurn) -> None:
        await self._transcript.show("thinking")
        began_s = self._owner.now_s()
        preempted, self._preempted = self._preempted, None
        reply, first = None, None
        if preempted and preempted.task and preempted.text == turn.text:
            await asyncio.wait({preempted.task})
            reply, first = preempted.reply, preempted.first
        if reply is None:
            try:
                reply = await self._thinker.reply(turn.text, self._memory)
            except ProviderError as error:
                await self._owner.failed("meaning", error)
                return
        thinking_ms = round((self._owner.now_s() - began_s) * 1000, 1)
        utterance = Utterance(
            reply.text,
            reply.source,
            score=reply.score,
            reply=reply,
            then=Ending("agent_ended") if reply.ends_call else None,
            asked_until_s=turn.ended_s,
            timings={**turn.timings, "thinking": thinking_ms},
        )
        self._mouth.utterance = utterance
        await self._say(utterance, first)

    async def _say(self, utterance: Utterance, first: Clip | None = None) -> None:
        try:
            await self._mouth.say(utterance, first)
        except ProviderError as error:
            await self._owner.failed("voice", error)
