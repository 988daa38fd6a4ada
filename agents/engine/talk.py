"""One run of a voice agent on one line: hear → whose turn → think → speak → be interrupted, until somebody ends it.

Its tasks listen to the line, transcribe and speak; all that happens comes together in one inbox, and one loop hands it
to turn taking, which decides.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from agents.brains.base import Brain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine.hearing import Ear
from agents.engine.line import ClipEnded, ClipStarted, Dtmf, Gap, Left, Line, LineEvent, Muted, PageInfo, Typed
from agents.engine.notes import Ending, Notes
from agents.engine.replying import Replying
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_taking import TurnTaking
from agents.speech.providers.base import Engines, ProviderError
from agents.speech.sound import Pcm
from agents.speech.vocabulary import Vocabulary

INBOX = 512  # frames and events that wait for a decision, 10 s of them; those who bring more wait, nothing is dropped
LAST_WORDS_S = 12.0  # for transcribing what the visitor said when the line was cut …
HURRIED_S = 2.0  # … and when the process has to go, or nobody waits for the end in order


@dataclass(frozen=True, slots=True)
class _Frame:
    pcm: Pcm
    at_s: float


@dataclass(frozen=True, slots=True)
class _Words:
    """Some words were transcribed."""


@dataclass(frozen=True, slots=True)
class _Failed:
    part: str
    error: ProviderError


_Signal = _Frame | _Words | _Failed | LineEvent


class Talk:
    """One run of a voice agent on one line. Owns all its tasks: when it ends, they have ended."""

    def __init__(
        self,
        seat: Line,
        notes: Notes,
        memory: Memory,
        engines: Mapping[str, Engines],
        brain_of: Callable[[int], Brain],
        *,
        opening: Callable[[], list[Utterance]],
        vocabulary: Vocabulary,
        settings: TalkSettings,
    ) -> None:
        """`engines` by language, that of the memory among them. `brain_of` is told whom it works for."""
        self._seat = seat
        self._memory = memory
        self._opening = opening
        self._inbox: asyncio.Queue[_Signal] = asyncio.Queue(INBOX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self.now_s = seat.now_s
        who = id(self)
        own = engines[memory.language]
        self._transcript = Transcript(seat, notes, memory)
        self._brain = brain_of(who)
        mouth = Mouth(seat, lambda language: engines.get(language or memory.language, own).voice, who=who)
        self._ear = ear = Ear(
            own.activity(),
            own.hearing,
            language=lambda: memory.language,
            settings=settings,
            start=self.start,
            changed=lambda: self._inbox.put(_Words()),
            failed=lambda error: self.failed("hearing", error),
            now_s=seat.now_s,
            degraded=lambda level, late_s: self._transcript.event("hearing_degraded", level=level, late_s=late_s),
            vocabulary=vocabulary,
            who=who,
        )
        self._replying = Replying(self, self._brain, mouth, self._transcript, memory, settings)
        self._turns = TurnTaking(seat, ear, mouth, self._replying, self._transcript, memory, settings)

    async def run(self) -> Ending:
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self.start(self._listen())
                self.start(self._follow())
                self.start(self._warm_up())
                await self._open()
                ending = await self._conduct()
                for task in list(self._tasks):
                    if not self._ear.is_at_work(task):
                        task.cancel()
                await self._finish(HURRIED_S if ending.cause == "shutdown" else LAST_WORDS_S)
                for task in list(self._tasks):
                    task.cancel()
        finally:
            await self._close()
        return ending

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        assert self._group is not None
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def failed(self, part: str, error: ProviderError) -> None:
        await self._inbox.put(_Failed(part, error))

    async def _listen(self) -> None:
        async for pcm in self._seat.heard():
            await self._inbox.put(_Frame(pcm, self._seat.now_s()))

    async def _follow(self) -> None:
        async for event in self._seat.events():
            await self._inbox.put(event)
            if isinstance(event, Left):
                return
        await self._inbox.put(Left("connection_lost"))

    async def _warm_up(self) -> None:
        with suppress(ProviderError):  # the first question meets it again, and says so
            await self._brain.prepare()

    async def _open(self) -> None:
        """Say the disclaimer, then the greeting; nothing when the conversation goes on from another process."""
        if self._memory.greeted:
            await self._transcript.show("listening")
            return
        self._replying.open(self._opening())

    async def _conduct(self) -> Ending:
        while True:
            ending = await self._take(await self._inbox.get())
            if ending:
                return ending

    async def _take(self, signal: _Signal) -> Ending | None:
        turns = self._turns
        match signal:
            case _Frame(pcm, at_s):
                return await turns.hear(pcm, at_s)
            case _Words():
                await turns.consider(self._seat.now_s())
            case ClipStarted():
                await turns.sounds(signal)
            case ClipEnded():
                await turns.sounded(signal)
            case Gap(began):
                self._ear.stand_still(began)
            case Muted(on, reason):
                await turns.mute(on, reason)
            case Dtmf(digit):
                self._transcript.event("dtmf", digit=digit)
                await turns.press(digit)
            case PageInfo(text, data):
                self._memory.learn(data)
                self._replying.forget()
                self._transcript.event("page_info", text=text, data=data)
            case Typed(text, patient, id):
                await turns.read(text, patient=patient, id=id)
            case Left(cause):
                return Ending(cause)
            case _Failed(part, error):
                return await turns.fail(part, error)
        return None

    async def _finish(self, within_s: float) -> None:
        """Leave no turn open. The second time nothing is."""
        with suppress(ProviderError):
            await self._turns.close(within_s)

    async def _close(self) -> None:
        await self._finish(HURRIED_S)
        self._transcript.state()
