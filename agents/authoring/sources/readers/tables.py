"""CSV: every row a passage, "column: value, column: value."."""

import csv
import io

from agents.authoring.sources.readers.base import PASSAGES_MOST, Page, Passage, Read, Unreadable, decoded
from agents.authoring.sources.readers.chunking import HEADING_MOST, LONGEST, row_sentence

ROWS_A_PAGE = 50
COLUMNS_MOST = 200
CELL_MOST = 100_000
_DELIMITERS = ",;\t|"


def read(content: bytes, name: str) -> Read:
    text = decoded(content)
    csv.field_size_limit(CELL_MOST)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        head = [" ".join(cell.split())[:HEADING_MOST] for cell in next(table, [])][:COLUMNS_MOST]
        pages: list[Page] = []
        count = 0
        for line, row in enumerate(table, 2):
            sentence = row_sentence(head, row[:COLUMNS_MOST])
            if not sentence:
                continue
            count += 1
            if count > PASSAGES_MOST:
                raise Unreadable("too_long")
            if not pages or len(pages[-1].passages) >= ROWS_A_PAGE:
                pages.append(Page(name, [], line))
            pages[-1].passages.append(_passage(row, sentence, line))
    except csv.Error:
        raise Unreadable("damaged") from None
    return Read(pages)


def _passage(row: list[str], sentence: str, line: int) -> Passage:
    first = next((" ".join(cell.split()) for cell in row if cell.strip()), "")
    return first[:HEADING_MOST], sentence[: LONGEST * 2], line


def _delimiter(text: str) -> str:
    """The one that the first lines have most of."""
    lines = text.splitlines()[:5]
    return max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))
