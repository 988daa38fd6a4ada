"""`python -m bench.sources.held_out`: how often sources answer rightly, wrongly, or not at all.

Four documents with 28 questions that one sentence of them answers and 16 that nothing in them does, written before
anything was measured; nothing is learned from them. An answer is right where the words that tell it are said. For each
chance that may be asked for.
"""

import asyncio
import json
import os
from pathlib import Path

from agents.authoring.sources.process import Reading
from agents.brains.sources import telling
from agents.brains.sources.passages import Kept, Leaf, Library, name_of, packed, told
from agents.brains.sources.weighing import Weighed
from bench.exam import data
from bench.exam.learn import models_dir
from bench.sources.learn import look

CONTENT = json.loads((Path(__file__).parent / "held_out.json").read_text(encoding="utf-8"))
CHANCES = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.72, 0.8)


async def main() -> None:
    os.nice(5)
    meaning = data.kept_meaning("en", models_dir())
    pages = []
    with Reading() as reading:
        for name, text in CONTENT["documents"].items():
            kind = "csv" if text.startswith("Service,") else "text"
            for page in reading.read(kind, text.encode(), name=name)["pages"]:
                texts = [told(page["title"], heading, text) for heading, text, _ in page["passages"]]
                leaf = Leaf(name, page["title"], "", page["number"], kind)
                pages.append(Kept(leaf, page["passages"], packed(await meaning.vectors(texts), texts)))
    library = Library(pages, name_of(meaning.parts, 0))
    inside = [(one, await look(library, meaning, one["q"], "en")) for one in CONTENT["inside"]]
    outside = [(question, await look(library, meaning, question, "en")) for question in CONTENT["outside"]]
    for one, found in inside:
        print(_line(one["q"], found, "right" if _is_right(one["words"], found) else "WRONG"))
    for question, found in outside:
        print(_line(question, found, "outside"))
    for least in CHANCES:
        sure = [(one, found) for one, found in inside if found and found[0].chance >= least]
        right = sum(_is_right(one["words"], found) for one, found in sure)
        false = sum(bool(found) and found[0].chance >= least for _question, found in outside)
        silent = len(inside) - len(sure)
        told_inside = f"{right} right, {len(sure) - right} wrong, {silent} silent"
        print(f"from {least}: {told_inside}; outside {false} of {len(outside)}")


def _is_right(words: str, found: list[Weighed]) -> bool:
    return bool(found) and words.lower() in telling.spoken(found[0]).lower()


def _line(question: str, found: list[Weighed], how: str) -> str:
    said = telling.spoken(found[0])[:70] if found else ""
    return f"{found[0].chance if found else 0:.2f} {how:8} {question} | {said}"


if __name__ == "__main__":
    models_dir()
    asyncio.run(main())
