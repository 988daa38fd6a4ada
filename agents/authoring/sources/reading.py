"""Reading a source, slice by slice: first its pages, then their vectors; then the new reading answers in place of the
old one, all of it at once. Whatever goes wrong, the old one stays, and nothing is left of the new.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from agents.authoring.sources import changes, site
from agents.authoring.sources.process import Opened, Reading
from agents.authoring.sources.readers.base import PASSAGES_MOST, Unreadable
from agents.authoring.sources.reasons import PASSING, SourceProblem
from agents.brains.sources import passages
from agents.locks import mark
from agents.models import Source, SourcePage
from agents.speech import inference
from agents.speech.providers.base import Meaning, ProviderError, parts_of, plain_of

log = structlog.get_logger(__name__)

SLICE_S = 8.0
LEFT_OUT_KEPT = 50
EVERY = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
KINDS = {"txt": "text", "md": "text", "markdown": "text", "csv": "csv", "docx": "docx", "pdf": "pdf"}
MeaningOf = Callable[[str], Meaning]


def begin(source: Source, *, only_vectors: bool = False) -> int:
    """Plan a new reading, in place of one that goes on; its number. `only_vectors`: of the pages that there are."""
    follow = source.kind == Source.Kind.SITE
    work: dict[str, Any] = {"stage": "copy" if only_vectors else "read"}
    if source.address and not only_vectors:
        work["walk"] = asdict(site.begun(source.address, source.pages_most if follow else 1, follow))
    number = max(source.round, source.reading) + 1
    source.reading, source.work, source.state, source.reason = number, work, Source.State.READING, ""
    source.save(update_fields=["reading", "work", "state", "reason"])
    source.all_pages.exclude(round=source.round).delete()
    return number


def go_on(
    pk: int,
    number: int,
    meaning_of: MeaningOf,
    *,
    slice_s: float = SLICE_S,
    opened: Opened = Reading,
    **of_walker: Any,
) -> bool:
    """Work at a reading for so long. True: there is more to do. `of_walker`: what site.Walker takes besides."""
    source = Source.objects.filter(pk=pk, reading=number).first()
    if source is None:
        return False
    over_s = time.monotonic() + slice_s
    try:
        if source.work["stage"] == "copy":
            _copy(source, number)
        elif source.work["stage"] == "read":
            with opened() as reading:
                if not _read(source, number, reading, over_s, of_walker):
                    return _still(source, number)
        if not _index(source, number, plain_of(meaning_of(source.language)), over_s):
            return _still(source, number)
        _finish(source, number)
    except SourceProblem as problem:
        fail(pk, number, problem.reason)
    except ProviderError:
        fail(pk, number, "no_encoder")
    return False


def fail(pk: int, number: int, reason: str) -> None:
    """It ends without a result. What was read before goes on answering."""
    with transaction.atomic():
        source = Source.objects.select_for_update().filter(pk=pk, reading=number).first()
        if source is None:
            return
        source.all_pages.filter(round=number).delete()
        _forget_upload(source)
        source.state, source.reason, source.reading, source.work = Source.State.FAILED, reason, 0, {}
        source.due_at = next_time(source)
        source.save(update_fields=["state", "reason", "reading", "work", "due_at", "upload"])
    log.info("a source could not be read", source=pk, reason=reason)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(source: Source, number: int, reading: Reading, over_s: float, of_walker: dict[str, Any]) -> bool:
    """Read pages until the time is over; whether all are read."""
    if not source.address:
        _keep(source, number, 0, "", _read_file(source, reading))
        _forget_upload(source)
        source.work = {"stage": "index"}
        _save_work(source, number)
        return True
    walk = site.Walk.from_json(source.work["walk"])
    walker = site.Walker(walk, reading, **of_walker)
    place = source.all_pages.filter(round=number).count()
    while not walk.is_over:
        before = len(walk.left_out)
        found = walker.step()
        if found:
            place += _keep(source, number, place, *found)
        elif walk.left_out[before:] and walk.left_out[-1][1] in PASSING:
            place += _carry(source, number, place, walk.left_out[-1][0])
        source.work = {"stage": "read", "walk": asdict(walk)}
        if time.monotonic() > over_s:
            break
    if not walk.is_over:
        _save_work(source, number)
        return False
    if not place:
        reason = walk.left_out[0][1] if walk.left_out else "no_pages"
        raise SourceProblem(reason)
    source.work = {"stage": "index", "left_out": walk.left_out[:LEFT_OUT_KEPT]}
    _save_work(source, number)
    return True


def _read_file(source: Source, reading: Reading) -> dict[str, Any]:
    try:
        if source.kind == Source.Kind.TEXT:
            return reading.read("text", source.text.encode(), name=source.name)
        kind = KINDS.get(source.file_name.rpartition(".")[2].lower())
        if kind is None:
            raise SourceProblem("wrong_type")
        try:
            with storages["sources"].open(source.upload) as file:
                content = file.read()
        except OSError:
            raise SourceProblem("lost") from None
        return reading.read(kind, content, name=source.name)
    except Unreadable as problem:
        raise SourceProblem(problem.reason) from None


def _keep(source: Source, number: int, place: int, address: str, read: dict[str, Any]) -> int:
    """Keep the pages of one file or address; how many they are. One that is as it was before keeps its vectors."""
    keys = [f"{address}#{page['number']}" if page["number"] else address for page in read["pages"]]
    old = {row.key: row for row in source.all_pages.filter(round=source.round, key__in=keys[:900])} if address else {}
    rows = []
    for at, (key, page) in enumerate(zip(keys, read["pages"], strict=True)):
        marked = mark([page["title"], page["passages"]])
        known = old.get(key)
        rows.append(
            SourcePage(
                source=source,
                round=number,
                place=place + at,
                key=key,
                title=page["title"][:200] or source.name,
                address=address,
                number=page["number"],
                mark=marked,
                passages=page["passages"],
                characters=sum(len(text) for _heading, text, _row in page["passages"]),
                vectors=known.vectors if known and known.mark == marked else None,
            )
        )
    SourcePage.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)
    if read.get("note"):
        source.work = {**source.work, "note": [read["note"], read["count"]]}
    return len(rows)


def _carry(source: Source, number: int, place: int, address: str) -> int:
    """A page that cannot be had just now stays as it was."""
    row = source.all_pages.filter(round=source.round, key=address).first()
    if row is None:
        return 0
    row.pk, row._state.adding, row.round, row.place = None, True, number, place
    row.save()
    return 1


def _copy(source: Source, number: int) -> None:
    rows = list(source.all_pages.filter(round=source.round))
    for row in rows:
        row.pk, row._state.adding, row.round, row.vectors = None, True, number, None
    SourcePage.objects.bulk_create(rows, batch_size=100)
    source.work = {"stage": "index", "left_out": source.left_out}
    _save_work(source, number)


# ── Vectors ──────────────────────────────────────────────────────────────────────────────────────────────────


def _index(source: Source, number: int, meaning: Meaning, over_s: float) -> bool:
    """Make vectors until the time is over; whether all are made."""
    _check_room(source, number)
    if source.work.get("encoder") is None:
        width = len(_vectors(meaning, ["."])[0])
        encoder = passages.name_of(parts_of(meaning), width)
        source.work = {**source.work, "encoder": encoder}
        if encoder != source.encoder:  # those that were kept are another encoder's
            source.all_pages.filter(round=number).update(vectors=None)
        _save_work(source, number)
    while True:
        waiting = list(source.all_pages.filter(round=number, vectors=None).order_by("place")[:8])
        if not waiting:
            return True
        for row in waiting:
            texts = [passages.told(row.title, heading, text) for heading, text, _row in row.passages]
            row.vectors = passages.packed(_vectors(meaning, texts), texts)
            row.save(update_fields=["vectors"])
            if time.monotonic() > over_s:
                return False


def _vectors(meaning: Meaning, texts: list[str]) -> passages.Vectors:
    async def made() -> passages.Vectors:
        inference.stand_behind()
        return await meaning.vectors(texts, who="sources")

    return asyncio.run(made())


def _check_room(source: Source, number: int) -> None:
    others = Source.objects.filter(project=source.project_id).exclude(pk=source.pk)
    taken = others.aggregate(all=Sum("passages"))["all"] or 0
    own = sum(len(row) for row in source.all_pages.filter(round=number).values_list("passages", flat=True).iterator())
    if taken + own > PASSAGES_MOST:
        raise SourceProblem("too_many")


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────


def _finish(read: Source, number: int) -> None:
    with transaction.atomic():
        source = Source.objects.select_for_update().filter(pk=read.pk, reading=number).first()
        if source is None:
            return
        new = list(source.all_pages.filter(round=number).defer("vectors"))
        now = timezone.now()
        if source.round:
            old = list(source.all_pages.filter(round=source.round).defer("vectors"))
            found = changes.between(old, new)
            if found:
                source.changes, source.changed_at = found, now
        source.all_pages.exclude(round=number).delete()
        source.pages = len(new)
        source.passages = sum(len(row.passages) for row in new)
        source.characters = sum(row.characters for row in new)
        source.encoder, source.left_out = read.work["encoder"], read.work.get("left_out", [])
        if note := read.work.get("note"):
            source.left_out = [note]
        source.round, source.reading, source.work = number, 0, {}
        source.state, source.reason, source.read_at = Source.State.READY, "", now
        source.due_at = next_time(source)
        source.save()


def next_time(source: Source) -> Any:
    """When a source is read again; None: never by itself."""
    pause = EVERY.get(source.every)
    return timezone.now() + pause if pause and source.address else None


def _forget_upload(source: Source) -> None:
    if source.upload:
        storages["sources"].delete(source.upload)
        source.upload = ""
        Source.objects.filter(pk=source.pk).update(upload="")


def _save_work(source: Source, number: int) -> None:
    Source.objects.filter(pk=source.pk, reading=number).update(work=source.work)


def _still(source: Source, number: int) -> bool:
    """Whether anybody still wants it read; if not, nothing stays of it."""
    if Source.objects.filter(pk=source.pk, reading=number).exists():
        return True
    SourcePage.objects.filter(source=source.pk, round=number).delete()
    return False
