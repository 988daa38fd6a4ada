"""Text and Markdown: headings, paragraphs, lists and tables."""

import re

from agents.authoring.sources.readers.base import Page, Read, bounded, decoded
from agents.authoring.sources.readers.chunking import Block, passages, rows

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"^\s*(=+|-+)\s*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_TABLE = re.compile(r"^\s*\|.*\|\s*$")
_BETWEEN = re.compile(r"^\s*\|[\s:|-]+\|\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*{1,3}|_{2,3}|~~|`+)")


def read(content: bytes, name: str) -> Read:
    text = decoded(content)
    lines = bounded(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    blocks, title = _blocks(lines)
    return Read([Page(title or name, passages(blocks))])


def _blocks(lines: list[str]) -> tuple[list[Block], str]:
    blocks: list[Block] = []
    above: list[str] = []  # the headings that hold here
    paragraph: list[str] = []
    table: list[list[str]] = []
    title = ""

    def heading() -> str:
        return " › ".join(above[-2:])

    def flush() -> None:
        nonlocal paragraph, table
        if paragraph:
            blocks.append((heading(), " ".join(paragraph)))
        blocks.extend((heading(), sentence) for sentence in rows(table))
        paragraph, table = [], []

    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        marked = _HEADING.match(line)
        if marked:
            flush()
            level = len(marked[1])
            above = [*above[: level - 1], _bare(marked[2])]
            title = title or above[-1]
        elif line.strip() and _UNDERLINE.match(following) and not paragraph and len(line) < 100:
            flush()
            above = [_bare(line)]
            title = title or above[-1]
        elif _UNDERLINE.match(line) or _RULE.match(line) or not line.strip():
            flush()
        elif _TABLE.match(line):
            if not _BETWEEN.match(line):
                table.append([_bare(cell) for cell in line.strip().strip("|").split("|")])
        elif _ITEM.match(line):
            flush()
            paragraph = [_bare(_ITEM.sub("", line))]
        else:
            paragraph.append(_bare(line.lstrip("> ")))
    flush()
    return blocks, title


def _bare(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
