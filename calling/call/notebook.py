"""What a call notes. Up to the offer there is no call to note it of: it is held, and goes nowhere if none comes of it.

No Django.
"""

from typing import Any

from agents.engine.notes import TurnNote
from calling.call.parts import Record

MOST_HELD = 50  # a page says little before it offers sound; more than this is not kept


class Notebook:
    def __init__(self, record: Record) -> None:
        self._record = record
        self._held: list[tuple[str, float, dict[str, Any]]] | None = []

    def begin(self) -> None:
        """The call is written down: what was held can be, too."""
        held, self._held = self._held or [], None
        for name, at_s, data in held:
            self._record.event(name, at_s, **data)

    def answered(self) -> None:
        self._record.answered()

    def turn(self, note: TurnNote) -> None:
        self._record.turn(note)

    def event(self, name: str, at_s: float, **data: Any) -> None:
        if self._held is None:
            self._record.event(name, at_s, **data)
        elif len(self._held) < MOST_HELD:
            self._held.append((name, at_s, data))

    def state(self, state: dict[str, Any]) -> None:
        self._record.state(state)
