"""Tables as people's spreadsheets write and read them: any usual encoding and separator, and nothing that runs.

A cell that begins with = + - or @ is a formula to a spreadsheet. Such cells are written with an apostrophe before them,
which spreadsheets show as text; it is taken away again when the file comes back.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

BYTES_MOST = 10 * 1024 * 1024
ROWS_MOST = 5000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS = (",", ";", "\t")
_LONGEST_CELL = 200_000


class BadTable(ValueError):
    """The file is not taken; `problems` says why, a line for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that spreadsheets open by a double click, umlauts included."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def read(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The header in small letters and the rows below it, each as long as the header. Raises BadTable."""
    if len(content) > BYTES_MOST:
        raise BadTable([_("The file is larger than 10 MB.")])
    text, separator = _told_separator(_text(content))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text), strict=True)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        table = [row for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        problem = _("Line %(line)d cannot be read as a table. Is a quotation mark missing? (%(error)s)")
        raise BadTable([problem % {"line": lines.line_num, "error": error}]) from error
    if not table:
        raise BadTable([_("The file is empty.")])
    header = [cell.strip().lower() for cell in table[0]]
    if len(table) - 1 > ROWS_MOST:
        raise BadTable([_("The file has more than %d rows.") % ROWS_MOST])
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise BadTable([_("The column “%s” is there twice.") % name for name in twice])
    wide = next((number for number, row in enumerate(table[1:], start=2) if len(row) > len(header)), None)
    if wide:
        raise BadTable([_("Row %d has more cells than the first row has names.") % wide])
    return header, [[bare(cell) for cell in row] + [""] * (len(header) - len(row)) for row in table[1:]]


def guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) or (cell.startswith("'") and bare(cell) != cell) else cell


def bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def columns(header: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> list[str]:
    """What is wrong with the names of the columns, in words."""
    problems = []
    missing = [name for name in needed if name not in header]
    if missing:
        words = _("The column %(missing)s is missing. The first row has to name the columns: %(known)s.")
        problems.append(words % {"missing": _named(missing), "known": ", ".join(known)})
    unknown = [name for name in header if name and name not in known]
    if unknown:
        words = _("Nobody reads the column %(unknown)s. Columns are: %(known)s.")
        problems.append(words % {"unknown": _named(unknown), "known": ", ".join(known)})
    return problems


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"“{name[:40]}”" for name in names[:5])


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadTable([_("This is not a CSV file. In your spreadsheet choose “Save as” and “CSV UTF-8”.")])


def _told_separator(text: str) -> tuple[str, str]:
    """Spreadsheets may say their separator in a line of its own, `sep=;`: the text without it, and what it said."""
    told = re.match(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n|$)', text, re.IGNORECASE)
    return (text[told.end() :], told[1]) if told else (text, "")


def _separator(text: str) -> str:
    """The one that the first line uses most, outside of quotation marks."""
    first = "".join(text.split("\n", 1)[0].split('"')[::2])
    return max(_SEPARATORS, key=first.count)
