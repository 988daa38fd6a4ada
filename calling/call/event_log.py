"""What a page was told of its call, numbered, and kept for a page that comes back. No Django."""

from typing import Any

from calling.call.protocol import Event, dump

EVENTS_KEPT = 500  # beside those of the call's life; the oldest go first
CHARS_KEPT = 100_000  # as messages: what a socket takes at once, several times over
LIFE = frozenset({"registered", "ringing", "answered", "ended"})  # never dropped: without them a page knows nothing


class EventLog:
    """Events by number. One that replaces another, as a longer text of the same turn does, takes it out."""

    def __init__(self) -> None:
        self._last = 0
        self._kept: dict[int, Event] = {}
        self._sizes: dict[int, int] = {}
        self._size = 0
        self._replaceable: dict[tuple[str, object], int] = {}

    def add(self, name: str, data: dict[str, Any]) -> Event:
        self._last += 1
        event = Event(self._last, name, data)
        key = _key(event)
        if key is not None:
            self._drop(self._replaceable.get(key, 0))
            self._replaceable[key] = event.n
        self._kept[event.n] = event
        self._sizes[event.n] = len(dump(event))
        self._size += self._sizes[event.n]
        while len(self._kept) > EVENTS_KEPT + len(LIFE) or self._size > CHARS_KEPT:
            oldest = next((kept for kept in self._kept.values() if kept.name not in LIFE), None)
            if oldest is None:
                break
            self._drop(oldest.n)
        return event

    def _drop(self, number: int) -> None:
        event = self._kept.pop(number, None)
        if event is not None:
            self._size -= self._sizes.pop(number)
            key = _key(event)
            if key is not None and self._replaceable.get(key) == number:
                del self._replaceable[key]

    def since(self, number: int) -> list[Event]:
        """What a page that knows everything up to `number` has missed, in order."""
        return [event for event in self._kept.values() if event.n > number]


def _key(event: Event) -> tuple[str, object] | None:
    """Events with the same key stand for one thing, of which only the latest counts."""
    if event.name == "transcription":
        return event.name, event.data.get("index")
    return (event.name, None) if event.name in ("state", "sound") else None
