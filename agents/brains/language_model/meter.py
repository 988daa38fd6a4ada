"""What a model may cost, and what it has cost: tokens of one conversation, and of a day of a project."""

from dataclasses import dataclass
from typing import Protocol

from agents.brains.language_model.base import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an owner allows. 0: no limit; prices are of a million tokens, in the owner's currency."""

    conversation_most: int = 60_000
    day_most: int = 2_000_000
    read_price: float = 0.0
    written_price: float = 0.0

    def cost(self, usage: Usage) -> float | None:
        """None where the owner entered no prices."""
        if not (self.read_price or self.written_price):
            return None
        return round((usage.read * self.read_price + usage.written * self.written_price) / MILLION, 6)


class Meter(Protocol):
    """Counts a project's day, for all its conversations."""

    def used(self) -> int:
        """Tokens of today so far."""
        ...

    def add(self, usage: Usage) -> None:
        """They are spent, whatever comes of the answer. Never waits."""
        ...


class OwnMeter:
    """Counts for itself alone: for trials and tests."""

    def __init__(self, used: int = 0) -> None:
        self._used = used

    def used(self) -> int:
        return self._used

    def add(self, usage: Usage) -> None:
        self._used += usage.all
