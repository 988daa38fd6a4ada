"""Libraries from the database: made once a process for a set of sources, and anew when one of them was read again."""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError, close_old_connections

from agents.brains.sources.passages import Kept, Leaf, Library
from agents.models import Source, SourcePage

log = structlog.get_logger(__name__)

LIBRARIES_MOST = 8  # the one unused for longest goes first
LOOK_EVERY_S = 5.0  # whether something was read anew
_Marks = tuple[tuple[int, int], ...]


class DatabaseShelf:
    """One a process. It has a thread of its own: nothing of it runs on the loop, or before somebody's notes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sources")
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[int, ...], tuple[_Marks, float, Library | None]] = OrderedDict()

    async def library(self, sources: Sequence[int]) -> Library | None:
        wanted = tuple(sorted(sources))
        with self._lock:
            known = self._made.get(wanted)
        if known and self._clock() - known[1] < LOOK_EVERY_S:
            return known[2]
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look, wanted)

    def _look(self, wanted: tuple[int, ...]) -> Library | None:
        with self._lock:
            known = self._made.get(wanted)
        if known and self._clock() - known[1] < LOOK_EVERY_S:
            return known[2]  # somebody else has just looked
        close_old_connections()
        try:
            found = marks(wanted)
            library = known[2] if known and known[0] == found else read(wanted)
        except DatabaseError as error:
            log.warning("sources could not be looked up", error=type(error).__name__)
            return known[2] if known else None
        finally:
            close_old_connections()
        with self._lock:
            self._made[wanted] = (found, self._clock(), library)
            self._made.move_to_end(wanted)
            while len(self._made) > LIBRARIES_MOST:
                self._made.popitem(last=False)
        return library


def marks(sources: Sequence[int]) -> _Marks:
    """Which reading of each source answers by now."""
    return tuple(Source.objects.filter(pk__in=sources).order_by("pk").values_list("pk", "round"))


def read(sources: Sequence[int]) -> Library | None:
    """What these sources hold. Where they have vectors of several encoders, those of the most passages count."""
    rows = Source.objects.filter(pk__in=sources, round__gt=0).order_by("-passages", "pk")
    found = {row.pk: row for row in rows}
    if not found:
        return None
    encoder = next(iter(found.values())).encoder
    alike = [row for row in found.values() if row.encoder == encoder]

    return Library((page for row in alike for page in _kept(row, row.round)), encoder)


def read_so_far(source: Source) -> Library | None:
    """What was read of a source, also of one that is being read for the first time."""
    encoder = source.encoder or source.work.get("encoder")
    return Library(_kept(source, source.round or source.reading), encoder) if encoder else None


def _kept(source: Source, number: int) -> Iterator[Kept]:
    rows = SourcePage.objects.filter(source=source, round=number).exclude(vectors=None)
    fields = rows.values_list("title", "address", "number", "passages", "vectors")
    kind = source.file_name.rpartition(".")[2].lower()
    for title, address, page, passages, vectors in fields.iterator(chunk_size=50):
        yield Kept(Leaf(source.name, title, address, page, kind, source.language), passages, bytes(vectors))
