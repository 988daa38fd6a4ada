"""Who wants to hear what a call has written into a chat: the gateway of this process, for the chat's sockets.

It is told from the writer's thread, after the commit. What is told to nobody is kept all the same: sockets see by its
number that they lack it.
"""

import uuid
from collections.abc import Callable, Sequence

from calling import faults
from calling.lines.messaging import Event

_listener: Callable[[uuid.UUID, Sequence[Event]], None] | None = None


def listen(listener: Callable[[uuid.UUID, Sequence[Event]], None] | None) -> None:
    """`listener` is called from another thread, and returns at once."""
    global _listener
    _listener = listener


def tell(chat: uuid.UUID, told: Sequence[Event]) -> None:
    listener = _listener
    if listener is not None:
        faults.guarded("chat news", lambda: listener(chat, told), None)
