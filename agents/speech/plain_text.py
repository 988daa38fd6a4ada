"""What people paste, as the plain words that a voice can say and a caption can show.

Authors bring their texts from websites, documents and spreadsheets: with tags, Markdown, entities, lists and tables.
`plain` takes the markup away and keeps what it meant: a heading or a cell is a pause, a link is its words. A text
without markup is not touched, because a greeting is said exactly as it was written. Figures are not its business:
how they are said depends on the voice (spoken_text.py).
"""

import re
from html import unescape
from html.parser import HTMLParser

_SIGNS = re.compile(
    r"<[a-zA-Z/!]|&#?\w+;|\]\(|\]\[|^\s*\[[^\]]+\]:\s|[*_~`|\t\u00ad\u200b-\u200d\ufeff\xa0]|^\s{0,3}(?:[-+•#>]|={3}|1[.)]\s.*\n\s*2[.)]\s)",
    re.M,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NO_SOUND = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile("[\xa0\u2007\u2009\u202f]")
_ENDS = ".,;:?!…"

_BLOCKS = frozenset(
    "address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol option p pre section summary table tbody tfoot thead tr ul".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button center cite code data del dfn em font i img input ins kbd label mark o:p q s"
    " samp small span strike strong sub sup time tt u var wbr td th colgroup col html body head meta link".split()
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "head", "title"})
_ROWS = frozenset({"thead", "tbody", "tfoot", "tr"})
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "summary"})
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]*)(?=[\s/>])[^<>]*>|<!--.*?-->|<!doctype[^>]*>", re.I | re.S)

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^\"']*[\"'])?\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\(\s*<?[^()\s]*(?:\([^()]*\)[^()\s]*)*>?(?:\s+[\"'][^\"']*[\"'])?\s*\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]]+\]:\s+\S+.*$", re.M)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[\w.+-]+@[\w.-]+)>", re.I)
_STRONG = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])|(?<![\w_$])(_{1,3})(?=\S)(.+?)(?<=\S)\3(?![\w_])"
)
_CODE = re.compile(r"(`+)\s*(.+?)\s*\1")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~).*$")
_RULE = re.compile(r"^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-+*•‣◦▪·–]|\[[ xX]\])\s+(?:\[[ xX]\]\s+)?(.+)$")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+\S")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_ROW = re.compile(r"^\s*\|.*\|\s*$|^[^|\n]*\S\s+\|\s+\S.*$")
_DIVIDER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_SHORT_ITEM = 6  # words; such items are one sentence, longer ones are sentences of their own


def plain(text: str) -> str:
    """The words of a text without its markup; the text itself where it has none. `${NAME}` stays as it is."""
    if not _SIGNS.search(text):
        return text
    text = _entities(_without_tags(text))
    text = _SPACES.sub(" ", _NO_SOUND.sub("", text))
    return _lines(_links(text).splitlines())


def has_tags(text: str) -> bool:
    """Whether it was written as HTML."""
    return any(_is_tag(match) for match in _TAG.finditer(text))


def _without_tags(text: str) -> str:
    text = _AUTOLINK.sub(lambda match: match[1].removeprefix("mailto:"), text)
    if not has_tags(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.pieces)


def _is_tag(match: re.Match[str]) -> bool:
    """`<b>` is one; `<name>`, which somebody meant to fill in, is not."""
    return match[1] is None or match[1].lower() in _BLOCKS | _INLINE | _HIDDEN


class _Reader(HTMLParser):
    """Tags become what they mean in the lines below: a break, a heading, an item, a row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._hidden = 0
        self._heads = 0  # cells of the present row that are headings

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "img":
            self._add(dict(attrs).get("alt") or "")
        elif tag in ("td", "th"):
            self._heads += tag == "th"
            self._add(" | ")
        elif tag in _ROWS:
            self._heads = 0
        elif tag in _BLOCKS:
            self._add("\n")
            self._add("# " if tag in _TITLES else "- " if tag in ("li", "dd") else "")
        elif tag not in _INLINE:
            self._add(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "tr":
            self._add(" |\n" + ("| --- |\n" if self._heads > 1 else ""))
        elif tag in _ROWS:
            pass
        elif tag in _BLOCKS:
            self._add("\n" if tag in ("br", "li", "ul", "ol") or tag in _TITLES else "\n\n")
        elif tag not in _INLINE:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(re.sub(r"[ \t]*\n[ \t]*(?=\S)", "\n", data) if data.strip() else " " if data else "")

    def handle_entityref(self, name: str) -> None:
        self._add(
            f"&{name};" if _ENTITY.fullmatch(f"&{name};") and unescape(f"&{name};") != f"&{name};" else f"&{name}"
        )

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, piece: str) -> None:
        if not self._hidden:
            self.pieces.append(piece)


def _entities(text: str) -> str:
    """`&amp;nbsp;` was escaped twice on its way here, so once is not enough."""
    for _ in range(3):
        before, text = text, _ENTITY.sub(lambda match: unescape(match[0]), text)
        if text == before:
            break
    return text


def _links(text: str) -> str:
    text = _DEFINITION.sub("", text)
    text = _IMAGE.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", text))
    text = _CODE.sub(r"\2", _STRUCK.sub(r"\1", text))
    for _ in range(2):  # strong words in emphasised ones
        text = _STRONG.sub(lambda match: match[2] or match[4], text)
    return text


def _lines(lines: list[str]) -> str:
    """Lines as running words: a heading, an item and a row end in a pause where the author left it to the eye."""
    said: list[str] = []
    place = 0
    while place < len(lines):
        line = _QUOTE.sub("", lines[place])
        if _is_row(line):
            rows = place
            while rows < len(lines) and _is_row(lines[rows]):
                rows += 1
            said.extend(_table(lines[place:rows]))
            place = rows
            continue
        place += 1
        if not line.strip() or _RULE.match(line) or _FENCE.match(line):
            continue
        following = next((other for other in lines[place:] if other.strip()), "")
        if heading := _HEADING.match(line):
            said.append(_ended(heading[1], ":" if _ITEM.match(following) else "."))
        elif item := _ITEM.match(line):
            short = len(item[1].split()) <= _SHORT_ITEM and _ITEM.match(following)
            said.append(_ended(item[1], "," if short else "."))
        elif _NUMBERED.match(line):
            said.append(_ended(line, "."))
        else:
            gap = place == len(lines) or not lines[place].strip() or bool(_HEADING.match(lines[place]))
            listed = bool(_ITEM.match(following)) and not _ITEM.match(line)
            said.append(_ended(line, ":") if listed else _ended(line, ".") if gap and following else line)
    return " ".join(word for line in said for word in line.split())


def _is_row(line: str) -> bool:
    return bool(_ROW.match(line) or (_DIVIDER.match(line) and "|" in line) or "\t" in line.strip())


def _cells(line: str) -> list[str]:
    parts = line.strip().split("\t") if "\t" in line.strip() else line.strip().strip("|").split("|")
    return [" ".join(part.split()) for part in parts]


def _table(lines: list[str]) -> list[str]:
    """Two columns are "Monday: nine to five."; of more, each cell is said with its heading."""
    headed = len(lines) > 1 and bool(_DIVIDER.match(lines[1]))
    heads = _cells(lines[0]) if headed else []
    rows = [_cells(line) for line in (lines[2:] if headed else lines) if not _DIVIDER.match(line)]
    said = []
    for row in rows:
        cells = row
        if len(heads) > 2:
            cells = [
                f"{head} {cell}" if head and place and cell else cell for place, (head, cell) in _paired(heads, row)
            ]
        first, rest = cells[0], [cell for cell in cells[1:] if cell]
        if first and rest and headed:
            said.append(_ended(f"{first.rstrip(_ENDS)}: {', '.join(rest)}", "."))
        elif any(cells):
            said.append(_ended(", ".join(cell for cell in cells if cell), "."))
    return said


def _paired(heads: list[str], row: list[str]) -> list[tuple[int, tuple[str, str]]]:
    heads = heads + [""] * (len(row) - len(heads))
    return list(enumerate(zip(heads, row, strict=False)))


def _ended(line: str, mark: str) -> str:
    line = line.strip()
    return line if not line or line[-1] in _ENDS or line.rstrip("\"'”’)»")[-1:] in _ENDS else line + mark
