"""What a killed process left behind is put in order before calls are taken again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from django.db import close_old_connections, connection, transaction
from django.db.models import Max

from agents.engine.notes import Ending
from calling.models import Conversation, Recording
from calling.record import recording, tasks
from calling.record.store import chat_calls, endings, writer

log = structlog.get_logger(__name__)

AGAIN_S = 1.0  # between attempts while the database is away


async def recover(alone: Callable[[], Awaitable[None]] | None = None) -> int:
    """Its notes are written, its calls ended, its spools handed to the worker. Returns how many calls it had open.

    `alone` returns when no other process can have opened what is open: its own notes may be written before that.

    For the one gateway that a database has, and before it takes calls: whatever is open then is orphaned. Waits for the
    database as long as it takes.
    """
    here = writer.here()
    notes = await asyncio.to_thread(here.journal.take_over)
    if notes:
        log.warning("a killed process left notes behind", notes=notes)
        here.start()
    await here.journal.all_done()
    if alone is not None:
        await alone()
    while True:
        try:
            return await asyncio.to_thread(_on_own_connection)
        except Exception as error:  # noqa: BLE001  calls are refused until it is done, so it is tried for ever
            log.error("calls that were left open could not be ended; trying again", error=type(error).__name__)
            await asyncio.sleep(AGAIN_S)


def _on_own_connection() -> int:
    close_old_connections()
    try:
        return _recover()
    finally:
        connection.close()


def _recover() -> int:
    # A chat is no process's: the next one goes on with it.
    calls = Conversation.objects.filter(ended_at=None).exclude(channel=Conversation.CHAT)
    left_open = list(calls.annotate(last_s=Max("turns__ended_s")))
    for conversation in left_open:
        began = conversation.answered_at or conversation.started_at
        lasted_s = max(conversation.last_s or 0.0, recording.spooled_s(conversation.pk))
        endings.close(conversation.pk, Ending("connection_lost"), began + timedelta(seconds=lasted_s))
    with transaction.atomic():
        chat_calls.left_open()
    for conversation in recording.spools():
        row = Recording.objects.filter(conversation_id=conversation).first()
        if row is None or row.status == Recording.Status.READY:
            recording.delete_spool(conversation)
        else:
            with transaction.atomic():
                endings.hand_over(conversation)
    tasks.plan_regular_work()
    if left_open:
        log.warning("calls that a killed process left open were ended", calls=len(left_open))
    return len(left_open)
