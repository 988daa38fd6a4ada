"""What is said over an answer: does it stop the agent? `python -m bench overlaps`, on a virtual clock, with real ears.

A caller asks a question, and so many seconds into the answer says one of `overlaps_said.py`, or somebody else is heard
in the background. Gate, ear, rules and mind are the product's; line and the agent's voice are stood in for.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.engine import virtual_clock
from agents.engine.conversation import VoiceAgent
from agents.engine.notes import TurnNote
from agents.speech.providers.base import Engines
from agents.speech.providers.resampling import resample
from agents.speech.providers.scripted import ScriptedVoice
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, from_float
from bench import overlaps_said as said
from bench import pieces, pieces_de, table
from bench.talk import scenes, surroundings, voices
from tests.fakes.line import FakeLine

QUESTIONS = {"en": "How long is the warranty?", "de": "Was kostet ein Reifenwechsel?"}  # with a long answer
INTO_S = (1.0, 2.6)  # of the answer: its first moments, when a turn may still go on, and later
PAUSE_S = 0.6  # between two sounds of listening
LISTENING, MEANT, BACKGROUND = "listening", "meant", "background"
FAR = {
    "en": (*scenes._FAR, "Can you pass me the salt, please?", "The train on platform four is delayed."),
    "de": ("Komm, das Essen wird kalt.", "Hast du die Schlüssel gesehen?", "Der Zug auf Gleis vier hat Verspätung."),
}


@dataclass(frozen=True)
class Over:
    kind: str
    text: str
    db: float = 0.0


@dataclass(frozen=True)
class Outcome:
    over: Over
    voice: str
    into_s: float
    first_end_s: float  # of the first answer
    notes: Sequence[TurnNote]

    @property
    def answer(self) -> TurnNote:
        return next(note for note in self.notes if note.speaker == "agent")

    @property
    def stopped(self) -> bool:
        return self.answer.interrupted

    @property
    def is_wrong(self) -> bool:
        return self.stopped != (self.over.kind == MEANT)


def lists(language: str, of: str) -> list[Over]:
    german, after = ("_DE" if language == "de" else ""), (f"_{of.upper()}" if of else "")
    found = [Over(LISTENING, text) for text in getattr(said, f"LISTENING{german}{after}")]
    found += [Over(MEANT, text) for text in getattr(said, f"MEANT{german}{after}")]
    if not of:
        found += [Over(f"{BACKGROUND} {db} dB", text, db) for db in (-18, -12, -9, -6) for text in FAR[language]]
    return found


def sound_of(over: Over, voice: str) -> Pcm:
    parts = [part.strip() for part in over.text.split("|")]
    sound, _ = voices.with_pauses(voice, parts, [PAUSE_S] * (len(parts) - 1))
    if over.db:
        sound = surroundings.far(sound)
        sound = voices.at_level(sound, voices.LEVEL_DB + over.db)
    return from_float(resample(sound, SPOKEN_HZ, HEARD_HZ))


async def _talk(bench: pieces.Bench, over: Over, voice: str, into_s: float) -> Outcome:
    line = FakeLine()
    notes = pieces.Notes(line)
    bench.activity.reset()
    engines = Engines(lambda: bench.activity, bench.hearing, ScriptedVoice(), bench.meaning)
    agent = VoiceAgent(bench.snapshot, engines, settings=bench.settings)
    agent.restore({"greeted": True})
    running, carrying = asyncio.create_task(agent.run(line, notes)), asyncio.create_task(line.carry())
    await asyncio.sleep(0.6)
    asked = voices.say(voice, QUESTIONS[bench.language])
    line.speak(from_float(resample(asked, SPOKEN_HZ, HEARD_HZ)))
    begun = await _first(line, "started")
    other = voice if not over.db else next(name for name in _callers(bench.language) if name != voice)
    line.speak(sound_of(over, other), begun + into_s)
    await asyncio.sleep(max(0.0, begun + into_s - line.now_s()) + 9.0)
    line.leave()
    await running
    carrying.cancel()
    return Outcome(over, voice, into_s, begun, list(notes.turns.values()))


async def _first(line: FakeLine, what: str) -> float:
    for _ in range(200):
        if found := [one.at_s for one in line.history if one.what == what]:
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError("no answer")


def _callers(language: str) -> list[str]:
    return voices.callers(pieces_de.VOICES) if language == "de" else voices.callers()


def show(outcomes: Sequence[Outcome]) -> None:
    print("| what sounds | n | stopped |\n| --- | --- | --- |")
    for kind in dict.fromkeys(one.over.kind for one in outcomes):
        for into_s in INTO_S:
            mine = [one for one in outcomes if one.over.kind == kind and one.into_s == into_s]
            print(
                f"| {kind}, {into_s} s into the answer | {len(mine)} | {pieces.share([one.stopped for one in mine])} |"
            )


def tell(one: Outcome) -> None:
    print(f"- [{one.over.kind}] {one.voice} {one.into_s} s: {one.over.text!r} stopped={one.stopped}")
    for note in one.notes[1:]:
        why: Any = note.decision.get("overlaps") or note.decision.get("joined")
        print(f"    {note.speaker} {note.text[:70]!r} {why}")


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m bench overlaps", description=__doc__)
    options.add_argument("--german", action="store_true")
    options.add_argument("--list", choices=("held", "last"), default="", help="those that were looked into less")
    options.add_argument("--voices", type=int, default=1)
    options.add_argument("--kind", default="")
    options.add_argument("--tell", action="store_true", help="every one that did not go as it should")
    chosen = options.parse_args(given)
    language = "de" if chosen.german else "en"
    bench = pieces.Bench(name=pieces_de.BUSINESS if chosen.german else pieces.BUSINESS)
    names, outcomes = _callers(language), []
    for number, over in enumerate(lists(language, chosen.list)):
        if chosen.kind not in over.kind:
            continue
        for at in range(chosen.voices):
            voice = names[(number + at) % len(names)]
            outcomes += [virtual_clock.run(_talk(bench, over, voice, into_s)) for into_s in INTO_S]
    bench.meaning.save()
    show(outcomes)
    if chosen.tell:
        for one in outcomes:
            if one.is_wrong:
                tell(one)
    return 0


if __name__ == "__main__":
    print(table.machine(), flush=True)
    began = time.monotonic()
    code = main(sys.argv[1:])
    print(f"\n{time.monotonic() - began:.0f} s")
    sys.exit(code)
