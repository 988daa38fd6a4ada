"""What becomes of turns by the rules alone. `python -m bench replay`: seconds, where whole turns take half an hour.

Each row of `bench/data/decisions.jsonl` is a pause or the end of a turn of `bench pieces`: its words so far as the ear
makes them out, and what the mind has to say to them, both made out once (`--make`). The rules are asked what they
wait there. So it counts what they decide, not what becomes of it: whoever goes on in the first moments of an answer is
joined to the turn. The pauses are put in afterwards, so that one row serves for all of their lengths.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.brains.base import Turn as Asked
from agents.brains.base import whole
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine import tempo, turn_rules
from agents.engine.expectation import FREE
from agents.engine.replying import mind_of
from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, from_float
from bench import pieces, pieces_de, pieces_fresh, pieces_kinds, pieces_said
from bench.talk import voices

DATA = Path(__file__).resolve().parent / "data" / "decisions.jsonl"
GATE_S = 0.08  # by which a pause is shorter to the gate than it is
FOUND_MS = 330  # from the last sound to its words: no turn is over before
LEAST_S = 0.3  # of silence before the words, as a gate keeps it

Row = dict[str, Any]
LISTS: dict[str, Sequence[tuple[str, Sequence[str]]]] = {
    "seen": [(kind, [text]) for kind, text in pieces_said.SEEN],
    "held": [(kind, [text]) for kind, text in pieces_said.HELD_OUT],
    "whole": [(kind, [text]) for kind, text in pieces_said.WHOLE],
    "whole-held": [(kind, [text]) for kind, text in pieces_said.WHOLE_HELD_OUT],
    "slow": [("slow caller", call) for call in pieces_said.SLOW],
    "slow-held": [("slow caller", call) for call in pieces_said.SLOW_HELD_OUT],
    "fresh": [(kind, [text]) for kind, text in pieces_fresh.FRESH],
    "whole-fresh": [(kind, [text]) for kind, text in pieces_fresh.WHOLE_FRESH],
    "kinds": [(kind, [text]) for kind, text in pieces_kinds.FIRST],
    "kinds-whole": [(kind, [text]) for kind, text in pieces_kinds.WHOLE_FIRST],
    "kinds-held": [(kind, [text]) for kind, text in pieces_kinds.SECOND],
    "kinds-whole-held": [(kind, [text]) for kind, text in pieces_kinds.WHOLE_SECOND],
    "de-kinds": [(kind, [text]) for kind, text in pieces_kinds.FIRST_DE],
    "de-kinds-whole": [(kind, [text]) for kind, text in pieces_kinds.WHOLE_FIRST_DE],
    "de-kinds-held": [(kind, [text]) for kind, text in pieces_kinds.SECOND_DE],
    "de-kinds-whole-held": [(kind, [text]) for kind, text in pieces_kinds.WHOLE_SECOND_DE],
}


def language_of(name: str) -> str:
    return "de" if name.startswith("de-") else "en"


async def made(names: Iterable[str], each: int, kind: str) -> list[Row]:
    """Words and mind at every pause and end of these lists, each sentence in so many voices."""
    rows: list[Row] = []
    for language in dict.fromkeys(language_of(name) for name in names):
        rows += await _made([name for name in names if language_of(name) == language], each, kind, language)
    return rows


async def _made(names: Iterable[str], each: int, kind: str, language: str) -> list[Row]:
    bench = pieces.Bench(name=pieces_de.BUSINESS if language == "de" else pieces.BUSINESS)
    brain = LanguagesBrain(
        bench.snapshot,
        lambda _: bench.meaning,
        languages=(language,),
        variant={},
        language=language,
        settings=bench.settings,
        least=bench.settings.doubtful,
    )
    await brain.prepare()
    rows: list[Row] = []
    callers = voices.callers(pieces_de.VOICES) if language == "de" else voices.callers()
    for name in names:
        for number, (of, texts) in enumerate(LISTS[name]):
            if kind not in of:
                continue
            for voice in (callers[(number + at) % len(callers)] for at in range(each)):
                for turn, text in enumerate(texts):
                    place = {"list": name, "n": number, "kind": of, "voice": voice, "turn": turn}
                    async for row in _pieces(bench, brain, voice, text, language):
                        rows.append(place | row)
            print(name, number, file=sys.stderr, flush=True)
    bench.meaning.save()
    return rows


async def _pieces(bench: pieces.Bench, brain: LanguagesBrain, voice: str, text: str, language: str) -> Any:
    parts = [part.strip() for part in text.split("|")]
    sound, places = voices.with_pauses(voice, parts, [0.0] * (len(parts) - 1))
    sounds = [sound[round(begin * SPOKEN_HZ) : round(end * SPOKEN_HZ)] for begin, end in places]
    so_far, spoken_s = voices.silence(LEAST_S), 0.0
    for place, sound in enumerate(sounds):
        so_far, spoken_s = np.concatenate([so_far, sound]), spoken_s + len(sound) / SPOKEN_HZ
        pcm = from_float(resample(np.concatenate([so_far, voices.silence(0.2)]), SPOKEN_HZ, HEARD_HZ))
        heard = (await bench.hearing.ear.hear(pcm, language=language, final=True)).evened()
        reply = await whole(
            brain, Asked(heard.text, heard.sure, 40.0, language), Memory(greeted=True, language=language)
        )
        yield {
            "end": place == len(sounds) - 1,
            "said": " ".join(parts[: place + 1]),
            "text": heard.text,
            "mind": mind_of(reply),
            "asks": heard.asks,
            "spoken_s": round(spoken_s, 2),
        }
        so_far = np.concatenate([so_far, voices.silence(0.6)])


@dataclass(frozen=True)
class Played:
    """A turn with pauses of one length."""

    kind: str
    rows: Sequence[Row]
    pause_s: float
    cut_at: Row | None
    end: turn_rules.End  # what was decided where it was cut off, or at its end

    @property
    def wait_ms(self) -> int | None:
        return None if self.cut_at else max(self.end.wait_ms, FOUND_MS)


def play(rows: Sequence[Row], pause_s: float, memory: Memory, settings: TalkSettings) -> Played:
    """One turn; the memory learns from it as in a call."""
    own: list[float] = []
    cut_at: Row | None = None
    first: turn_rules.End | None = None
    for row in rows:
        spoken_s = row["spoken_s"] + GATE_S * len(own)
        end = turn_rules.end_of_turn(
            row["text"],
            FREE,
            memory.pauses,
            settings,
            language_of(row["list"]),
            before=memory.tempo,
            own_pauses=own,
            spoken_s=spoken_s,
            mind=row["mind"],
            asks=row.get("asks", 0.0),
        )
        if not row["end"]:
            if cut_at is None and pause_s * 1000 > max(end.wait_ms, FOUND_MS):
                cut_at, first = row, end
            own.append(round(pause_s - GATE_S, 2))
    memory.learn_pauses(own)
    if told := tempo.told(own, spoken_s):
        memory.learn_tempo(told)
    return Played(rows[0]["kind"], rows, pause_s, cut_at, first or end)


def played(rows: Iterable[Row], settings: TalkSettings) -> list[Played]:
    calls: dict[Any, dict[int, list[Row]]] = {}
    for row in rows:
        calls.setdefault((row["list"], row["n"], row["voice"]), {}).setdefault(row["turn"], []).append(row)
    found = []
    for turns in calls.values():
        has_pauses = any(not row["end"] for turn in turns.values() for row in turn)
        for pause_s in pieces.PAUSES_S if has_pauses else (0.0,):
            memory = Memory()
            found += [play(turn, pause_s, memory, settings) for turn in turns.values()]
    return found


def read() -> list[Row]:
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def table_of(outcomes: Sequence[Played]) -> None:
    print("| | n | cut off | wait, mean (p50, p95) ms |\n" + "| --- " * 4 + "|")
    for kind in [*dict.fromkeys(one.kind for one in outcomes), ""]:
        mine = [one for one in outcomes if not kind or one.kind == kind]
        waits = [one.wait_ms for one in mine if one.wait_ms is not None] or [0]
        p50, p95 = np.percentile(waits, (50, 95))
        cut = pieces.share([one.cut_at is not None for one in mine])
        print(f"| {kind or '**all**'} | {len(mine)} | {cut} | {np.mean(waits):.0f} ({p50:.0f}, {p95:.0f}) |")


def tell(outcomes: Sequence[Played], over_ms: int) -> None:
    """What was cut off, and what was waited for longer than so."""
    for one in outcomes:
        row = one.cut_at or one.rows[-1]
        if one.cut_at or (one.wait_ms or 0) > over_ms:
            what = f"cut, {one.pause_s} s" if one.cut_at else "late"
            print(f"- [{one.kind}] {what}: {row['said']!r} heard {row['text']!r} {one.end.to_json()}")


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m bench replay", description=__doc__)
    options.add_argument("--make", nargs="+", choices=list(LISTS), help="make these lists out anew, and keep them")
    options.add_argument("--voices", type=int, default=3)
    options.add_argument("--kind", default="")
    options.add_argument("--lists", nargs="+", choices=list(LISTS), default=list(LISTS))
    options.add_argument("--tell", type=int, metavar="MS", help="what is cut off, or waited for longer than so")
    chosen = options.parse_args(given)
    if chosen.make:
        kept = [row for row in read() if row["list"] not in chosen.make] if DATA.exists() else []
        kept += asyncio.run(made(chosen.make, chosen.voices, chosen.kind))
        DATA.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
        return 0
    rows = read()
    for name in chosen.lists:
        outcomes = played([row for row in rows if row["list"] == name and chosen.kind in row["kind"]], TalkSettings())
        if outcomes:
            print(f"\n{name}\n")
            table_of(outcomes)
            if chosen.tell is not None:
                tell(outcomes, chosen.tell)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
