"""How many sockets a chat has, in all processes together: places in the cache that they share.

A place belongs to whoever could add it, and lapses by itself, so that a killed process takes none along. The frames of
its client keep it; the socket of one that says nothing for longer is counted by its own process (gateway/chat/hub).
"""

import secrets
import uuid
from dataclasses import dataclass

from django.core.cache import cache

from widgets.refusals import Refused

SOCKETS_A_CHAT = 10  # the documented limit
LASTS_S = 90  # three heartbeats


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    owner: str

    def keep(self) -> None:
        """The client is there. What has lapsed meanwhile is taken again, unless somebody else has it by now."""
        if cache.get(self.key) == self.owner:
            cache.touch(self.key, LASTS_S)
        else:
            cache.add(self.key, self.owner, LASTS_S)

    def leave(self) -> None:
        if cache.get(self.key) == self.owner:
            cache.delete(self.key)


def take(chat: uuid.UUID) -> Place:
    """Raises RATE_LIMITED where all are taken."""
    owner = secrets.token_urlsafe(8)
    for number in range(SOCKETS_A_CHAT):
        key = f"chat-socket:{chat.hex}:{number}"
        if cache.add(key, owner, LASTS_S):
            return Place(key, owner)
    raise Refused("RATE_LIMITED", "sockets of one chat")
