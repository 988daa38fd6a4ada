"""A conversation as a script: what the visitor says and when, and afterwards what happened.

    call = Script().says("When do you open?", after=0.5).leaves(after=1).play()
    assert call.turns == [...]

The visitor's words are tones, one a word, which `ToneHearing` turns back into words: a half-heard sentence really is
half heard. Nothing here takes real time.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.brains.language_model.thinking import Thinking
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.brains.tools.acting import Acting
from agents.engine import virtual_clock as clock
from agents.engine.conversation import TalkSettings, VoiceAgent
from agents.engine.line import LineEvent
from agents.engine.notes import Ending, TurnNote
from agents.speech.heard import Heard
from agents.speech.providers.base import CallServices, Engines, Spoken
from agents.speech.providers.scripted import ScriptedActivity, ScriptedMeaning, ScriptedVoice
from agents.speech.sound import HEARD_HZ, Pcm, level_dbfs
from tests.fakes.line import FakeLine

WORD_S = 0.24
_LOWEST_HZ, _STEP_HZ, _MOST = 400, 100, 70
_BLOCK = 320  # 20 ms: peaks 50 Hz apart can be told
_LEAST_BLOCKS = 6  # of a word that was heard

TOPICS = (
    TopicSnapshot("opening hours", ("When do you open?",), "We open at nine every morning, and we close at six."),
    TopicSnapshot("flat tyres", ("Can you mend my flat tyre?",), "Mending a flat tyre costs $12.50. It takes an hour."),
)
SNAPSHOT = AgentSnapshot(
    name="Robin",
    greeting="Hello, this is Robin. How can I help?",
    disclaimer="",
    voice="scripted:tones",
    language="en",
    topics=TOPICS,
    variants=(),
)


class Tones:
    """Words as tones, and tones as words."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def of(self, text: str) -> Pcm:
        pieces = [np.zeros(0, np.int16)]
        for word in text.split():
            if word not in self._words:
                self._words.append(word)
                assert len(self._words) <= _MOST, "too many different words in one script"
            hz = _LOWEST_HZ + _STEP_HZ * self._words.index(word)
            at = np.arange(int(WORD_S * HEARD_HZ)) / HEARD_HZ
            pieces.append((np.sin(2 * np.pi * hz * at) * 9000).astype(np.int16))
        return np.concatenate(pieces)

    def text(self, pcm: Pcm) -> str:
        found: list[str] = []
        last, length = -1, 0
        for start in range(0, len(pcm) - _BLOCK + 1, _BLOCK):
            block = pcm[start : start + _BLOCK]
            word = self._word(block) if level_dbfs(block) > -40 else -1
            length = length + 1 if word == last else 1
            last = word
            if word >= 0 and length == _LEAST_BLOCKS:
                found.append(self._words[word])
        return " ".join(found)

    def _word(self, block: Pcm) -> int:
        power = np.abs(np.fft.rfft(block.astype(np.float32)))
        peak = int(power.argmax())
        if power[peak] < 0.5 * power.sum():
            near = power[max(0, peak - 1) : peak + 2].sum()
            if near < 0.5 * power.sum():
                return -1
        word = round((peak * HEARD_HZ / _BLOCK - _LOWEST_HZ) / _STEP_HZ)
        return word if 0 <= word < len(self._words) else -1


class ToneHearing:
    languages = ("en",)

    def __init__(self, tones: Tones, *, takes_s: float | Callable[[], float] = 0.05) -> None:
        self._tones = tones
        self._takes_s = takes_s if callable(takes_s) else lambda: takes_s
        self.asked: list[float] = []  # seconds of sound in each attempt
        self.sure: dict[str, float] = {}  # how sure it is of a word, where it is not sure

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        self.asked.append(len(pcm_16k) / HEARD_HZ)
        await asyncio.sleep(self._takes_s())
        text = self._tones.text(pcm_16k)
        return Heard(text, tuple(self.sure.get(word, 1.0) for word in text.split()) if self.sure else ())


@dataclass
class FakeNotes:
    line: FakeLine
    written: list[TurnNote] = field(default_factory=list)  # every note, as it was written
    events: list[tuple[str, float, dict[str, Any]]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)

    def turn(self, note: TurnNote) -> None:
        self.written.append(note)
        self.line.moved.set()

    def event(self, name: str, at_s: float, **data: Any) -> None:
        json.dumps(data, allow_nan=False)  # as the database keeps it
        self.events.append((name, at_s, data))

    def state(self, state: dict[str, Any]) -> None:
        json.dumps(state, allow_nan=False)
        self.states.append(state)

    @property
    def turns(self) -> list[TurnNote]:
        """The turns as they stand, in their order."""
        return [turn for _, turn in sorted({note.index: note for note in self.written}.items())]


@dataclass
class Call:
    """What happened."""

    line: FakeLine
    notes: FakeNotes
    agent: VoiceAgent
    hearing: Any
    ending: Ending | None = None

    @property
    def turns(self) -> list[tuple[str, str]]:
        return [(turn.speaker, turn.text) for turn in self.notes.turns]

    @property
    def said(self) -> list[str]:
        """What the agent said, turn by turn."""
        return [text for speaker, text in self.turns if speaker == "agent"]

    def happened(self, *what: str) -> list[str]:
        """What the line saw of these, in order."""
        return [event.what for event in self.line.history if event.what in what]

    def decisions(self, speaker: str) -> list[dict[str, Any]]:
        return [turn.decision for turn in self.notes.turns if turn.speaker == speaker]

    @property
    def states(self) -> list[str]:
        return [info.data["state"] for info in self.line.infos if info.kind == "state"]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [data for event, _, data in self.notes.events if event == name]


def slow_engines(*, hearing_s: float = 0.05, thinking_s: float = 0.0, voice_s: float = 0.0) -> tuple[Engines, Tones]:
    """A set of engines that take their time, and the tones that they hear."""

    class SlowMeaning(ScriptedMeaning):
        async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
            await asyncio.sleep(thinking_s)
            return await super().vectors(texts, who=who)

    class SlowVoice(ScriptedVoice):
        async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
            await asyncio.sleep(voice_s)
            return await super().speak(text, who=who, speed=speed)

    tones = Tones()
    return Engines(ScriptedActivity, ToneHearing(tones, takes_s=hearing_s), SlowVoice(), SlowMeaning()), tones


_Step = Callable[[FakeLine, FakeNotes], Awaitable[None]]


class Script:
    def __init__(
        self,
        snapshot: AgentSnapshot = SNAPSHOT,
        *,
        engines: Engines | dict[str, Engines] | None = None,
        language: str = "",
        tones: Tones | None = None,
        hearing_takes_s: float | Callable[[], float] = 0.05,
        variant_key: str = "",
        state: dict[str, Any] | None = None,
        sure: dict[str, float] | None = None,
        services: CallServices | None = None,
        thinking: Thinking | None = None,
        acting: Acting | None = None,
        **settings: Any,
    ) -> None:
        """`sure`: how sure the ear is of a word, where it is not sure. `services` stand before the engines.
        `thinking`: with a language model. `acting`: with tools."""
        self._tones = tones or Tones()
        hearing = ToneHearing(self._tones, takes_s=hearing_takes_s)
        hearing.sure = dict(sure or {})
        engines = engines or Engines(ScriptedActivity, hearing, ScriptedVoice(), ScriptedMeaning())
        self._hearing = (engines if isinstance(engines, Engines) else next(iter(engines.values()))).hearing
        if services and isinstance(engines, Engines):
            engines = services.over(snapshot.language, engines)
        talk = TalkSettings(**settings)
        self._agent = VoiceAgent(
            snapshot,
            engines,
            variant_key=variant_key,
            settings=talk,
            language=language,
            services=services,
            thinking=thinking,
            acting=acting,
        )
        if state is not None:
            self._agent.restore(state)
        self._steps: list[_Step] = []
        self._cancel = False

    # Each step begins when the one before it is done: `after` seconds after the end of what the agent says next, `into`
    # seconds into what it says next, or `pause` seconds after the step before.

    def says(self, text: str, *, louder_db: float = 0.0, **when: float) -> "Script":
        return self.sounds((self._tones.of(text) * 10 ** (louder_db / 20)).astype(np.int16), **when)

    def sounds(self, pcm: Pcm, **when: float) -> "Script":
        async def step(line: FakeLine, notes: FakeNotes) -> None:
            await _moment(line, notes, **when)
            over_s = line.speak(pcm)
            await asyncio.sleep(over_s - line.now_s())

        return self._then(step)

    def noise(self, seconds: float, **when: float) -> "Script":
        rng = np.random.default_rng(7)
        return self.sounds(rng.integers(-9000, 9000, int(seconds * HEARD_HZ)).astype(np.int16), **when)

    def reports(self, event: LineEvent, **when: float) -> "Script":
        async def step(line: FakeLine, notes: FakeNotes) -> None:
            await _moment(line, notes, **when)
            line.report(event)

        return self._then(step)

    def loses_connection(self, seconds: float, **when: float) -> "Script":
        async def step(line: FakeLine, notes: FakeNotes) -> None:
            await _moment(line, notes, **when)
            line.lose(began=True)
            await asyncio.sleep(seconds)
            line.lose(began=False)

        return self._then(step)

    def leaves(self, **when: float) -> "Script":
        async def step(line: FakeLine, notes: FakeNotes) -> None:
            await _moment(line, notes, **when)
            line.leave()

        return self._then(step)

    def is_cancelled(self, **when: float) -> "Script":
        async def step(line: FakeLine, notes: FakeNotes) -> None:
            await _moment(line, notes, **when)
            self._cancel = True

        return self._then(step)

    def _then(self, step: _Step) -> "Script":
        self._steps.append(step)
        return self

    def play(self) -> Call:
        return clock.run(self._play())

    async def _play(self) -> Call:
        line = FakeLine()
        notes = FakeNotes(line)
        call = Call(line, notes, self._agent, self._hearing)

        async def visitor() -> None:
            for step in self._steps:
                await step(line, notes)
                if self._cancel:
                    talk.cancel()

        async with asyncio.TaskGroup() as group:
            carrying = group.create_task(line.carry())
            talk = group.create_task(self._agent.run(line, notes))
            visiting = group.create_task(visitor())
            await asyncio.wait({talk})
            carrying.cancel()
            visiting.cancel()
        if not talk.cancelled():
            call.ending = talk.result()
        assert asyncio.all_tasks() == {asyncio.current_task()}, "something was left running"
        return call


async def _moment(
    line: FakeLine,
    notes: FakeNotes,
    *,
    at: float | None = None,
    after: float | None = None,
    into: float | None = None,
    pause: float = 0.0,
) -> None:
    """Wait for the time of a step."""
    if at is not None:
        await asyncio.sleep(at - line.now_s())
    elif into is not None:
        begun = len(_agents(notes))
        while len(_agents(notes)) == begun:
            await _next_note(line)
        await asyncio.sleep(into)
    elif after is not None:
        ended = len(_ended(notes))
        while len(_ended(notes)) == ended:
            await _next_note(line)
        await asyncio.sleep(after)
    else:
        await asyncio.sleep(pause)


def _agents(notes: FakeNotes) -> list[TurnNote]:
    return [turn for turn in notes.turns if turn.speaker == "agent"]


def _ended(notes: FakeNotes) -> list[TurnNote]:
    return [turn for turn in _agents(notes) if turn.ended_s is not None]


async def _next_note(line: FakeLine) -> None:
    line.moved.clear()
    await line.moved.wait()
