"""What a call notes, and how much of it. No Django.

Up to the offer there is no call to note it of: it is held, and goes nowhere if none comes of it. A page can send events
without end, so of each kind only so much is kept. How much was not, is noted at the end.
"""

import json
from collections import Counter
from typing import Any

from agents.engine.notes import TurnNote
from calling.call.parts import Record

MOST_HELD = 50  # a page says little before it offers sound
MOST_OF_A_KIND = 200
BYTES_OF_A_KIND = 64 * 1024  # as JSON


class Notebook:
    def __init__(self, record: Record) -> None:
        self._record = record
        self._held: list[tuple[str, float, dict[str, Any]]] | None = []
        self._kept: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()

    def begin(self) -> None:
        """The call is written down: what was held can be, too."""
        held, self._held = self._held or [], None
        for name, at_s, data in held:
            self.event(name, at_s, **data)

    def end(self, at_s: float) -> None:
        """Nothing comes any more: say what was too much."""
        if self._dropped and self._held is None:
            self._record.event("dropped", at_s, **self._dropped)
            self._dropped.clear()

    def answered(self) -> None:
        self._record.answered()

    def turn(self, note: TurnNote) -> None:
        self._record.turn(note)

    def event(self, name: str, at_s: float, **data: Any) -> None:
        if self._held is None:
            if self._fits(name, data):
                self._record.event(name, at_s, **data)
        elif len(self._held) < MOST_HELD:
            self._held.append((name, at_s, data))
        else:
            self._dropped[name] += 1

    def state(self, state: dict[str, Any]) -> None:
        self._record.state(state)

    def _fits(self, name: str, data: dict[str, Any]) -> bool:
        size = len(json.dumps(data)) if data else 0
        if self._kept[name] >= MOST_OF_A_KIND or self._bytes[name] + size > BYTES_OF_A_KIND:
            self._dropped[name] += 1
            return False
        self._kept[name] += 1
        self._bytes[name] += size
        return True
