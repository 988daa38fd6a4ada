"""Calls that their own page ended before anybody answered: so many are kept as of reports without a call.

Such a call costs its page nothing but a ticket, whether it says that something failed or only goes. Beyond what an
address may have kept of the kind, the row goes again.
"""

import structlog

from calling.models import Conversation
from calling.record.store.admissions import Guest
from calling.record.store.attempts import attempt
from widgets.admission import limits
from widgets.refusals import Refused

log = structlog.get_logger(__name__)


async def keep_or_forget(guest: Guest, widget_id: int) -> None:
    """Count one more. Raises Refused: UNAVAILABLE where the database cannot say; the call stays then."""
    await attempt(lambda check: _keep_or_forget(guest, widget_id), undo=lambda done: None)


def _keep_or_forget(guest: Guest, widget_id: int) -> None:
    try:
        limits.check_address("missed", guest.address)
        limits.check_missed(guest.address, widget_id)
    except Refused as refused:
        log.info("a call that never began is not kept", code=refused.code, call=guest.reference)
        Conversation.objects.filter(pk=guest.conversation, answered_at=None).delete()
