"""The agent's side of a turn: one task at a time that thinks and makes sound, and can be stopped at any moment."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from agents.brains import why
from agents.brains.base import Brain, Reply, Standing, Turn
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine.line import Clip
from agents.engine.notes import Ending
from agents.engine.overlap_rules import CONTINUES_S, takes_back
from agents.engine.speaking import Mouth, Utterance
from agents.engine.thought import Thought
from agents.engine.transcript import Transcript
from agents.engine.turn_rules import Mind, VisitorTurn
from agents.speech.clauses import clauses
from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from agents.speech.words import words

_STANDS_S = CONTINUES_S + 0.5  # behind its first sound: whoever goes on over an answer has been noticed by then
_HELD_S = 0.1  # between looks at a voice that is held
_NO_ANSWERS = frozenset({"unknown", "small_talk:told"})  # and a mere reaction loses nothing by coming later
_SURE, _SURE_WORDS = 0.97, 4  # so likely, of so many words, nothing else can be meant
_MINDS: dict[str, Mind] = {"answer": "answer", "lead": "answer", "ask": "none"}  # by kind of reply


def mind_of(reply: Reply) -> Mind:
    """Is this an answer to what was said so far?"""
    if reply.kind == "answer" and reply.like == "asked":
        return "asked"
    likely = reply.score is not None and reply.score >= _SURE and len(words(reply.question)) >= _SURE_WORDS
    if reply.kind == "answer" and (reply.like or likely):
        return "sure"
    return "none" if reply.source in _NO_ANSWERS else _MINDS.get(reply.kind, "")


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

    heard: Heard
    alone: Heard  # the last piece of it, where that may stand alone
    task: asyncio.Task[None] | None = None
    thought: Thought | None = None
    apart: bool = False  # it answers that piece only
    first: Clip | None = None  # its first clause
    thoughts: list[Thought] = field(default_factory=list)  # that it began

    @property
    def asked(self) -> tuple[Any, Any]:
        return _asked(self.heard), _asked(self.alone)


class Replying:
    def __init__(
        self,
        owner: Owner,
        brain: Brain,
        mouth: Mouth,
        transcript: Transcript,
        memory: Memory,
        settings: TalkSettings,
    ) -> None:
        self._owner = owner
        self._brain = brain
        self._mouth = mouth
        self._transcript = transcript
        self._memory = memory
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._preempted: _Preempted | None = None
        self._thoughts: list[Thought] = []  # of the answer that is due

    def open(self, utterances: Sequence[Utterance]) -> None:
        """Say these one after the other, each when the one before it was heard."""
        self._task = self._owner.start(self._open(utterances))

    def answer(self, turn: VisitorTurn, *, apart: Callable[[VisitorTurn], Awaitable[None]]) -> None:
        """Think and say it. `apart` is told where the last piece of the turn is answered alone."""
        self._task = self._owner.start(self._answer(turn, apart))

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
        await self._drop(self._thoughts)
        return await self._mouth.silence()

    def preempt(self, heard: Heard, alone: Heard) -> None:
        """Think the answer out and make its first sound while the visitor's silence is still being waited out."""
        if self._preempted is None or self._preempted.asked != (_asked(heard), _asked(alone)):
            self.forget()
            self._preempted = preempted = _Preempted(heard, alone)
            preempted.task = self._owner.start(self._prepare(preempted))

    def mind(self, heard: Heard, alone: Heard) -> Mind:
        """What there will be to say to these words."""
        preempted = self._preempted
        if preempted is None or preempted.task is None or preempted.asked != (_asked(heard), _asked(alone)):
            return ""
        if preempted.thought is None:
            return "" if preempted.task.done() else "thinking"
        return mind_of(preempted.thought.pieces[0].reply)

    def forget(self) -> None:
        """What was preempted does not hold any more."""
        preempted, self._preempted = self._preempted, None
        if preempted and preempted.task:
            preempted.task.cancel()
            self._owner.start(self._drop(preempted.thoughts))

    def keep(self, utterance: Utterance) -> None:
        """Keep in mind what it says; once more, when it was thought out to its end."""
        reply = utterance.reply
        if reply is None:
            return
        reply.remember(self._memory)
        if utterance.standing and reply.act and not utterance.standing.began.is_set():
            utterance.standing.began.set()
            self._owner.start(self._stand(utterance, utterance.standing))
        for name, data in reply.events[utterance.noted :]:
            self._transcript.event(name, **data)
        utterance.noted = len(reply.events)
        if reply.kind in ("answer", "lead", "model"):  # else "go on" may still follow
            self._memory.unsaid = ""

    async def _stand(self, utterance: Utterance, standing: Standing) -> None:
        """Let what it announces be done, once nobody goes on over its first moments any more."""
        await asyncio.sleep(_STANDS_S)
        while utterance.held_s is not None:  # noqa: ASYNC110  what holds a voice tells nobody
            await asyncio.sleep(_HELD_S)
        if not utterance.interrupted:
            standing.firm.set()

    # ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, utterances: Sequence[Utterance]) -> None:
        for utterance in utterances:
            self._mouth.utterance = utterance
            await self._say(utterance)
            await utterance.over.wait()

    async def _prepare(self, preempted: _Preempted) -> None:
        try:
            thought, preempted.apart = await self._think(preempted.heard, preempted.alone, preempted.thoughts)
            piece = await thought.first()
            preempted.thought = thought
            preempted.first = await self._mouth.clip(clauses(piece.text)[0], piece.reply.language)
        except ProviderError:
            return  # the answer meets it again, and says so

    async def _think(self, heard: Heard, alone: Heard, begun: list[Thought]) -> tuple[Thought, bool]:
        """The answer to a turn; to its last piece alone, where one stands and the rest was answered. True then.

        Its first piece is there. All that was begun is put on the list.
        """
        if alone:
            thought = self._begin(alone, begun)
            reply = (await thought.first()).reply
            if takes_back(alone.text, alone.language or self._memory.language) or self._stands(reply):
                return thought, True
            await self._drop(begun)
        thought = self._begin(heard, begun)
        await thought.first()
        return thought, False

    def _begin(self, heard: Heard, begun: list[Thought]) -> Thought:
        thought = Thought()
        begun.append(thought)
        thought.task = self._owner.start(thought.think(self._brain, _turn(heard, thought.standing), self._memory))
        return thought

    async def _drop(self, thoughts: list[Thought]) -> None:
        while thoughts:
            await thoughts.pop().stop()

    def _stands(self, reply: Reply) -> bool:
        if reply.source == "unknown" or reply.kind == "ask":
            return False
        return reply.score is None or reply.score >= self._settings.answer_score

    async def _answer(self, turn: VisitorTurn, apart: Callable[[VisitorTurn], Awaitable[None]]) -> None:
        await self._transcript.show("thinking")
        began_s = self._owner.now_s()
        preempted, self._preempted = self._preempted, None
        heard, alone = turn.heard, turn.may_stand
        thought, first, stands = None, None, False
        if preempted:
            self._thoughts = preempted.thoughts
            if preempted.task and preempted.asked == (_asked(heard), _asked(alone)):
                await asyncio.wait({preempted.task})
                thought, first, stands = preempted.thought, preempted.first, preempted.apart
            elif preempted.task:
                preempted.task.cancel()
        try:
            if thought is None:
                await self._drop(self._thoughts)
                thought, stands = await self._think(heard, alone, self._thoughts)
            piece = await thought.first()
        except ProviderError as error:
            await self._owner.failed("meaning", error)
            return
        if stands:
            await apart(turn)
        reply = piece.reply
        thinking_ms = round((self._owner.now_s() - began_s) * 1000, 1)
        utterance = Utterance(
            piece.text,
            reply.source,
            score=reply.score,
            reply=reply,
            decision=why.kept(reply),
            language=reply.language,
            then=Ending("agent_ended") if reply.ends_call else None,
            asked_until_s=turn.ended_s,
            timings={**turn.timings, "thinking": thinking_ms},
            growing=piece.more,
            standing=thought.standing,
        )
        self._mouth.utterance = utterance
        if piece.more:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow(thought, utterance))
                group.create_task(self._say(utterance, first))
        else:
            await self._say(utterance, first)

    async def _follow(self, thought: Thought, utterance: Utterance) -> None:
        """Hand on what is still being thought out."""
        try:
            await self._grow(thought, utterance)
        except ProviderError as error:
            await self._owner.failed("meaning", error)

    async def _grow(self, thought: Thought, utterance: Utterance) -> None:
        async for piece in thought.rest():
            reply = piece.reply
            utterance.reply, utterance.source, utterance.score = reply, reply.source, reply.score
            utterance.decision = why.kept(reply)
            utterance.then = Ending("agent_ended") if reply.ends_call else None
            utterance.grow(piece.text, more=piece.more)
            if utterance.started_s is not None:
                self.keep(utterance)
                self._memory.last_said = utterance.text

    async def _say(self, utterance: Utterance, first: Clip | None = None) -> None:
        try:
            await self._mouth.say(utterance, first)
        except ProviderError as error:
            await self._owner.failed("voice", error)


def _turn(heard: Heard, standing: Standing) -> Turn:
    return Turn(heard.text, heard.sure, heard.above_db, heard.language, standing)


def _asked(heard: Heard) -> tuple[str, tuple[float, ...]]:
    """What an answer hangs on."""
    return heard.text, heard.sure
