"""What visitors would talk to, the widgets called last in front: for a process that has just begun."""

from django.db import close_old_connections, connection

from agents.models import Version
from calling.models import Conversation
from widgets.admission import running
from widgets.models import Widget

LOOKED_AT = 200  # calls, the newest ones


def versions(most: int) -> list[tuple[Widget, Version]]:
    """In a thread of its own."""
    close_old_connections()
    try:
        called = Conversation.objects.order_by("-started_at").values_list("widget_id", flat=True)[:LOOKED_AT]
        return running.versions(list(called), most)
    finally:
        connection.close()
