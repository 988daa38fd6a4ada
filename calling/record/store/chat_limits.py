"""What chats may take of the disk: one of them, those of one address, those of one widget.

Counted is what a row takes where it is kept, not what a client sends: a sign beyond ASCII is up to twelve bytes of
JSON. What a visitor says is refused when it is too much; what follows from it (an answer, the end) only counts.
"""

import json
from collections.abc import Iterable
from typing import Any

from calling.models import Chat
from widgets.admission import limits
from widgets.admission.limits import Allowance
from widgets.refusals import Refused

EVENTS_MOST, BYTES_MOST = 5_000, 4 * 1024 * 1024  # of one chat
ROW_BYTES = 300  # ids, times and indexes of a row, beside what it says
CHAT_BYTES = 1_500  # of a chat's own row, and of the work that ends it


def of_events(told: Iterable[tuple[str, dict[str, Any]]], custom: dict[str, str]) -> int:
    """What these events take; `custom` is kept with each."""
    beside = len(json.dumps(custom)) + ROW_BYTES
    return sum(len(json.dumps(payload)) + beside for _type, payload in told)


def of_turn(text: str, planned: str = "") -> int:
    return len(text.encode()) + len(planned.encode()) + ROW_BYTES


def check_length(chat: Chat, more: int = 0) -> None:
    """Raises CHAT_FULL where so many more bytes of a visitor's are too many for one chat."""
    if chat.last_sequence >= EVENTS_MOST or chat.kept_bytes + more > BYTES_MOST:
        raise Refused("CHAT_FULL")


def draw(chat: Chat, size: int) -> None:
    """A visitor wants so much to be kept. Raises RATE_LIMITED."""
    limits.draw(*_allowances(chat), by=size)


def charge(chat: Chat, size: int) -> None:
    """So much is kept for them, whatever is left."""
    for allowance in _allowances(chat):
        allowance.count(size)


def _allowances(chat: Chat) -> list[Allowance]:
    found = [limits.of_visitor(name, chat.visitor) for name in ("chat-bytes", "chat-bytes-in-a-day")]
    if chat.widget_id is not None:
        found.append(limits.of_widget("chat-bytes", chat.widget_id))
    return found
