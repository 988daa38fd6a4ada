"""What every reader gives: pages of passages, within limits; and the one way to say that there is nothing to give."""

from collections.abc import Iterable
from dataclasses import dataclass, field

CHARACTERS_MOST = 4_000_000  # of one file, as text
PASSAGES_MOST = 20_000
TITLE_MOST = 200
LINKS_MOST = 2_000
LETTERS_LEAST = 20  # a file with fewer letters has no text to speak of

Passage = tuple[str, str, int]  # heading, text, and the row or page where it stands (0: as its page)


class Unreadable(Exception):
    """Why there is nothing to give: one of the codes of agents/authoring/sources/reasons.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Page:
    title: str
    passages: list[Passage]
    number: int = 0


@dataclass(slots=True)
class Read:
    """What was read. `links`: of a web page or a site map; `note`: a code of what was left out."""

    pages: list[Page]
    links: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)  # further site maps
    note: str = ""
    count: int = 0  # that the note is about


def checked(read: Read) -> Read:
    """The same, if it is text and not too much of it. Raises Unreadable."""
    letters = passages = characters = 0
    for page in read.pages:
        page.title = " ".join(page.title.split())[:TITLE_MOST]
        passages += len(page.passages)
        for heading, text, _number in page.passages:
            characters += len(heading) + len(text)
            letters = letters or LETTERS_LEAST * _has_letters(text)
    if characters > CHARACTERS_MOST or passages > PASSAGES_MOST:
        raise Unreadable("too_long")
    if not letters:
        raise Unreadable("empty")
    read.pages = [page for page in read.pages if page.passages]
    return read


def bounded(pieces: Iterable[str]) -> list[str]:
    """Pieces of text, as long as they are not too many. Raises Unreadable."""
    kept, size = [], 0
    for piece in pieces:
        size += len(piece) + 1
        if size > CHARACTERS_MOST:
            raise Unreadable("too_long")
        kept.append(piece)
    return kept


def decoded(content: bytes) -> str:
    """Bytes as text, whatever wrote them; what is no text at all is refused. Raises Unreadable."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    strange = sum(1 for sign in text[:20_000] if (ord(sign) < 32 and sign not in "\t\n\r\f") or sign == "\ufffd")
    if "\0" in text or strange > len(text[:20_000]) * 0.02:
        raise Unreadable("wrong_type")
    return text


def _has_letters(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
