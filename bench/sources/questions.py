"""`python -m bench.sources.questions [SET …]`: what is said of a website, a PDF, a Word file and a table.

Three businesses (`sets/`) with 61 questions that something in them answers and 48 that nothing does, near ones and far
ones, written before anything was measured. An answer is right where the words that tell it are said, wrong where
something else is; whatever is said to a question that nothing answers is wrong, too. Those of `fernhill` and `garten`
were not looked into while the weighing was made; those of `fernhill` in other words were written and played after it.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from agents.authoring.sources.process import Reading
from agents.brains.sources import telling, weighing
from agents.brains.sources.passages import Kept, Leaf, Library, name_of, packed, told
from bench.exam import data
from bench.exam.learn import models_dir
from bench.sources.learn import look
from tests.fakes import documents

SETS = Path(__file__).parent / "sets"
KINDS = ("site", "pdf", "docx", "csv")


def files(document: dict[str, Any]) -> list[tuple[str, bytes, str]]:
    """What is given to the reader: kind, content, address."""
    if document["kind"] == "csv":
        return [("csv", "\n".join(";".join(row) for row in document["rows"]).encode(), "")]
    if document["kind"] == "pdf":
        return [("pdf", documents.pdf(*document["pages"]), "")]
    if document["kind"] == "docx":
        said = [documents.paragraph(document["title"], "berschrift1")]
        said += [documents.paragraph(text) for text in document["paragraphs"]]
        body = documents.document(*said, documents.table(*map(tuple, document["rows"])))
        return [("docx", documents.docx(body), "")]
    return [
        (
            "html",
            f"<title>{page['title']}</title><main><p>{'<p>'.join(page['text'])}".encode(),
            f"https://bench.example/{at}",
        )
        for at, page in enumerate(document["pages"])
    ]


async def library(content: dict[str, Any], meaning: Any) -> Library:
    kept = []
    with Reading() as reading:
        for document in content["documents"]:
            for reader, given, address in files(document):
                for page in reading.read(reader, given, name=document["name"], address=address)["pages"]:
                    texts = [told(page["title"], heading, text) for heading, text, _ in page["passages"]]
                    leaf = Leaf(
                        document["name"],
                        page["title"],
                        address,
                        page["number"],
                        document["kind"],
                        content["language"],
                    )
                    kept.append(Kept(leaf, page["passages"], packed(await meaning.vectors(texts), texts)))
    return Library(kept, name_of(meaning.parts, 0))


async def main(names: list[str]) -> None:
    os.nice(5)
    every: dict[str, Counter[tuple[str, str]]] = {}
    for name in names or sorted(path.stem for path in SETS.glob("*.json")):
        content = json.loads((SETS / f"{name}.json").read_text(encoding="utf-8"))
        meaning = data.kept_meaning(content["language"], models_dir())
        here = await library(content, meaning)
        for how, inside, outside in (("", "inside", "outside"), (", reworded", "reworded", "reworded_outside")):
            if inside not in content:
                continue
            asked = [(one["kind"], one["q"], one["words"]) for one in content[inside]]
            asked += [("none", question, []) for question in content[outside]]
            counts = every[name + how] = Counter()
            for kind, question, words in asked:
                found = await look(here, meaning, question, content["language"])
                said = telling.spoken(found[0]) if found and found[0].chance >= weighing.SURE else ""
                right = bool(words) and all(word.lower() in said.lower() for word in words)
                result = "silent" if not said else "right" if right else "wrong"
                counts[kind, result] += 1
                chance = found[0].chance if found else 0.0
                nearest = telling.spoken(found[0])[:100] if found else ""
                print(f"{result:6} {chance:.2f} {kind:4} {question} | {said or f'({nearest})'}")
        meaning.save()
    for name, counts in every.items():
        print(f"\n{name}: {_line(counts)}", flush=True)


def _line(counts: Counter[tuple[str, str]]) -> str:
    told = [
        f"{kind} {counts[kind, 'right']} right, {counts[kind, 'wrong']} wrong of"
        f" {sum(counts[kind, result] for result in ('right', 'wrong', 'silent'))}"
        for kind in KINDS
    ]
    nothing = sum(counts["none", result] for result in ("wrong", "silent"))
    wrong = sum(count for (_kind, result), count in counts.items() if result == "wrong")
    return (
        f"{'; '.join(told)}; nothing answers: {counts['none', 'wrong']} said of {nothing};"
        f" wrong in all {wrong} of {counts.total()}"
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
