"""The conversation: hear → whose turn → think → speak → be interrupted, until somebody ends it.

`VoiceAgent` is what a session knows. `Talk` is one run of it: tasks listen to the line, make words out and speak; all
that happens comes together in one inbox, and one loop decides, so that nothing is decided twice.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from agents import small_talk, turns
from agents.hearing import Ear, Segment
from agents.line import ClipEnded, ClipStarted, Dtmf, Gap, Left, Line, LineEvent, PageInfo, Typed
from agents.memory import Memory
from agents.minutes import Minutes
from agents.notes import Ending, Notes
from agents.phrases import phrases
from agents.providers.base import Engines, ProviderError
from agents.snapshot import AgentSnapshot, fill
from agents.sound import FRAME_S, Pcm
from agents.speaking import Mouth, Utterance
from agents.talk import TalkSettings
from agents.thinking import Thinker
from agents.words import joined

__all__ = ["Answerer", "TalkSettings", "VoiceAgent"]

INBOX = 512  # frames and events that wait for a decision, 10 s of them; those who bring more wait, nothing is dropped
LAST_WORDS_S = 2.0  # for making out what the visitor said when the line was cut
_ROUND = 3  # decimals of a second in notes


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

    async def run(self, seat: Line, notes: Notes) -> Ending:
        variant, found = self._snapshot.variant(self._variant_key)
        talk = Talk(
            seat,
            Minutes(seat, notes, self._memory),
            self._memory,
            self._snapshot,
            self._engines,
            variant=variant.attributes if variant else {},
            settings=self._settings,
            language=self._language,
        )
        if not found:
            notes.event("variant_missing", seat.now_s(), key=self._variant_key, used=variant.key if variant else "")
        return await talk.run()


@dataclass(frozen=True, slots=True)
class _Frame:
    pcm: Pcm
    at_s: float


@dataclass(frozen=True, slots=True)
class _Words:
    """Some words were made out."""


@dataclass(frozen=True, slots=True)
class _Failed:
    part: str  # "hearing", "meaning" or "voice"
    error: ProviderError


_Signal = _Frame | _Words | _Failed | LineEvent


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the visitor said."""

    text: str
    started_s: float
    ended_s: float
    timings: dict[str, float]


class Talk:
    """One run of a voice agent on one line."""

    def __init__(
        self,
        seat: Line,
        minutes: Minutes,
        memory: Memory,
        snapshot: AgentSnapshot,
        engines: Engines,
        *,
        variant: dict[str, str],
        settings: TalkSettings,
        language: str,
    ) -> None:
        self._seat = seat
        self._minutes = minutes
        self._memory = memory
        self._snapshot = snapshot
        self._variant = variant
        self._settings = settings
        self._phrases = phrases(language)
        self._inbox: asyncio.Queue[_Signal] = asyncio.Queue(INBOX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        who = id(self)
        self._thinker = Thinker(
            snapshot, engines.meaning, variant=variant, language=language, settings=settings, who=who
        )
        self._mouth = Mouth(seat, engines.voice, who=who)
        self._ear = Ear(
            engines.activity(),
            engines.hearing,
            language=language,
            settings=settings,
            start=self._start,
            changed=lambda: self._inbox.put(_Words()),
            failed=lambda error: self._inbox.put(_Failed("hearing", error)),
            now_s=seat.now_s,
            who=who,
        )
        self._speech: asyncio.Task[None] | None = None  # what thinks and speaks just now
        self._turn: _Turn | None = None  # the visitor's turn that is being answered, until the first sound
        self._kept: _Turn | None = None  # the turn that the visitor took back, while more of it is heard
        self._quiet_s = 0.0  # since the last sound of either
        self._gap_from_s: float | None = None
        self._closing = False  # nothing the visitor says changes the end
        self._leaving: tuple[Ending, float] | None = None

    async def run(self) -> Ending:
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._start(self._listen())
                self._start(self._follow())
                self._start(self._warm_up())
                self._speech = self._start(self._open())
                ending = await self._conduct()
                for task in list(self._tasks):
                    task.cancel()
        finally:
            await self._close()
        return ending

    # ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        assert self._group is not None
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

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
            await self._thinker.prepare()

    async def _open(self) -> None:
        """Say the disclaimer, then the greeting; nothing when the conversation goes on from another process."""
        if self._memory.greeted:
            await self._minutes.show("listening")
            return
        for text, source in ((self._snapshot.disclaimer, "disclaimer"), (self._snapshot.greeting, "greeting")):
            utterance = Utterance(fill(text, self._variant, self._memory.page), source, firm=source == "disclaimer")
            if utterance.text:
                self._mouth.utterance = utterance
                await self._say(utterance)
                await utterance.over.wait()
        self._memory.greeted = True

    async def _answer(self, turn: _Turn) -> None:
        await self._minutes.show("thinking")
        began_s = self._seat.now_s()
        try:
            reply = await self._thinker.reply(turn.text, self._memory)
        except ProviderError as error:
            await self._inbox.put(_Failed("meaning", error))
            return
        timings = {**turn.timings, "thinking": round((self._seat.now_s() - began_s) * 1000, 1)}
        utterance = Utterance(
            reply.text,
            reply.source,
            score=reply.score,
            reply=reply,
            then=Ending("agent_ended") if reply.ends_call else None,
            asked_until_s=turn.ended_s,
            timings=timings,
        )
        self._mouth.utterance = utterance
        await self._say(utterance)

    async def _say(self, utterance: Utterance) -> None:
        try:
            await self._mouth.say(utterance)
        except ProviderError as error:
            await self._inbox.put(_Failed("voice", error))

    async def _stop_speech(self) -> None:
        task, self._speech = self._speech, None
        if task and not task.done():
            task.cancel()
            await asyncio.wait({task})

    def _speak(self, utterance: Utterance) -> None:
        """Say something unasked."""
        self._mouth.utterance = utterance
        self._speech = self._start(self._say(utterance))

    # ── Decisions ────────────────────────────────────────────────────────────────────────────────────────────

    async def _conduct(self) -> Ending:
        while True:
            ending = await self._decide(await self._inbox.get())
            if ending:
                return ending

    async def _decide(self, signal: _Signal) -> Ending | None:
        match signal:
            case _Frame(pcm, at_s):
                return await self._hear(pcm, at_s)
            case _Words():
                await self._turns(self._seat.now_s())
            case ClipStarted():
                await self._sounds(signal)
            case ClipEnded():
                await self._sounded(signal)
            case Gap(began):
                self._stand_still(began)
            case Dtmf(digit):
                self._minutes.event("dtmf", digit=digit)
                self._quiet_s, self._memory.unanswered = 0.0, 0
            case PageInfo(text, data):
                self._memory.learn(data)
                self._minutes.event("page_info", text=text, data=data)
            case Typed(text):
                await self._read(text)
            case Left(cause):
                return Ending(cause)
            case _Failed(part, error):
                return await self._fail(part, error)
        return None

    async def _hear(self, pcm: Pcm, at_s: float) -> Ending | None:
        self._memory.talked_s += FRAME_S
        if self._leaving and at_s >= self._leaving[1]:
            return self._leaving[0]
        if not self._closing:
            self._ear.eager = self._mouth.sounding
            self._ear.frame(pcm, at_s)
            await self._turns(at_s)
            await self._watch_the_clocks()
        return None

    async def _turns(self, at_s: float) -> None:
        """Whose turn is it, after what was just heard?"""
        segment = self._ear.segment
        if segment is None or self._closing:
            return
        utterance = self._mouth.utterance
        if self._turn and segment.speech_s >= self._settings.resume_ms / 1000:
            await self._take_back()
        elif self._mouth.sounding and utterance and not utterance.firm and self._talks_over(segment, utterance):
            await self._cut()
        said = joined(self._kept.text if self._kept else "", segment.text)
        if not self._mouth.sounding and not self._turn and self._understood(segment):
            await self._minutes.hearing(said)
        if segment.settled and self._ear.silence_s(at_s) >= turns.patience_s(said, self._settings) - 1e-6:
            self._ear.take()
            await self._turn_over(segment, at_s)

    def _understood(self, segment: Segment) -> bool:
        if turns.understood(segment.text, segment.speech_s):
            return True
        # "uh-huh" is an answer to a question
        return bool(self._memory.asked or self._memory.offered) and small_talk.yes_or_no(segment.text) is not None

    def _talks_over(self, segment: Segment, utterance: Utterance) -> bool:
        over_it_s = segment.voice_until_s - (utterance.started_s or 0.0)
        run_s = min(segment.longest_run_s, over_it_s)
        if not turns.interrupts(run_s, segment.text, segment.speech_s, self._settings):
            return False
        return not (utterance.then and small_talk.kind(segment.text) in ("goodbye", "thanks"))  # both say goodbye

    async def _turn_over(self, segment: Segment, at_s: float) -> None:
        kept, self._kept = self._kept, None
        if not self._understood(segment):
            self._ignored(segment, "no_words")
            await self._minutes.forget(kept.text if kept else "")
            if kept:
                self._reply_to(kept)
            return
        utterance = self._mouth.utterance
        if utterance and (self._mouth.sounding or utterance.firm or utterance.source == "greeting"):
            if not utterance.then:
                self._ignored(segment, "agent_speaking")
                return
            # A goodbye over our goodbye: noted, and left at that
            await self._minutes.heard(segment.text, segment.started_s, segment.voice_until_s, timings={})
            self._minutes.settle()
            return
        if utterance:  # a silence prompt that has not begun to sound
            await self._stop_speech()
            await self._mouth.silence()
        timings = {
            "end_of_speech": round((at_s - segment.voice_until_s) * 1000, 1),
            "hearing": round(segment.took_ms, 1),
        }
        turn = _Turn(
            joined(kept.text if kept else "", segment.text),
            kept.started_s if kept else segment.started_s,
            segment.voice_until_s,
            timings,
        )
        await self._minutes.heard(turn.text, round(turn.started_s, _ROUND), round(turn.ended_s, _ROUND), timings={})
        self._reply_to(turn)

    def _reply_to(self, turn: _Turn) -> None:
        self._memory.unanswered = 0
        self._quiet_s = 0.0
        self._turn = turn
        self._leaving = None
        self._speech = self._start(self._answer(turn))

    async def _read(self, text: str) -> None:
        """The visitor typed."""
        utterance = self._mouth.utterance
        if self._closing or not text.strip() or (utterance and utterance.firm):
            return
        if self._turn:
            await self._take_back()
        elif utterance:
            await self._cut()
        kept, self._kept = self._kept, None
        now_s = self._seat.now_s()
        turn = _Turn(joined(kept.text if kept else "", text), kept.started_s if kept else now_s, now_s, {})
        await self._minutes.heard(turn.text, turn.started_s, turn.ended_s, timings={})
        self._reply_to(turn)

    async def _take_back(self) -> None:
        """The visitor goes on before the agent's first sound: it is still the same turn."""
        self._kept, self._turn = self._turn, None
        await self._stop_speech()
        await self._mouth.silence()
        await self._minutes.show("listening")

    async def _cut(self) -> None:
        """Fall silent, and keep what was heard."""
        await self._stop_speech()
        utterance = await self._mouth.silence()
        if utterance:
            await self._over(utterance)
        self._quiet_s = 0.0
        await self._minutes.show("listening")

    async def _over(self, utterance: Utterance) -> None:
        await self._minutes.said(utterance)
        self._minutes.state()

    def _ignored(self, segment: Segment, reason: str) -> None:
        self._minutes.event("sound_ignored", reason=reason, speech_s=round(segment.speech_s, 2))

    # ── The agent's sound ────────────────────────────────────────────────────────────────────────────────────

    async def _sounds(self, event: ClipStarted) -> None:
        if not self._mouth.started(event):
            return
        utterance = self._mouth.utterance
        assert utterance is not None
        if len(utterance.begun) == 1:
            self._minutes.settle()
            self._turn = None
            if utterance.reply:
                utterance.reply.remember(self._memory)
            if utterance.source != "silence":
                self._memory.last_said = utterance.text
            if utterance.source == "greeting":
                self._memory.greeted = True
            await self._minutes.show("speaking")
        await self._minutes.saying(utterance)

    async def _sounded(self, event: ClipEnded) -> None:
        utterance = self._mouth.finished(event)
        if utterance is None:
            return
        self._quiet_s = 0.0
        await self._over(utterance)
        if utterance.then:
            self._leaving = (utterance.then, event.at_s + self._settings.linger_s)
        await self._minutes.show("listening")

    # ── Clocks and ends ──────────────────────────────────────────────────────────────────────────────────────

    async def _watch_the_clocks(self) -> None:
        """Once a frame: has it been silent for long, has the call lasted too long? Without frames they stand still."""
        settings = self._settings
        if self._memory.talked_s >= settings.call_max_s:
            await self._say_last(self._phrases.time_limit, "time_limit", Ending("time_limit"))
        elif self._mouth.utterance or self._turn or self._leaving:
            self._quiet_s = 0.0
        elif self._ear.segment is None:
            self._quiet_s += FRAME_S
            if self._quiet_s >= settings.silence_prompt_s:
                await self._ask_who_is_there()

    async def _ask_who_is_there(self) -> None:
        self._quiet_s = 0.0
        asked = self._memory.unanswered
        if asked >= self._settings.silence_prompts:
            self._speak(Utterance(self._phrases.silence_goodbye, "silence", then=Ending("silence")))
            return
        self._memory.unanswered += 1
        prompts = self._phrases.silence
        self._speak(Utterance(prompts[min(asked, len(prompts) - 1)], "silence"))

    async def _say_last(self, text: str, source: str, ending: Ending) -> None:
        """Stop whatever goes on, say this, and end. Nobody can talk over it."""
        self._closing = True
        self._turn = self._kept = None
        await self._cut()
        self._speak(Utterance(text, source, firm=True, then=ending))

    async def _fail(self, part: str, error: ProviderError) -> Ending | None:
        failed = Ending("failed", "AGENT_FAILURE")
        self._minutes.event("provider_failed", part=part, permanent=error.permanent)
        if part == "voice":
            return failed
        if not self._closing:
            await self._say_last(self._phrases.failure, "failure", failed)
        return None

    def _stand_still(self, began: bool) -> None:
        now_s = self._seat.now_s()
        if began:
            self._gap_from_s = now_s
        elif self._gap_from_s is not None:
            self._ear.skip(now_s - self._gap_from_s)
            self._gap_from_s = None

    async def _close(self) -> None:
        """Leave nothing open: the agent's turn as far as it was heard, the visitor's words as far as they were spoken."""
        if self._mouth.utterance:
            utterance = await self._mouth.silence()
            if utterance:
                await self._minutes.said(utterance)
        if not self._closing:
            with suppress(ProviderError, TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    segment = await self._ear.finish()
                if segment and turns.understood(segment.text, segment.speech_s):
                    kept = self._kept
                    text = joined(kept.text if kept else "", segment.text)
                    started_s = kept.started_s if kept else segment.started_s
                    await self._minutes.heard(text, started_s, segment.voice_until_s, timings={})
        self._minutes.state()
