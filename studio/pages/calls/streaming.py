"""Files that are made while they are sent, a piece at a time: nobody holds a whole export in memory."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation

PIECE_BYTES = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Pieces = Generator[bytes, None, None]


def download(request: HttpRequest, pieces: Pieces, name: str, content_type: str) -> StreamingHttpResponse:
    """A file for the reader's computer, in their language and time zone from its first piece to its last."""
    told = _told(pieces, translation.get_language(), timezone.get_current_timezone())
    body = _apart(told) if isinstance(request, ASGIRequest) else told
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _told(pieces: Pieces, language: str | None, zone: Any) -> Pieces:
    """A page's language and zone are over when its view has returned, and the pieces are made after that."""
    try:
        while True:
            with translation.override(language), timezone.override(zone):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    finally:
        pieces.close()


async def _apart(pieces: Pieces) -> AsyncIterator[bytes]:
    """Each piece is made in the request's own thread: it asks the database, and the event loop waits for nobody."""
    take, close = sync_to_async(next), sync_to_async(pieces.close)
    try:
        while (piece := await take(pieces, None)) is not None:
            yield piece
    finally:
        await close()


def batches(rows: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def harmless(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_pieces(head: list[str], rows: Iterable[list[Any]]) -> Pieces:
    """A table for a spreadsheet, with the mark that tells it the encoding."""
    yield b"\xef\xbb\xbf"
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(head)
    for row in rows:
        sheet.writerow([harmless(cell) for cell in row])
        if text.tell() > PIECE_BYTES:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def json_pieces(head: dict[str, Any], name: str, rows: Iterable[Any]) -> Pieces:
    """One object: what `head` has, and under `name` a list that is written as it is read."""
    start = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{start}{", " if head else ""}"{name}": ['.encode()
    between = "\n"
    for row in rows:
        yield (between + json.dumps(row, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]}\n"


class _Outgoing(io.RawIOBase):
    """What a zip writes into, and the response takes out."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def zip_pieces(files: Iterable[tuple[str, Callable[[], Iterator[bytes]]]]) -> Pieces:
    """An archive of files, each as its name and what gives its content; sound does not get smaller, so nothing is
    packed."""
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in content():
                    file.write(piece)
                    yield out.take()
    yield out.take()
