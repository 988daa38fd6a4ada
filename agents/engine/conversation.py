"""The conversation: hear → whose turn → think → speak → be interrupted, until somebody ends it.

`VoiceAgent` is what a session knows. `Talk` is one run of it: its tasks listen to the line, transcribe and speak;
all that happens comes together in one inbox, and one loop hands it to turn taking, which decides.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from agents.brains.base import Brain
from agents.brains.language_model.brain import ModelBrain, Thinking
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, spoken
from agents.brains.sources.brain import with_sources
from agents.brains.sources.passages import Shelf
from agents.brains.tools.acting import Acting
from agents.brains.tools.brain import ActingBrain
from agents.engine.hearing import Ear
from agents.engine.line import Clip, ClipEnded, ClipStarted, Dtmf, Gap, Left, Line, LineEvent, Muted, PageInfo, Typed
from agents.engine.notes import Ending, Notes
from agents.engine.replying import Replying
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_taking import TurnTaking
from agents.speech.clauses import clauses
from agents.speech.providers.base import CallServices, Engines, ProviderError
from agents.speech.sound import HEARD_HZ, Pcm
from agents.speech.vocabulary import Vocabulary

__all__ = ["Answerer", "TalkSettings", "VoiceAgent"]

INBOX = 512  # frames and events that wait for a decision, 10 s of them; those who bring more wait, nothing is dropped
_QUIET: Pcm = np.zeros(HEARD_HZ, np.int16)  # a second in which nobody speaks, to bring the hearing into memory with
LAST_WORDS_S = 12.0  # for transcribing what the visitor said when the line was cut …
HURRIED_S = 2.0  # … and when the process has to go, or nobody waits for the end in order


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
    """Answers by voice, from the topics of one frozen version, in the languages that there are engines for."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        engines: Engines | Mapping[str, Engines],
        *,
        variant_key: str = "",
        settings: TalkSettings | None = None,
        language: str = "",
        services: CallServices | None = None,
        thinking: Thinking | None = None,
        acting: Acting | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """`engines`: for each language that can be heard and spoken here, or for the one. `language`: to begin in.
        `services`: what stands before the engines and is closed with the call. `thinking`: a language model that words
        the answers; None: the topics' own words. `acting`: how its tools are called; None: nothing is done. `shelf`:
        where its sources are; None: it uses none.
        """
        self._services = services
        self._snapshot = snapshot
        self._engines = {snapshot.language: engines} if isinstance(engines, Engines) else dict(engines)
        wanted = snapshot.spoken_language(language) if language else snapshot.language
        self._language = wanted if wanted in self._engines else next(iter(self._engines))
        self._variant_key = variant_key
        variant, _ = snapshot.variant(variant_key)
        self._variant = variant.attributes if variant else {}
        self._settings = settings or TalkSettings()
        self._thinking, self._acting, self._shelf = thinking, acting, shelf
        self._memory = Memory()

    def state(self) -> dict[str, Any]:
        return self._memory.to_json()

    def restore(self, state: dict[str, Any]) -> None:
        self._memory = Memory.from_json(state)

    async def make_ready(self) -> None:
        """Make the first sound while the line is still being connected; a voice with a cache has it when `run` asks."""
        piece, language = self._first_words()
        if self._services:
            self._services.lapse()
        if piece and not self._memory.greeted:
            with suppress(ProviderError):  # the call meets it again, and ends as it should
                await self._engines[language].voice.speak(piece, who=id(self))

    async def rehearse(self) -> Clip | None:
        """What calls to this agent need and share, made before the first one: topics as vectors, the first sound, and
        a hearing that is in memory.

        The sound is returned for whoever encodes it. Raises ProviderError.
        """
        piece, language = self._first_words()
        said = await self._engines[language].voice.speak(piece, who=id(self)) if piece else None  # it is needed first
        await self._brain(id(self)).prepare()
        await self._engines[self._language].hearing.hear(_QUIET, language=self._language, who=id(self))
        return Clip(piece, said.pcm, said.word_ends_s) if said else None

    def _brain(self, who: int) -> Brain:
        brain: Brain = LanguagesBrain(
            self._snapshot,
            lambda language: self._engines[language].meaning,
            languages=tuple(self._engines),
            variant=self._variant,
            language=self._language,
            settings=self._settings,
            who=who,
            least=self._settings.doubtful,
        )
        brain = with_sources(
            brain,
            self._shelf,
            self._snapshot,
            lambda language: self._engines[language].meaning,
            language=self._language,
            who=who,
            for_model=self._thinking is not None,
        )
        if self._thinking:
            brain = ModelBrain(
                brain,
                self._thinking,
                self._snapshot,
                variant=self._variant,
                language=self._language,
                takes_messages=self._settings.takes_messages,
            )
            brain.acting = self._acting
        return ActingBrain(brain, self._acting, self._snapshot, variant=self._variant, language=self._language)

    def _first_words(self) -> tuple[str, str]:
        opening = self._opening()
        pieces = clauses(opening[0].text) if opening else []
        return (pieces[0], opening[0].language) if pieces else ("", self._language)

    def _opening(self) -> list[Utterance]:
        """The disclaimer, then the greeting. A disclaimer without a wording in the language is said in the first one:
        nobody else may put it in other words. A greeting may.
        """
        own, page = self._snapshot.in_language(self._language), self._memory.page
        disclaimer, language = own.disclaimer, self._language
        if not disclaimer.strip() and self._snapshot.language in self._engines:
            disclaimer, language = self._snapshot.disclaimer, self._snapshot.language
        greeting = own.greeting.strip() or phrases(self._language).greeting.format(own.name)
        opening = [
            Utterance(spoken(disclaimer, self._variant, page), "disclaimer", uninterruptible=True, language=language),
            Utterance(spoken(greeting, self._variant, page), "greeting", language=self._language),
        ]
        opening = [utterance for utterance in opening if utterance.text]
        for last in opening[-1:]:
            last.ends_opening = True
        return opening

    async def run(self, seat: Line, notes: Notes) -> Ending:
        variant, found = self._snapshot.variant(self._variant_key)
        if not found:
            notes.event("variant_missing", seat.now_s(), key=self._variant_key, used=variant.key if variant else "")
        memory = self._memory
        if memory.language not in self._engines:
            memory.language = self._language
        talk = Talk(
            seat,
            notes,
            memory,
            self._engines,
            self._brain,
            opening=self._opening,
            vocabulary=Vocabulary(self._snapshot.phrases, self._snapshot.corrections),
            settings=self._settings,
        )
        try:
            return await self._run(talk, seat, notes)
        finally:
            if self._thinking:
                await self._thinking.model.close()

    async def _run(self, talk: "Talk", seat: Line, notes: Notes) -> Ending:
        if not self._services:
            return await talk.run()
        self._services.tell = lambda part, service, code: notes.event(
            "service_failed", seat.now_s(), part=part, service=service, code=code
        )
        self._services.begin()
        try:
            return await talk.run()
        finally:
            await self._services.close()


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
