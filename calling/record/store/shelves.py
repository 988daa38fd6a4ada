"""The owner's sources for a conversation: read beside the loop, and again when something of them was read anew."""

from functools import cache

from agents.authoring.sources.shelf import DatabaseShelf


@cache
def shelf() -> DatabaseShelf:
    """One a process: calls share what is in memory."""
    return DatabaseShelf()
