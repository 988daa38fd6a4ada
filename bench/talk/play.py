"""Plays scenes in a call, one after the other, and keeps a recording of each on both sides."""

import asyncio
import json
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.speech.sound import HEARD_HZ, Pcm
from bench.talk import voices
from bench.talk.line import TapedVisitor
from bench.talk.scenes import COUGH, NOISE, Overlap, Utterance
from bench.talk.surroundings import bang, far

if TYPE_CHECKING:  # it chooses autobahn's framework, which a process does once
    from bench.load import Caller

BEFORE_S = 0.5  # of a recording, before the caller begins
PATIENCE_S = 7.0  # for an answer; later it is none
REST_S = 1.0  # of silence, after which the agent has said all it had to say
LONGEST_S = 25.0
INTO_ANSWER_S = 2.0  # when something sounds over it; earlier it would be more of the question
Scene = Utterance | tuple[Utterance, Overlap]  # something said, or something over the answer to it
SETTLE_S = 3.5  # after which an answer that was stopped is not gone on with


@dataclass(slots=True)
class Trial:
    """One scene as it went. Times are seconds of its recording."""

    kind: str
    said: Utterance
    voice: str
    caller: Pcm
    agent: Pcm
    pieces: list[tuple[float, float]]  # when the caller spoke
    over: Overlap | None = None
    over_s: tuple[float, float] = (0.0, 0.0)  # when the other sound was there
    reference: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)  # turns that the page was told of meanwhile
    turns: list[dict[str, Any]] = field(default_factory=list)  # the same as they were stored
    name: str = ""


def sound_over(voice: str, over: Overlap) -> voices.Sound:
    if over.kind in (NOISE, COUGH):
        return bang(over.text, over.db)
    if over.kind.startswith("voice"):
        known = voices.callers()
        other = known[(known.index(voice) + 1) % len(known)]
        return voices.at_level(far(voices.say(other, over.text)), voices.LEVEL_DB + over.db)
    return voices.say(voice, over.text)


def prepare(voice: str, played: Sequence[Scene]) -> None:
    """Make all sounds now: the machine has something else to do once somebody calls."""
    for scene in played:
        said, over = scene if isinstance(scene, tuple) else (scene, None)
        voices.with_pauses(voice, said.pieces, said.pauses_s)
        if over and over.text:
            sound_over(voice, over)


class Player:
    """One caller in one call."""

    def __init__(self, caller: "Caller", voice: str) -> None:
        self.voice = voice
        self.trials: list[Trial] = []
        self._caller = caller
        self._loop = asyncio.get_running_loop()

    @property
    def _visitor(self) -> TapedVisitor:
        return self._caller.visitor

    async def quiet(self) -> None:
        """Wait until the agent has said all it had to say."""
        give_up_s = self._loop.time() + LONGEST_S
        while self._loop.time() < give_up_s:
            since_s = self._loop.time() - self._visitor.loud_s
            if since_s >= REST_S and self._caller.socket.agent == "listening":
                return
            await asyncio.sleep(max(0.02, REST_S - since_s))

    async def play(self, played: Sequence[Scene]) -> None:
        for scene in played:
            await (self.overlap(*scene) if isinstance(scene, tuple) else self.say(scene))

    async def say(self, said: Utterance) -> None:
        """A turn, the answer to it, and the silence after that."""
        begun_s = await self._begin()
        pieces = await self._speak(said)
        await self._answered(pieces[-1][1])
        self._keep(Trial(said.kind, said, self.voice, *self._tape(begun_s), self._within(pieces, begun_s)), begun_s)

    async def overlap(self, said: Utterance, over: Overlap) -> None:
        """A question, and something that sounds over the answer."""
        begun_s = await self._begin()
        if over.kind.startswith("echo"):
            self._visitor.echo_db = over.db
        pieces = await self._speak(said)
        heard_s = await self._visitor.sounds(pieces[-1][1], PATIENCE_S)
        over_s = (0.0, 0.0)
        if heard_s is not None:
            await asyncio.sleep(max(0.0, heard_s + INTO_ANSWER_S - self._loop.time()))
            over_s = self._mix(sound_over(self.voice, over)) if over.text else (self._loop.time(), self._loop.time())
            await self._visitor.mixer.until(over_s[1] - self._visitor.mixer.began_s)
            await self._settled(over_s[1])
        self._visitor.echo_db = None
        trial = Trial(over.kind, said, self.voice, *self._tape(begun_s), self._within(pieces, begun_s), over)
        trial.over_s = self._within([over_s], begun_s)[0]
        self._keep(trial, begun_s)

    async def _begin(self) -> float:
        await self.quiet()
        begun_s = self._loop.time()
        await asyncio.sleep(BEFORE_S)
        return begun_s

    async def _speak(self, said: Utterance) -> list[tuple[float, float]]:
        sound, places = voices.with_pauses(self.voice, said.pieces, said.pauses_s)
        begin_s, _ = self._mix(sound)
        pieces = [(begin_s + begin, begin_s + end) for begin, end in places]
        await self._visitor.mixer.until(pieces[-1][1] - self._visitor.mixer.began_s)
        return pieces

    def _mix(self, sound: voices.Sound) -> tuple[float, float]:
        mixer = self._visitor.mixer
        begin, end = mixer.mix(sound)
        return mixer.began_s + begin, mixer.began_s + end

    async def _answered(self, ended_s: float) -> None:
        if await self._visitor.sounds(ended_s, PATIENCE_S) is not None:
            await self.quiet()

    async def _settled(self, ended_s: float) -> None:
        await asyncio.sleep(max(0.0, ended_s + SETTLE_S - self._loop.time()))
        await self.quiet()

    def _tape(self, begun_s: float) -> tuple[Pcm, Pcm]:
        return self._visitor.tape(begun_s, self._loop.time())

    def _within(self, places: Sequence[tuple[float, float]], begun_s: float) -> list[tuple[float, float]]:
        return [(begin - begun_s, end - begun_s) for begin, end in places]

    def _keep(self, trial: Trial, begun_s: float) -> None:
        trial.reference = self._caller.socket.reference
        latest = {data["index"]: data for at_s, data in self._caller.socket.told if at_s >= begun_s}
        trial.told = [latest[index] for index in sorted(latest)]
        self.trials.append(trial)


def with_turns(trials: Sequence[Trial], kept: dict[str, dict[str, Any]]) -> None:
    """Give each trial the turns that were stored of it."""
    for trial in trials:
        indexes = {data["index"] for data in trial.told}
        trial.turns = [turn for turn in kept[trial.reference]["turns"] if turn["index"] in indexes]


def describe(trial: Trial, folder: Path) -> None:
    """Beside the recording: what was meant, and what was stored."""
    told = {key: value for key, value in asdict(trial).items() if key not in ("caller", "agent")}
    (folder / f"{trial.name}.json").write_text(json.dumps(told, indent=1))


def write(trial: Trial, folder: Path) -> None:
    """The recording as a file with two channels: left the caller, right the agent."""
    length = min(len(trial.caller), len(trial.agent))
    both = np.stack([trial.caller[:length], trial.agent[:length]], axis=1)
    with wave.open(str(folder / f"{trial.name}.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(HEARD_HZ)
        file.writeframes(both.tobytes())
