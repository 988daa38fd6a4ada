"""What is said of a passage: the sentence that answers, shaped for the ear or for reading, and where it stands."""

import re

from agents.brains.snapshot import Link
from agents.brains.sources.matching import start_of
from agents.brains.sources.passages import Leaf, Passage
from agents.brains.sources.weighing import Weighed
from agents.speech.plain_text import plain

SPOKEN_MOST = 320  # characters
READ_MOST = 600
SENTENCES_MOST = 2
QUOTE_MOST = 300
_PAGE = {"en": "page {}", "de": "Seite {}", "es": "página {}", "fr": "page {}", "it": "pagina {}", "ar": "صفحة {}"}
_ROW = {"en": "row {}", "de": "Zeile {}", "es": "fila {}", "fr": "ligne {}", "it": "riga {}", "ar": "صف {}"}
_MARKUP = re.compile(r"([\\\[\]*_`<>])")
_WEB = re.compile(r"https?://\S+|www\.\S+")


def spoken(found: Weighed) -> str:
    """What is said: without what only the eye can use."""
    return _for_the_ear(_chosen(found, SPOKEN_MOST))


def read(found: Weighed, language: str) -> str:
    """The same to be read, with a link to the page, or its name."""
    return f"{_escaped(_chosen(found, READ_MOST))}\n\n{cited(found.passage, language)}"


def cited(passage: Passage, language: str) -> str:
    leaf = passage.leaf
    where = place(passage, language)
    title = _escaped(leaf.title if leaf.address else leaf.source)
    named = f"{title}, {where}" if where else title
    return f"[{named}]({leaf.address})" if _is_web(leaf) else f"*{named}*"


def place(passage: Passage, language: str) -> str:
    """Where in a file it stands."""
    number = passage.number or passage.leaf.number
    if not number:
        return ""
    words = _ROW if passage.leaf.kind == "csv" else _PAGE
    return words.get(language.split("-")[0].lower(), words["en"]).format(number)


def shows(passage: Passage) -> tuple[Link, ...]:
    """The page, for the visitor's card."""
    leaf = passage.leaf
    return (Link(leaf.title[:60] or leaf.source, leaf.address),) if _is_web(leaf) else ()


def citation(found: Weighed) -> dict[str, object]:
    """As it is kept with the turn."""
    leaf = found.passage.leaf
    told: dict[str, object] = {
        "source": leaf.source,
        "page": leaf.title,
        "number": found.passage.number or leaf.number,
        "kind": leaf.kind,
        "words": found.passage.text[:QUOTE_MOST],
        "chance": round(found.chance, 3),
    }
    if _is_web(leaf):
        told["address"] = leaf.address
    return told


def _chosen(found: Weighed, most: int) -> str:
    """The sentences that answer, in the order they were written, from the one that answers best on; a row alone."""
    if found.row:
        return _cut(found.row, most)
    said, best = found.said, found.order[0]
    first = start_of(said, best)
    chosen = list(range(first, best + 1))
    size = sum(len(said[at]) for at in chosen)
    if best + 1 < len(said) and len(chosen) < SENTENCES_MOST and size + len(said[best + 1]) <= most:
        chosen.append(best + 1)
    return _cut(" ".join(said[at] for at in chosen), most)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _for_the_ear(text: str) -> str:
    return " ".join(_WEB.sub("", plain(text)).replace(" …", ".").split())


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _is_web(leaf: Leaf) -> bool:
    return leaf.address.startswith(("https://", "http://")) and not re.search(r"[\s()<>]", leaf.address)
