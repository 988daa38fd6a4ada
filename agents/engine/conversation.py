"""The conversation: hear → whose turn → think → speak → be interrupted, until somebody ends it.

`VoiceAgent` is what a session knows. `Talk` is one run of it: its tasks listen to the line, transcribe and speak;
all that happens comes together in one inbox, and one loop hands it to turn taking, which decides.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from agents.brains.asking_again import AskingAgain
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, spoken
from agents.brains.topics import TopicsBrain
from agents.engine.hearing import Ear
from agents.engine.line import Clip, ClipEnded, ClipStarted, Dtmf, Gap, Left, Line, LineEvent, Muted, PageInfo, Typed
from agents.engine.notes import Ending, Notes
from agents.engine.replying import Replying
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_taking import TurnTaking
from agents.speech.clauses import clauses
from agents.speech.providers.base import Engines, ProviderError
from agents.speech.sound import Pcm
from agents.speech.vocabulary import Vocabulary

__all__ = ["Answerer", "TalkSettings", "VoiceAgent"]

INBOX = 512  # frames and events that wait for a decision, 10 s of them; those who bring more wait, nothing is dropped
LAST_WORDS_S = 2.0  # for transcribing what the visitor said when the line was cut


class Answerer(Protocol):
    """What a session needs of an agent."""

    async def run(self, seat: Line, notes: Notes) -> Ending:
        """Talk until the conversation is over. Cancelling it ends everything it started."""
        ...

    def state(self) -> dict[str, Any]:
        """Where the conversation stands, as plain JSON."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there; called before `run`."""
        ...


class VoiceAgent:
    """Answers by voice, from the topics of one frozen version."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        engines: Engines,
        *,
        variant_key: str = "",
        settings: TalkSettings | None = None,
        language: str = "",
    ) -> None:
        self._snapshot = snapshot
        self._engines = engines
        self._variant_key = variant_key
        self._settings = settings or TalkSettings()
        self._language = language or snapshot.language
        self._memory = Memory()

    def state(self) -> dict[str, Any]:
        return self._memory.to_json()

    def restore(self, state: dict[str, Any]) -> None:
        self._memory = Memory.from_json(state)

    async def make_ready(self) -> None:
        """Make the first sound while the line is still being connected; a voice with a cache has it when `run` asks."""
        piece = self._first_words()
        if piece and not self._memory.greeted:
            with suppress(ProviderError):  # the call meets it again, and ends as it should
                await self._engines.voice.speak(piece, who=id(self))

    async def rehearse(self) -> Clip | None:
        """What calls to this agent need and share, made before the first one: topics as vectors, and the first sound.

        The sound is returned for whoever encodes it. Raises ProviderError.
        """
        variant, _ = self._snapshot.variant(self._variant_key)
        brain = TopicsBrain(
            self._snapshot,
            self._engines.meaning,
            variant=variant.attributes if variant else {},
            language=self._language,
            settings=self._settings,
            who=id(self),
        )
        piece = self._first_words()
        said = await self._engines.voice.speak(piece, who=id(self)) if piece else None  # first: it is needed first
        await brain.prepare()
        return Clip(piece, said.pcm, said.word_ends_s) if said else None

    def _first_words(self) -> str:
        variant, _ = self._snapshot.variant(self._variant_key)
        first = self._snapshot.disclaimer.strip() or self._snapshot.greeting
        pieces = clauses(spoken(first, variant.attributes if variant else {}, self._memory.page))
        return pieces[0] if pieces else ""

    async def run(self, seat: Line, notes: Notes) -> Ending:
        variant, found = self._snapshot.variant(self._variant_key)
        if not found:
            notes.event("variant_missing", seat.now_s(), key=self._variant_key, used=variant.key if variant else "")
        talk = Talk(
            seat,
            notes,
            self._memory,
            self._snapshot,
            self._engines,
            variant=variant.attributes if variant else {},
            settings=self._settings,
            language=self._language,
        )
        return await talk.run()


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
        snapshot: AgentSnapshot,
        engines: Engines,
        *,
        variant: dict[str, str],
        settings: TalkSettings,
        language: str,
    ) -> None:
        self._seat = seat
        self._memory = memory
        self._snapshot = snapshot
        self._variant = variant
        self._inbox: asyncio.Queue[_Signal] = asyncio.Queue(INBOX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self.now_s = seat.now_s
        who = id(self)
        self._transcript = Transcript(seat, notes, memory)
        topics = TopicsBrain(snapshot, engines.meaning, variant=variant, language=language, settings=settings, who=who)
        names = {topic.name: topic.aloud for topic in snapshot.topics}
        self._brain = AskingAgain(topics, language=language, names=names, least=settings.doubtful)
        mouth = Mouth(seat, engines.voice, who=who)
        self._ear = ear = Ear(
            engines.activity(),
            engines.hearing,
            language=language,
            settings=settings,
            start=self.start,
            changed=lambda: self._inbox.put(_Words()),
            failed=lambda error: self.failed("hearing", error),
            now_s=seat.now_s,
            degraded=lambda level, late_s: self._transcript.event("hearing_degraded", level=level, late_s=late_s),
            vocabulary=Vocabulary(snapshot.phrases, snapshot.corrections),
            who=who,
        )
        self._replying = Replying(self, self._brain, mouth, self._transcript, memory, settings)
        self._turns = TurnTaking(
            seat, ear, mouth, self._replying, self._transcript, memory, phrases(language), settings
        )

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
        texts = (("disclaimer", self._snapshot.disclaimer), ("greeting", self._snapshot.greeting))
        filled = [(source, spoken(text, self._variant, self._memory.page)) for source, text in texts]
        opening = [Utterance(text, source, uninterruptible=source == "disclaimer") for source, text in filled if text]
        for last in opening[-1:]:
            last.ends_opening = True
        self._replying.open(opening)

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
            case Typed(text, patient):
                await turns.read(text, patient=patient)
            case Left(cause):
                return Ending(cause)
            case _Failed(part, error):
                return await turns.fail(part, error)
        return None

    async def _close(self) -> None:
        with suppress(ProviderError):
            await self._turns.close(LAST_WORDS_S)
        self._transcript.state()
