"""Web pages: what a reader of the page would read, without its menus and feet; and the links on it. Site maps, too."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin
from xml.parsers import expat

from agents.authoring.sources.readers.base import CHARACTERS_MOST, LINKS_MOST, Page, Read, Unreadable
from agents.authoring.sources.readers.chunking import Block, passages, rows

DEEP_MOST = 400
_SKIPPED = frozenset(
    "script style noscript template svg nav footer aside form button iframe select textarea canvas object audio video"
    " dialog math head".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset(
    "p div section article main header li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr pre blockquote figure figcaption"
    " address details summary body hr br".split()
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read(content: bytes, name: str, address: str = "", charset: str = "") -> Read:
    """Raises Unreadable: `robots` where the page itself asks not to be kept."""
    page = _Reader(address)
    page.feed(_text(content, charset))
    page.close()
    page.end()
    if page.asks_not:
        raise Unreadable("robots")
    blocks = page.main or page.blocks
    return Read([Page(page.title or name, passages(blocks))], list(dict.fromkeys(page.links))[:LINKS_MOST])


def read_map(content: bytes, address: str = "") -> Read:
    """The addresses in a site map, and further site maps. Raises Unreadable."""
    found = Read([])
    parser = expat.ParserCreate()
    inside: list[str] = []

    def refuse(*_given: object) -> None:
        raise Unreadable("bomb")

    def started(tag: str, _attributes: dict[str, str]) -> None:
        inside.append(tag.rpartition(":")[2])
        if len(inside) > 20:
            raise Unreadable("bomb")

    def text(words: str) -> None:
        if inside[-1:] == ["loc"] and words.strip():
            kept = found.maps if inside[-2:-1] == ["sitemap"] else found.links
            if len(kept) < LINKS_MOST:
                kept += _joined(address, words.strip())

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.CharacterDataHandler = started, text
    parser.EndElementHandler = lambda tag: inside.pop()
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Unreadable("damaged") from None
    return found


def _text(content: bytes, charset: str) -> str:
    named = _CHARSET.search(content[:4096])
    wanted = charset or (named[1].decode("ascii") if named else "utf-8")
    try:
        return content.decode(wanted, errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.title = ""
        self.links: list[str] = []
        self.blocks: list[Block] = []
        self.main: list[Block] = []
        self.asks_not = self.no_links = False
        self._open: list[str] = []
        self._skip = 0  # how deep in something that nobody reads
        self._said: list[str] = []
        self._in_title = False
        self._titled = False  # by its own <title>
        self._above: list[str] = []
        self._term = ""
        self._tables: list[list[list[str]]] = []
        self._size = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title" and "svg" not in self._open:
            self._in_title = True
        elif tag == "base" and given.get("href"):
            self.address = next(iter(_joined(self.address, given["href"])), self.address)
        elif tag == "meta" and given.get("name", "").lower() == "robots":
            asked = given.get("content", "").lower()
            self.asks_not = self.asks_not or "noindex" in asked or "none" in asked
            self.no_links = self.no_links or "nofollow" in asked or "none" in asked
        elif tag == "a" and given.get("href") and "nofollow" not in given.get("rel", "") and not self.no_links:
            self._link(given["href"])
        if tag in _BLOCKS and not self._skip:
            self._flush()
        if tag in _VOID:
            if tag == "br":
                self._flush()
            return
        if len(self._open) >= DEEP_MOST:
            return
        self._open.append(tag)
        if self._skip or self._is_skipped(tag, given):
            self._skip += 1
        elif tag == "table":
            self._tables.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag not in self._open:
            return
        while self._open:
            last = self._open[-1]
            if not self._skip:
                self._ended(last)
            self._open.pop()
            self._skip = max(0, self._skip - 1)
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title, self._titled = f"{self.title} {data}".strip(), True
        elif not self._skip:
            self._size += len(data)
            if self._size > CHARACTERS_MOST:
                raise Unreadable("too_long")
            self._said.append(data)

    def end(self) -> None:
        self._flush()
        while self._tables:
            self._end_table()

    def _is_skipped(self, tag: str, given: dict[str, str]) -> bool:
        if tag in _SKIPPED or "hidden" in given or given.get("aria-hidden") == "true":
            return True
        if _HIDDEN.search(given.get("style", "")):
            return True
        if tag == "header" and not ({"main", "article"} & set(self._open)):
            return True
        return given.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary", "dialog")

    def _ended(self, tag: str) -> None:
        if tag in ("td", "th") and self._tables and self._tables[-1]:
            self._tables[-1][-1].append(self._words())
        elif tag == "table" and self._tables:
            self._flush()
            self._end_table()
        elif tag in ("h1", "h2", "h3", "h4"):
            words = self._words()
            if words:
                self._above = [*self._above[: int(tag[1]) - 1], words]
                if not self._titled and tag == "h1":
                    self.title = self.title or words
        elif tag == "dt":
            self._term = self._words()
        elif tag == "dd":
            words = self._words()
            self._keep(f"{self._term}: {words}" if self._term and words else words)
        elif tag in _BLOCKS:
            self._flush()

    def _end_table(self) -> None:
        table = [row for row in self._tables.pop() if any(cell.strip() for cell in row)]
        for sentence in rows(table):
            self._keep(sentence)

    def _flush(self) -> None:
        if self._tables and {"td", "th"} & set(self._open):
            self._said.append(" ")  # a cell is one thing
            return
        self._keep(self._words())

    def _keep(self, words: str) -> None:
        if not words:
            return
        block = (" › ".join(self._above[-2:]), words)
        self.blocks.append(block)
        if {"main", "article"} & set(self._open):
            self.main.append(block)

    def _words(self) -> str:
        words = " ".join("".join(self._said).split())
        self._said = []
        return words

    def _link(self, href: str) -> None:
        if len(self.links) < LINKS_MOST * 2 and len(href) < 2000:
            self.links += (urldefrag(link)[0] for link in _joined(self.address, href.strip()))


def _joined(base: str, href: str) -> list[str]:
    """Where it leads, seen from there; nothing where it is no address ("http://[")."""
    try:
        return [urljoin(base, href)]
    except ValueError:
        return []
