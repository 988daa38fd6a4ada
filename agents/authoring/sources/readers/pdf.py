"""PDF: the text of each page, by pypdf. Lines become paragraphs; what stands on every page is left out."""

import io
import logging
import re
from collections import Counter

from agents.authoring.sources.readers.base import CHARACTERS_MOST, LETTERS_LEAST, Page, Read, Unreadable
from agents.authoring.sources.readers.chunking import Block, passages

PAGES_MOST = 2_000
_REPEATED = 0.5  # a first or last line that so many pages share is their head or foot
_HEADING_MOST = 70
_ITEM = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s+")
_FIGURES = re.compile(r"\d+")


def read(content: bytes, name: str) -> Read:
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("wrong_type")
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        file = PdfReader(io.BytesIO(content))
        if file.is_encrypted and not file.decrypt(""):  # many are locked against changes only
            raise Unreadable("encrypted")
        if len(file.pages) > PAGES_MOST:
            raise Unreadable("too_long")
        texts, size = [], 0
        for page in file.pages:
            texts.append(page.extract_text() or "")
            size += len(texts[-1])
            if size > CHARACTERS_MOST:
                raise Unreadable("too_long")
        title = str((file.metadata or {}).get("/Title") or "")
    except PyPdfError as error:
        raise Unreadable(
            "encrypted" if "decrypt" in str(error) or "crypt" in type(error).__name__ else "damaged"
        ) from None
    except (Unreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001  a broken file breaks the library in ways of its own
        raise Unreadable("damaged") from None
    return of_pages(texts, title or name)


def of_pages(texts: list[str], title: str) -> Read:
    lines = [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]
    silent = sum(1 for page in lines if sum(len(line) for line in page) < LETTERS_LEAST)
    if silent == len(lines):
        raise Unreadable("no_text")
    ends = Counter(_even(line) for page in lines for line in {*page[:1], *page[-1:]})
    repeated = {line for line, count in ends.items() if count > 2 and count > len(lines) * _REPEATED}
    pages, heading = [], ""
    for number, page in enumerate(lines, 1):
        blocks, heading = _blocks(_without_ends(page, repeated), heading)
        pages.append(Page(title, passages(blocks, number), number))
    return Read(pages, note="pages_without_text" if silent else "", count=silent)


def _even(line: str) -> str:
    return _FIGURES.sub("#", line)


def _without_ends(page: list[str], repeated: set[str]) -> list[str]:
    while page and _even(page[0]) in repeated:
        page = page[1:]
    while page and _even(page[-1]) in repeated:
        page = page[:-1]
    return page


def _blocks(lines: list[str], heading: str) -> tuple[list[Block], str]:
    """Lines as paragraphs: one ends where a sentence ends before the edge, or a heading or a point of a list begins."""
    blocks: list[Block] = []
    widest = max((len(line) for line in lines), default=0)
    paragraph = ""

    def flush() -> None:
        nonlocal paragraph
        if paragraph:
            blocks.append((heading, paragraph))
        paragraph = ""

    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if not paragraph and _is_heading(line, following):
            flush()
            heading = line
            continue
        if _ITEM.match(line):
            flush()
            line = _ITEM.sub("", line)
        if paragraph.endswith("-") and line[:1].islower():
            paragraph = paragraph[:-1] + line
        else:
            paragraph = f"{paragraph} {line}".strip()
        if line.endswith((".", "!", "?", ":")) and len(line) < widest * 0.85:
            flush()
    flush()
    return blocks, heading


def _is_heading(line: str, following: str) -> bool:
    return (
        len(line) <= _HEADING_MOST
        and len(following) > len(line)
        and (line[:1].isupper() or line[:1].isdigit())
        and not line.endswith((".", "!", "?", ",", ";", ":", "-"))
        and not _ITEM.match(line)
        and following[:1].isupper()
    )
