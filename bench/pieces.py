"""Are turns with pauses answered once? `python -m bench pieces`: the whole agent on a virtual clock, with real ears.

Callers' voices with silences of 0.5 to 1.2 s in their sentences go through gate, ear, turn taking and a real mind;
only the line and the agent's voice are stood in for. The words take the time that they take on a busy core. A minute
of talk costs what its hearing costs, so that hundreds of turns can be counted; no call's road is measured.

*Cut off*: the agent sounded between the first and the last word. *Harm*: and the turn was kept, and answered, as two.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.engine import virtual_clock
from agents.engine.conversation import VoiceAgent
from agents.engine.notes import TurnNote
from agents.speech.heard import Heard
from agents.speech.providers.base import Engines, Hearing
from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.providers.resampling import resample
from agents.speech.providers.scripted import ScriptedVoice
from agents.speech.providers.silero import SileroActivity
from agents.speech.providers.whisper import WhisperHearing
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, from_float
from bench import pieces_de, pieces_fresh, pieces_kinds, pieces_said, table
from bench.exam.data import kept_meaning, load
from bench.talk import voices
from tests.fakes.line import FakeLine

PAUSES_S = (0.5, 0.7, 0.85, 1.0, 1.2)
HEARING_S = 0.06, 0.03  # of a job, and of a second of sound
QUIET_S = 2.5  # after which the agent has said all
PATIENCE_S = 9.0
BUSINESS = "bike"


class TimedHearing:
    """The real ear; its work takes so much of the virtual time. The same sound is made out once."""

    def __init__(self, ear: Hearing) -> None:
        self.ear, self.languages = ear, ear.languages
        self._known: dict[bytes, Heard] = {}

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        key = pcm_16k.tobytes()
        await asyncio.sleep(HEARING_S[0] + HEARING_S[1] * len(pcm_16k) / HEARD_HZ)
        if key not in self._known:
            self._known[key] = await self.ear.hear(pcm_16k, language=language, who=who, final=final)
        return self._known[key]


@dataclass
class Notes:
    line: FakeLine
    turns: dict[int, TurnNote] = field(default_factory=dict)
    written: list[TurnNote] = field(default_factory=list)

    def turn(self, note: TurnNote) -> None:
        self.turns[note.index] = note
        self.written.append(note)

    def event(self, name: str, at_s: float, **data: Any) -> None: ...

    def state(self, state: dict[str, Any]) -> None: ...


@dataclass
class Outcome:
    kind: str
    text: str
    voice: str
    pause_s: float
    pieces: list[tuple[float, float]]
    begun_s: list[float]  # when the agent began to sound
    notes: list[TurnNote]

    @property
    def is_cut(self) -> bool:
        return any(self.pieces[0][1] < at < self.pieces[-1][1] for at in self.begun_s)

    @property
    def in_two(self) -> bool:
        return len({note.index for note in self.notes if note.speaker == "visitor"}) > 1

    @property
    def ignored(self) -> bool:
        return not any(at > self.pieces[-1][0] for at in self.begun_s)

    @property
    def wait_ms(self) -> float | None:
        after = [at for at in self.begun_s if at >= self.pieces[-1][1]]
        return (after[0] - self.pieces[-1][1]) * 1000 if after and not self.is_cut else None


@dataclass(frozen=True)
class Turn:
    kind: str
    text: str
    voice: str
    pause_s: float


def sound_of(turn: Turn) -> tuple[Pcm, list[tuple[float, float]]]:
    parts = [part.strip() for part in turn.text.split("|")]
    sound, places = voices.with_pauses(turn.voice, parts, [turn.pause_s] * (len(parts) - 1))
    return from_float(resample(sound, SPOKEN_HZ, HEARD_HZ)), places


class Bench:
    def __init__(self, *, name: str = BUSINESS, **settings: Any) -> None:
        business = load(name)
        self.language = language = business.language
        self.snapshot = AgentSnapshot("Robin", "", "", "", language, business.topics, ())
        self.meaning = kept_meaning(language, voices.MODELS_DIR)
        ear = MoonshineHearing if language == "en" else WhisperHearing
        self.hearing = TimedHearing(ear(voices.MODELS_DIR))
        self.activity = SileroActivity(voices.MODELS_DIR)
        self.settings = TalkSettings(**settings)

    def talk(self, turns: Sequence[Turn]) -> list[Outcome]:
        """One call with these turns, one after the other."""
        return virtual_clock.run(self._talk(turns))

    async def _talk(self, turns: Sequence[Turn]) -> list[Outcome]:
        line = FakeLine()
        notes = Notes(line)
        engines = Engines(self._activity, self.hearing, ScriptedVoice(), self.meaning)
        agent = VoiceAgent(self.snapshot, engines, settings=self.settings)
        agent.restore({"greeted": True})
        found: list[Outcome] = []
        running = asyncio.create_task(agent.run(line, notes))
        carrying = asyncio.create_task(line.carry())
        await asyncio.sleep(0.6)
        for turn in turns:
            first = len(notes.turns)
            sound, places = sound_of(turn)
            start_s = line.now_s()
            line.speak(sound)
            places = [(start_s + begin, start_s + end) for begin, end in places]
            await asyncio.sleep(places[-1][1] - line.now_s())
            await self._until_quiet(line, places[-1][1])
            begun = [one.at_s for one in line.history if one.what == "started" and one.at_s >= start_s]
            kept = [note for note in notes.written if note.index >= first]
            found.append(Outcome(turn.kind, turn.text, turn.voice, turn.pause_s, places, begun, kept))
        line.leave()
        await running
        carrying.cancel()
        return found

    def _activity(self) -> SileroActivity:
        self.activity.reset()
        return self.activity

    async def _until_quiet(self, line: FakeLine, after_s: float) -> None:
        while line.now_s() < after_s + 30:
            await asyncio.sleep(0.1)
            ended = [one.at_s for one in line.history if one.what in ("ended", "cleared") and one.at_s > after_s]
            sounding = bool(line._queue)
            if not sounding and (ended and line.now_s() - ended[-1] > QUIET_S):
                return
            if not sounding and not ended and line.now_s() > after_s + PATIENCE_S:
                return


def planned(said: Sequence[pieces_said.Said], voices_each: int, pauses_each: int, names: Sequence[str]) -> list[Turn]:
    """Each sentence in some voices with some pauses, all of them as often."""
    found = []
    for number, (kind, text) in enumerate(said):
        for voice in range(voices_each):
            for pause in range(pauses_each):
                at = number + voice * 2 + pause * 2
                found.append(Turn(kind, text, names[(number + voice) % len(names)], PAUSES_S[at % len(PAUSES_S)]))
    return found


def planned_calls(said: Sequence[Sequence[str]], voices_each: int, names: Sequence[str]) -> list[list[Turn]]:
    """Calls of slow callers: each in some voices, whose pauses are about as long in all turns."""
    found = []
    for number, texts in enumerate(said):
        for voice in range(voices_each):
            at, name = number + voice * 2, names[(number + voice) % len(names)]
            found.append(
                [
                    Turn("slow caller", text, name, PAUSES_S[(at + i % 2) % len(PAUSES_S)])
                    for i, text in enumerate(texts)
                ]
            )
    return found


def share(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.0f} % ({sum(values)} of {len(values)})" if values else "-"


def waits(outcomes: Sequence[Outcome]) -> str:
    found = [one.wait_ms for one in outcomes if one.wait_ms is not None]
    if not found:
        return "-"
    return f"{np.mean(found):.0f} ({np.percentile(found, 50):.0f}, {np.percentile(found, 95):.0f})"


def show(title: str, outcomes: Sequence[Outcome]) -> None:
    print(f"\n{title}\n\n| | n | cut off | in two pieces | ignored | wait, mean (p50, p95) ms |\n" + "| --- " * 6 + "|")
    kinds = list(dict.fromkeys(one.kind for one in outcomes))
    for kind in [*kinds, ""] if len(kinds) > 1 else kinds:
        mine = [one for one in outcomes if not kind or one.kind == kind]
        print(
            f"| {kind or '**all**'} | {len(mine)} | {share([one.is_cut for one in mine])} |"
            f" {share([one.in_two for one in mine])} | {share([one.ignored for one in mine])} | {waits(mine)} |",
            flush=True,
        )


def tell(one: Outcome) -> None:
    print(f"- [{one.kind}] {one.voice} {one.pause_s} s: {one.text!r}; last word {one.pieces[-1][1]:.2f}")
    for note in one.notes:
        if note.speaker == "agent" and note.ended_s is None:
            continue
        ended = -1 if note.ended_s is None else note.ended_s
        decision = {name: note.decision[name] for name in ("end", "joined", "overlaps") if name in note.decision}
        when = f"{note.started_s:6.2f}-{ended:6.2f}"
        print(f"    {note.speaker:7} {when} {note.source} {note.text!r} {json.dumps(decision)}")


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m bench pieces", description=__doc__)
    options.add_argument("--seen", action="store_true", help="the sentences that rules were written on")
    options.add_argument("--fresh", action="store_true", help="those of pieces_fresh.py")
    options.add_argument("--german", action="store_true", help="those of pieces_de.py, in German")
    options.add_argument("--kinds", choices=("first", "second"), help="those of pieces_kinds.py")
    options.add_argument("--voices", type=int, default=2)
    options.add_argument("--pauses", type=int, default=2)
    options.add_argument("--tell", action="store_true", help="every turn that did not go as it should")
    options.add_argument("--late", type=int, metavar="MS", help="with --tell: what was waited for longer, too")
    options.add_argument("--kind", default="")
    options.add_argument("--call", type=int, default=1, help="turns of one caller in a call")
    chosen = options.parse_args(given)
    seen = chosen.seen
    said = pieces_said.SEEN if seen else pieces_said.HELD_OUT
    in_one_go = pieces_said.WHOLE if seen else pieces_said.WHOLE_HELD_OUT
    slow = pieces_said.SLOW if seen else pieces_said.SLOW_HELD_OUT
    if chosen.fresh:
        said, in_one_go, slow = pieces_fresh.FRESH, pieces_fresh.WHOLE_FRESH, ()
    bench, names = Bench(), voices.callers()
    if chosen.german:
        said, in_one_go, slow = pieces_de.PAUSED, pieces_de.WHOLE, ()
        bench, names = Bench(name=pieces_de.BUSINESS), voices.callers(pieces_de.VOICES)
    if chosen.kinds:
        after = chosen.kinds.upper() + ("_DE" if chosen.german else "")
        said, in_one_go, slow = getattr(pieces_kinds, after), getattr(pieces_kinds, f"WHOLE_{after}"), ()

    def calls_of(rows: Sequence[pieces_said.Said], each: int) -> list[list[Turn]]:
        turns = planned([row for row in rows if chosen.kind in row[0]], chosen.voices, each, names)
        return [turns[at : at + chosen.call] for at in range(0, len(turns), chosen.call)]

    for title, calls in (
        ("Turns with pauses", calls_of(said, chosen.pauses)),
        ("Turns without a pause", calls_of(in_one_go, 1)),
        ("Calls of slow callers", planned_calls(slow, chosen.voices, names) if chosen.kind in "slow caller" else []),
    ):
        outcomes = [one for call in calls for one in bench.talk(call)]
        if not outcomes:
            continue
        show(title, outcomes)
        if chosen.tell:
            for one in outcomes:
                is_late = chosen.late is not None and (one.wait_ms or 0) > chosen.late
                if one.is_cut or one.in_two or one.ignored or is_late:
                    tell(one)
    bench.meaning.save()
    return 0


if __name__ == "__main__":
    print(table.machine(), flush=True)
    began = time.monotonic()
    code = main(sys.argv[1:])
    print(f"\n{time.monotonic() - began:.0f} s")
    sys.exit(code)
