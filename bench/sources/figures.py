"""`python -m bench.sources.figures`: what sources cost, and whether the right page is cited in forty questions.

A website of 500 pages, a PDF of 300, a Word file with tables and a CSV file of 5,000 rows, made here: read by the
process that reads them in the product, indexed with the encoder of English calls, and asked as a call asks. Vectors are
kept as those of the exam are: a run that was stopped goes on where it was.
"""

import asyncio
import os
import resource
import time
from typing import Any

from agents.authoring.sources.process import Reading
from agents.brains.sources import weighing
from agents.brains.sources.passages import Kept, Leaf, Library, name_of, packed, told
from bench.exam import data
from bench.exam.learn import models_dir
from bench.sources.learn import look
from tests.fakes import documents

PLACES = (
    "Ashford Brookham Calder Denby Elmstead Farley Garston Hadlow Ilford Jarrow Kelso Lydney Malden Newark Oakham"
).split()
THINGS = "kayak tent stove lantern helmet paddle rope compass cooler hammock sled bivouac raft anchor winch".split()
FACTS = (
    "The {thing} rental in {place} opens at {a} in the morning and closes at {b} in the evening.",
    "Hiring one {thing} in {place} for a whole day costs {c} euros, and the deposit is {d} euros.",
    "In {place} every {thing} has to be brought back to the {side} jetty, wet or dry.",
    "Children in {place} may use a {thing} from the age of {e}, with a grown-up beside them.",
)
SIDES = "north south east west upper lower".split()


def facts(number: int) -> dict[str, Any]:
    place, thing = PLACES[number % 15], THINGS[(number // 15) % 15]
    return {
        "place": f"{place} {number // 225 + 1}" if number >= 225 else place,
        "thing": thing,
        "a": 6 + number % 5,
        "b": 5 + number % 6,
        "c": 10 + number % 37,
        "d": 50 + number % 90,
        "e": 6 + number % 9,
        "side": SIDES[number % 6],
    }


def page_text(number: int) -> list[str]:
    return [fact.format(**facts(number)) for fact in FACTS]


def asked(number: int, which: int) -> str:
    told = facts(number)
    return (
        "When does the {thing} rental in {place} open?",
        "How much is it to hire a {thing} in {place} for a day?",
        "Where do I bring the {thing} back in {place}?",
        "How old must a child be for a {thing} in {place}?",
    )[which].format(**told)


def made() -> dict[str, list[tuple[str, bytes, str]]]:
    site = [
        (
            "html",
            f"<title>{facts(n)['thing']} in {facts(n)['place']}</title><main><p>{'<p>'.join(page_text(n))}".encode(),
            f"https://bench.example/{n}",
        )
        for n in range(500)
    ]
    book = documents.pdf(*("\n".join(page_text(n)) for n in range(300)))
    rows = [("Place", "Thing", "Price", "Jetty")]
    rows += [(f["place"], f["thing"], f"{f['c']} euros", f["side"]) for f in map(facts, range(200))]
    word = documents.docx(documents.document(documents.paragraph("Prices", "berschrift1"), documents.table(*rows)))
    lines = ["Article;Name;Price;Stock"]
    lines += [
        f"{10_000 + n};{THINGS[n % 15]} {PLACES[n // 15 % 15]} {n};{5 + n % 90} euros;{n % 40}" for n in range(5_000)
    ]
    table = "\n".join(lines).encode()
    return {"docx": [("docx", word, "")], "pdf": [("pdf", book, "")], "site": site, "csv": [("csv", table, "")]}


async def main() -> None:
    os.nice(5)
    meaning = data.kept_meaning("en", models_dir())
    await meaning.vectors(["."])  # loaded, as in a product that runs
    for kind, files in made().items():
        pages = []
        wall = time.perf_counter()
        with Reading() as reading:
            for reader, content, address in files:
                read = reading.read(reader, content, name=kind, address=address)
                pages += [(address, page) for page in read["pages"]]
        read_s = time.perf_counter() - wall
        kept, index_s, made_now = [], 0.0, 0
        for place, (address, page) in enumerate(pages):
            texts = [told(page["title"], heading, text) for heading, text, _ in page["passages"]]
            before, began = meaning.count, time.process_time()
            vectors = await meaning.vectors(texts)
            if meaning.count > before:
                index_s, made_now = index_s + time.process_time() - began, made_now + meaning.count - before
            if place % 50 == 49:
                meaning.save()
            kept.append(
                Kept(Leaf(kind, page["title"], address, page["number"], kind), page["passages"], packed(vectors, texts))
            )
        meaning.save()
        library = Library(kept, name_of(meaning.parts, 0))
        each_s = index_s / made_now if made_now else 0.0
        right = confident = 0
        times = []
        for at in range(10):
            number = at * 29 + 3 if kind != "docx" else at * 19 + 3
            if kind == "csv":
                question = f"What is the price of the {THINGS[number % 15]} {PLACES[number // 15 % 15]} {number}?"
            else:
                question = asked(number, 1 if kind == "docx" else at % 4)
            began = time.process_time()
            found = await look(library, meaning, question, "en")
            times.append((time.process_time() - began) * 1000)
            best = found[0].passage if found else None
            if best and kind == "site":
                hit = best.leaf.address.endswith(f"/{number}")
            elif best and kind == "pdf":
                hit = (best.number or best.leaf.number) == number + 1
            elif best and kind == "docx":
                hit = f"Place: {facts(number)['place']}, Thing: {facts(number)['thing']}," in best.text
            else:
                hit = bool(best) and best.number == number + 2
            right += hit
            confident += bool(found) and hit and found[0].chance >= weighing.SURE
        first_s = read_s + each_s * len(library)
        print(
            f"{kind}: {len(pages)} pages, {len(library)} passages; read {read_s:.1f} s, then {each_s * 1000:.0f} ms of"
            f" CPU each ({made_now} made now), so the first answer after {first_s:.0f} s;"
            f" {library.size_bytes / 1e6:.1f} MB, {_peak_mb():.0f} MB in all at most;"
            f" question {sorted(times)[5]:.0f} ms of CPU; right page {right} of 10, said {confident}",
            flush=True,
        )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    models_dir()
    asyncio.run(main())
