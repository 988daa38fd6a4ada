"""After the call: what the worker does. A handler may be called twice with one payload, and does its work once."""

import os
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone

from calling.models import Outbox, Recording
from calling.record import outbox, recording
from calling.record.store import chats
from widgets.models import SpentTicket

log = structlog.get_logger(__name__)

OUTBOX_KEPT = timedelta(days=7)
PURGE_EVERY = timedelta(days=1)
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
    """Delete what a deleted project has left on the disk."""
    storage = storages["recordings"]
    for name in payload["files"]:
        storage.delete(name)
    for conversation in payload["conversations"]:
        recording.delete_spool(uuid.UUID(conversation))
    with suppress(OSError):  # the last row finds the folder empty; the ones before it do not
        storage.delete(str(payload["project"]))


def purge(payload: dict[str, Any]) -> None:
    """Forget spent tickets that have expired, chats that never were, and work that was done long ago; once a day."""
    now = timezone.now()
    SpentTicket.objects.filter(expires_at__lt=now).delete()
    chats.forget_unused(now)
    Outbox.objects.filter(done_at__lt=now - OUTBOX_KEPT).delete()
    plan_purge(now + PURGE_EVERY)


def plan_purge(due_at: Any = None) -> None:
    """One purge is always planned."""
    now = timezone.now()
    if not Outbox.objects.filter(task="purge", done_at=None, due_at__gt=now).exclude(attempts__gt=0).exists():
        outbox.add("purge", due_at=due_at or now + PURGE_EVERY)


HANDLERS: dict[str, outbox.Handler] = {
    "encode_recording": encode_recording,
    "delete_sound": delete_sound,
    "purge": purge,
    chats.END_IDLE: chats.end_idle_later,
}
GIVEN_UP: dict[str, outbox.Handler] = {"encode_recording": recording_failed}
LEASES: dict[str, timedelta] = {}  # of tasks that are to be taken up sooner after a crash
