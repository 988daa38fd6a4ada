"""Is it good to talk with? `python -m bench talk [--quick]`: real calls, recorded on both sides.

Callers without a browser come in by the product's own road (frame, ticket, socket, offer) and speak in voices that are
not the agent's. Scored is what sounded: the energy on the agent's channel, and the waves of the answer that it was
about to give, looked for in it. Where turns are counted, and which topic answered, the product's stored turns are
asked; the tables say so. Beside it stand silence alone and, where it is installed, Pipecat, on the same recordings.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from bench import table
from bench.load import Caller
from bench.talk import figures, rivals, scenes, voices
from bench.talk.line import TapedVisitor
from bench.talk.play import Player, Scene, Trial, describe, prepare, with_turns, write
from bench.talk.surroundings import CLEAN, CONDITIONS, Condition
from tests.browser.site import Product, until

APART_S = 0.9  # calls begin so far apart, so that they do not speak in one voice
FULL = 503  # the status of that refusal
AT_ONCE = 3  # calls that play scenes at the same time
PARTS = ("pauses", "overlaps", "conversations", "times")


class Studio:
    """The product, and calls to it."""

    def __init__(self) -> None:
        self.refused = 0  # calls of the latest play for which the product was too busy
        self._product = Product(STUDIO_CALLS_PER_ADDRESS="1000", STUDIO_MAX_CALLS="100")

    async def __aenter__(self) -> "Studio":
        await asyncio.to_thread(self._product.start)
        self._code = next(widget["code"] for widget in self._product.demo()["widgets"] if not widget["consent"])
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._product.stop)
        for line in self._product.output(10_000).splitlines():
            if "new calls are" in line:
                print(f"The product said: {line}")
        shutil.rmtree(self._product.data, ignore_errors=True)

    async def play(
        self, scripts: Sequence[Sequence[Scene]], condition: Condition = CLEAN, first_voice: int = 0
    ) -> list[Trial]:
        """Each script in a call of its own, all at the same time; what they recorded, with the turns that were kept."""
        known = voices.callers()
        trials: list[Trial] = []

        async def visit(number: int, script: Sequence[Scene]) -> None:
            await asyncio.sleep(number * APART_S)
            caller = Caller(self._product, self._code, partial(TapedVisitor, condition))
            voice = known[(number + first_voice) % len(known)]
            await asyncio.to_thread(prepare, voice, script)
            async with caller.call():
                player = Player(caller, voice)
                try:
                    await player.play(script)
                finally:
                    trials.extend(player.trials)

        done = await asyncio.gather(*(visit(*each) for each in enumerate(scripts)), return_exceptions=True)
        self.refused = sum(isinstance(error, HTTPError) and error.code == FULL for error in done)
        for error in done:
            if isinstance(error, BaseException):
                print(f"A call broke off, or was refused: {type(error).__name__}: {error}", file=sys.stderr)
        kept = await asyncio.to_thread(until, lambda: self._kept({trial.reference for trial in trials}))
        with_turns(trials, kept)
        return trials

    def _kept(self, references: set[str]) -> dict[str, Any] | None:
        listed = json.loads(self._product.manage("conversations", "--json", "--limit", "60"))
        found = {one["reference"]: one for one in listed if one["reference"] in references and one["cause"]}
        return found if len(found) == len(references) else None


async def pauses(studio: Studio, options: argparse.Namespace) -> None:
    trials: list[Trial] = []
    for time in range(options.times):
        hands = scenes.in_turns(scenes.TURNS, AT_ONCE)
        trials += await studio.play(hands, first_voice=time)
    keep(trials, "pauses", options.keep)
    figures.pauses(trials, rivals.silence_alone(trials) | rivals.pipecat(trials))


async def overlaps(studio: Studio, options: argparse.Namespace) -> None:
    trials: list[Trial] = []
    for time in range(options.times):
        over = [(scenes.LONG[(place + time) % len(scenes.LONG)], each) for place, each in enumerate(scenes.OVERLAPS)]
        trials += await studio.play(scenes.in_turns(over, AT_ONCE), first_voice=time)
    keep(trials, "overlaps", options.keep)
    figures.overlaps(trials, rivals.silence_alone(trials) | rivals.pipecat(trials))


async def conversations(studio: Studio, options: argparse.Namespace) -> None:
    names = list(scenes.CONVERSATIONS)[: 3 if options.quick else None]
    found: dict[str, list[Trial]] = {}
    for condition in CONDITIONS[:3] if options.quick else CONDITIONS:
        found[condition.name] = []
        for time in range(1 if options.quick else options.times):
            scripts = [scenes.CONVERSATIONS[name] for name in names]
            for first in range(0, len(scripts), AT_ONCE):
                found[condition.name] += await studio.play(scripts[first : first + AT_ONCE], condition, first + time)
    for name, trials in found.items():
        keep(trials, f"conversations {name}", options.keep)
    figures.conversations(found)


async def times(studio: Studio, options: argparse.Namespace) -> None:
    found: dict[int, list[Trial]] = {}
    loads = {}
    asked = scenes.QUESTIONS[:4] if options.quick else scenes.QUESTIONS
    for calls in options.calls:
        loads[calls] = f"{os.getloadavg()[0]:.1f}"
        mixed = [[*asked, *scenes.UNCLEAR[:2]], [*scenes.UNCLEAR[2:], *asked]]
        scripts = [mixed[number % 2][number % 3 :] for number in range(calls)]
        found[calls] = await studio.play(scripts, first_voice=calls)
        loads[calls] += f"; {studio.refused} refused" if studio.refused else ""
        keep(found[calls], f"times {calls}", options.keep)
    figures.times(found, loads)


def keep(trials: Sequence[Trial], what: str, folder: Path | None) -> None:
    for number, trial in enumerate(trials):
        trial.name = f"{what} {number:03} {trial.kind}".replace(" ", "-").replace(",", "")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            write(trial, folder)
            describe(trial, folder)


async def main(options: argparse.Namespace) -> None:
    print(f"\nCallers: {', '.join(voices.callers())}; the agent: {voices.AGENT}. {table.machine()}", flush=True)
    parts = {"pauses": pauses, "overlaps": overlaps, "conversations": conversations, "times": times}
    async with Studio() as studio:
        await studio.play([scenes.QUESTIONS[:1]])  # the first call brings in what later ones share
        for name in options.only:
            with suppress(KeyboardInterrupt):
                await parts[name](studio, options)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench talk", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="each scene once, fewer conditions: under ten minutes")
    parser.add_argument("--times", type=int, default=0, help="how often each scene is played (1 with --quick, else 5)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--calls", type=int, nargs="+", default=[1, 4, 8], help="for the times")
    parser.add_argument("--keep", type=Path, help="a folder for the recordings")
    chosen = parser.parse_args()
    chosen.times = chosen.times or (1 if chosen.quick else 5)
    asyncio.run(main(chosen))
