"""Hearing in noise: `python -m bench hearing`. Only the ears' processor time is measured, so other work does no harm.

Questions of businesses that were not in sight while anything was tuned (`--seen` takes the others), in voices and
surroundings of several kinds, go through the gate and the ear of a call, and into the mind of their business. The
baseline is today's hearing without any of it: the small model, nothing doubted. "Asked" is a question back about the
words: *saved* where the answer would have been wrong, *needless* where it would have been right.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from agents.brains.settings import TalkSettings
from agents.speech.heard import Heard
from agents.speech.providers import moonshine, weights
from agents.speech.providers.base import Hearing
from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.providers.silero import SileroActivity
from agents.speech.providers.two_ears import TwoEars
from bench.exam.data import kept_meaning
from bench.hearing import mixes
from bench.hearing.ears import listen
from bench.hearing.judge import Judge, Result, shares
from bench.hearing.mixes import Mix
from bench.talk.voices import MODELS_DIR

COLUMNS = ("word errors", "right", "wrong", "asked", "saved", "needless", "asked which", "not known")
GROUPS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("clean", lambda name: name == "clean"),
    ("15 dB", lambda name: name.endswith("15 dB")),
    ("10 dB", lambda name: name.endswith("10 dB")),
    ("5 dB", lambda name: name.endswith(" 5 dB")),
    ("all", lambda name: True),
)
LIMITS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def ears() -> dict[str, Hearing]:
    quick = MoonshineHearing(MODELS_DIR)
    found: dict[str, Hearing] = {"small": quick}
    if not weights.missing(moonshine.BASE.needs, MODELS_DIR):
        better = MoonshineHearing(MODELS_DIR, moonshine.BASE)
        found |= {"both": TwoEars(quick, better, waited_s=lambda: 0.0), "base": better}
    return found


async def hear(given: Sequence[Mix], hearing: Hearing) -> tuple[list[Heard], float]:
    """What is made out, and the seconds of processor time for each."""
    activity, heard, used_s = SileroActivity(MODELS_DIR), [], 0.0
    for mix in given:
        began_s = time.process_time()
        segment = await listen(mix.pcm_16k, activity, hearing, TalkSettings())
        used_s += time.process_time() - began_s
        heard.append(segment.heard if segment else Heard())
    return heard, used_s / len(given)


async def measure(arguments: argparse.Namespace) -> None:
    given = list(mixes.mixes(not arguments.seen, each=arguments.each, voices_each=arguments.voices))
    judge = Judge(meaning := kept_meaning("en", MODELS_DIR))
    usual = TalkSettings().doubtful
    print(f"{len(given)} mixes, {'seen' if arguments.seen else 'held out'}; in percent\n")
    print("| ear | surroundings | n | CPU s | " + " | ".join(COLUMNS) + " |")
    print("| --- " * (len(COLUMNS) + 4) + "|")
    curves = []
    for name, hearing in ears().items():
        heard, used_s = await hear(given, hearing)

        async def judged(least: float, heard: Sequence[Heard] = heard) -> list[Result]:
            return [
                await judge.judge(mix.asked.business, mix.asked.text, one, mix.asked.topics, least)
                for mix, one in zip(given, heard, strict=True)
            ]

        for doubt, least in (("nothing doubted", 0.0), ("doubting", usual)):
            results = await judged(least)
            by_group = defaultdict(list)
            for mix, result in zip(given, results, strict=True):
                for group, holds in GROUPS:
                    if holds(mix.surrounding.name):
                        by_group[group].append(result)
            for group, _holds in GROUPS:
                row = shares(by_group[group])
                cells = " | ".join(f"{row[column]:.0f}" for column in COLUMNS)
                print(f"| {name}, {doubt} | {group} | {len(by_group[group])} | {used_s:.2f} | {cells} |", flush=True)
        for least in LIMITS:
            row = shares(await judged(least))
            curves.append(f"| {name} | {least:.1f} | " + " | ".join(f"{row[column]:.1f}" for column in COLUMNS) + " |")
    print("\n| ear | a word under | " + " | ".join(COLUMNS) + " |")
    print("| --- " * (len(COLUMNS) + 2) + "|")
    print("\n".join(curves))
    meaning.save()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seen", action="store_true", help="the businesses and voices that things were tuned on")
    parser.add_argument("--each", type=int, default=8, help="questions of each business")
    parser.add_argument("--voices", type=int, default=2, help="voices for each question")
    asyncio.run(measure(parser.parse_args()))
