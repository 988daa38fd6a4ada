"""DOCX: paragraphs under their headings, and tables row by row. The archive is read piece by piece."""

import io
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from agents.authoring.sources.readers.base import CHARACTERS_MOST, Page, Read, Unreadable
from agents.authoring.sources.readers.chunking import Block, passages, rows

UNPACKED_MOST = 64 * 1024 * 1024  # of a part of the archive
FILES_MOST = 5_000  # in the archive
DEEP_MOST = 200
_PIECE = 64 * 1024
_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # Office wraps what has a password into its old format


def read(content: bytes, name: str) -> Read:
    if content.startswith(_ENCRYPTED):
        raise Unreadable("encrypted" if b"E\0n\0c\0r\0y\0p\0t\0" in content else "wrong_type")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > FILES_MOST:
                raise Unreadable("bomb")
            if _DOCUMENT not in names:
                raise Unreadable("wrong_type")
            styles = _Styles()
            if _STYLES in names:
                _parse(archive, _STYLES, styles)
            document = _Document(styles.levels)
            _parse(archive, _DOCUMENT, document)
    except zipfile.BadZipFile:
        raise Unreadable("damaged" if content.startswith(b"PK") else "wrong_type") from None
    except (NotImplementedError, RuntimeError):  # packed in a way nobody uses, or with a password
        raise Unreadable("encrypted") from None
    except (expat.ExpatError, OSError, ValueError, EOFError, LookupError):
        raise Unreadable("damaged") from None
    return Read([Page(document.title or name, passages(document.blocks))])


class _Elements:
    """What a part of the archive is fed to, element by element."""

    deep = 0

    def started(self, tag: str, attributes: dict[str, str]) -> None: ...
    def ended(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


def _parse(archive: zipfile.ZipFile, part: str, into: _Elements) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_given: object) -> None:  # Word writes none; it is how a few bytes become gigabytes
        raise Unreadable("bomb")

    def started(tag: str, attributes: dict[str, str]) -> None:
        into.deep += 1
        if into.deep > DEEP_MOST:
            raise Unreadable("bomb")
        into.started(tag.rpartition(":")[2], {name.rpartition(":")[2]: value for name, value in attributes.items()})

    def ended(tag: str) -> None:
        into.deep -= 1
        into.ended(tag.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = into.text
    for piece in _unpacked(archive, part):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _unpacked(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """What an archive says of its sizes may be a lie: what comes out is counted."""
    size = 0
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > UNPACKED_MOST:
                raise Unreadable("bomb")
            yield piece


class _Styles(_Elements):
    """Which styles are headings, in whatever language Word spoke."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self._style = ""

    def started(self, tag: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        if tag == "style":
            self._style = attributes.get("styleId", "")
        elif tag == "outlineLvl" and self._style and value.isdigit() and int(value) < 6:
            self.levels[self._style] = int(value) + 1
        elif tag == "name" and self._style and value.lower() == "title":
            self.levels[self._style] = 1
        elif tag == "name" and self._style and value.lower().startswith("heading ") and value[8:].isdigit():
            self.levels.setdefault(self._style, int(value[8:]))

    def ended(self, tag: str) -> None:
        if tag == "style":
            self._style = ""


class _Document(_Elements):
    def __init__(self, levels: dict[str, int]) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._levels, self._above = levels, []  # type: ignore[var-annotated]
        self._said: list[str] = []
        self._level = self._size = self._tables = 0
        self._in_text = False
        self._cell: list[str] = []
        self._row: list[str] = []
        self._table: list[list[str]] = []

    def started(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p":
            self._said, self._level = [], 0
        elif tag == "t":
            self._in_text = True
        elif tag in ("tab", "br", "cr") and self._said:
            self._said.append(" ")
        elif tag == "pStyle":
            self._level = self._levels.get(attributes.get("val", ""), 0)
        elif tag == "tbl":
            self._tables += 1
            if self._tables == 1:
                self._table = []
        elif tag == "tr" and self._tables == 1:
            self._row = []
        elif tag == "tc" and self._tables == 1:
            self._cell = []

    def ended(self, tag: str) -> None:
        if tag == "t":
            self._in_text = False
        elif tag == "p":
            self._end_paragraph(" ".join("".join(self._said).split()))
        elif tag == "tc" and self._tables == 1:
            self._row.append(" ".join(self._cell))
        elif tag == "tr" and self._tables == 1:
            self._table.append(self._row)
        elif tag == "tbl":
            self._tables -= 1
            if not self._tables:
                self.blocks += [(self._heading(), sentence) for sentence in rows(self._table)]

    def text(self, text: str) -> None:
        if self._in_text:
            self._size += len(text)
            if self._size > CHARACTERS_MOST:
                raise Unreadable("too_long")
            self._said.append(text)

    def _end_paragraph(self, text: str) -> None:
        self._said = []
        if not text:
            return
        if self._tables:
            self._cell.append(text)
        elif self._level:
            self._above = [*self._above[: self._level - 1], text]
            self.title = self.title or text
        else:
            self.blocks.append((self._heading(), text))

    def _heading(self) -> str:
        return " › ".join(self._above[-2:])
