"""After the call: what the worker does. A handler may be called twice with one payload, and does its work once."""

import os
import time
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone

from calling.models import Outbox, Recording
from calling.record import notices, outbox, questions, recording, retention
from calling.record.store import aside, chats
from widgets.models import SpentTicket

log = structlog.get_logger(__name__)

OUTBOX_KEPT = timedelta(days=7)
PURGE_EVERY = timedelta(days=1)
EXPIRE_EVERY = timedelta(hours=1)
SWEEP_S_MOST = 15.0  # after which a sweep that finds more and more ends between two rows


@shared_task(name=outbox.SWEEP)
def sweep() -> None:
    """Do what is due in the outbox; what is left after a while is the next sweep's: each gives a sign of life."""
    over_s = time.monotonic() + SWEEP_S_MOST
    while outbox.sweep(HANDLERS, GIVEN_UP, LEASES):
        if time.monotonic() > over_s:
            outbox.wake()
            return


def encode_recording(payload: dict[str, Any]) -> None:
    """Turn a call's spool into the file that is played, then delete the spool."""
    conversation = uuid.UUID(payload["conversation"])
    row = Recording.objects.select_related("conversation").filter(conversation_id=conversation).first()
    if row is None:  # deleted meanwhile
        recording.delete_spool(conversation)
        return
    if row.status == Recording.Status.READY:  # an earlier attempt died between the last two steps
        recording.delete_spool(conversation)
        return
    spool = recording.spool_folder(conversation)
    encoded_file = spool / "encoded.ogg"
    try:
        encoded = recording.encode(spool, encoded_file)
    except recording.NothingRecorded:
        row.delete()
        recording.delete_spool(conversation)
        return
    size_bytes = encoded_file.stat().st_size
    name = keep_file(encoded_file, f"{row.conversation.project_id}/{conversation}.ogg")
    kept = Recording.objects.filter(pk=row.pk).update(
        status=Recording.Status.READY,
        file=name,
        size_bytes=size_bytes,
        duration_s=encoded.duration_s,
        peaks=encoded.peaks,
    )
    if not kept:  # deleted while it was encoded
        storages["recordings"].delete(name)
    recording.delete_spool(conversation)


def keep_file(path: os.PathLike[str], name: str) -> str:
    """Move a finished file into the recordings storage: it is there whole or not at all."""
    storage = storages["recordings"]
    if storage.exists(name):
        storage.delete(name)
    with open(path, "rb") as file:
        moved = File(file, name)
        moved.temporary_file_path = lambda: os.fspath(path)  # type: ignore[attr-defined]  a folder's storage renames it
        return storage.save(name, moved)


def recording_failed(payload: dict[str, Any]) -> None:
    """Nobody can make a file of it; the spool stays for a person to look at."""
    Recording.objects.filter(conversation_id=payload["conversation"]).update(status=Recording.Status.FAILED)


def delete_sound(payload: dict[str, Any]) -> None:
    """Delete what deleted conversations have left on the disk: sound, spools, notes that were set aside."""
    storage = storages["recordings"]
    for name in payload["files"]:
        storage.delete(name)
    for conversation in payload["conversations"]:
        recording.delete_spool(uuid.UUID(conversation))
    aside.forget(settings.JOURNAL_DIR, set(payload["conversations"]))
    with suppress(OSError):  # of a project that has sound left, the folder is not empty
        storage.delete(str(payload["project"]))


def purge(payload: dict[str, Any]) -> None:
    """Forget spent tickets that have expired, chats that never were, and work that was done long ago; once a day."""
    now = timezone.now()
    SpentTicket.objects.filter(expires_at__lt=now).delete()
    chats.forget_unused(now)
    Outbox.objects.filter(done_at__lt=now - OUTBOX_KEPT).delete()
    notices.forget_old(now)
    plan("purge", now + PURGE_EVERY)


def expire(payload: dict[str, Any]) -> None:
    """Delete what projects keep no longer; every hour, and again at once while there is more."""
    now = timezone.now()
    more = retention.delete_due(now)
    plan("expire", now if more else now + EXPIRE_EVERY)


def plan_regular_work() -> None:
    """One of each is always planned."""
    for task, every in REGULAR.items():
        plan(task, timezone.now() + every)


def plan(task: str, due_at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Unless it is planned already. What runs just now has been tried; it counts for nothing."""
    if not Outbox.objects.filter(task=task, done_at=None, attempts=0).exists():
        outbox.add(task, payload, due_at)


def collect_questions(payload: dict[str, Any]) -> None:
    """Put what went unanswered in a call to what is alike."""
    questions.collect(uuid.UUID(payload["conversation"]))


HANDLERS: dict[str, outbox.Handler] = {
    "encode_recording": encode_recording,
    "delete_sound": delete_sound,
    "collect_questions": collect_questions,
    "purge": purge,
    "expire": expire,
    chats.END_IDLE: chats.end_idle_later,
}
GIVEN_UP: dict[str, outbox.Handler] = {"encode_recording": recording_failed}
LEASES: dict[str, timedelta] = {}  # of tasks that are to be taken up sooner after a crash
REGULAR: dict[str, timedelta] = {}


def register(handlers: dict[str, outbox.Handler], regular: dict[str, timedelta]) -> None:
    """More work for the worker, from the rooms above this one. What is regular is planned again whatever happens."""
    HANDLERS.update(handlers)
    REGULAR.update(regular)
    for task, every in regular.items():
        GIVEN_UP[task] = lambda payload, task=task, every=every: plan(task, timezone.now() + every, payload)


register({}, {"purge": PURGE_EVERY, "expire": EXPIRE_EVERY})
