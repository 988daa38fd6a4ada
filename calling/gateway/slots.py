"""How many calls run at the same time: in all, for a widget, for a project, from one address.

Each call has a lease of its own. It is taken once and given back once, however often either is asked for, so that
neither a second attempt nor a second error can leave a line taken, or give away somebody else's.
"""

import threading
from collections import Counter
from collections.abc import Hashable
from typing import Any

from widgets.admission.lines import Claim
from widgets.refusals import Refused

WAITING_MOST = 500  # guests who said hello and offer no sound: they hold no line, but a socket and a watch each …
WAITING_EACH = 20  # … and so many of one address
RESERVED_PART = 4  # of all lines, one in so many stands by, at least one, for visitors who come back to a full house


class Slots:
    """One object a process. Asked from the event loop, the store's threads and views."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.reserve = max(1, most // RESERVED_PART)
        self._lock = threading.Lock()
        self._lines: Counter[tuple[str, int]] = Counter()  # of calls whose visitor is there
        self._calls: Counter[str] = Counter()  # by address, the visitor there or away
        self._waiting: Counter[str] = Counter()  # by address: leases that are not taken yet

    @property
    def taken(self) -> int:
        return self._lines["all", 0]

    def lease(self, address: str = "") -> "Lease":
        """For one call, of somebody who has not begun it. Raises RATE_LIMITED or FULL where too many only wait."""
        with self._lock:
            if self._waiting[address] >= WAITING_EACH:
                raise Refused("RATE_LIMITED", "guests of one address")
            if self._waiting.total() >= WAITING_MOST:
                raise Refused("FULL", "guests")
            self._waiting[address] += 1
        return Lease(self, address)

    def check(self, claim: Claim | None = None) -> None:
        """Raises FULL or RATE_LIMITED when one more such call could not start now."""
        with self._lock:
            self._check(claim)

    def _check(self, claim: Claim | None) -> None:
        if not self._fits(claim, 0):
            raise Refused("FULL")
        if claim and claim.address_most is not None and self._calls[claim.address] >= claim.address_most:
            raise Refused("RATE_LIMITED", "calls of one address")

    def _fits(self, claim: Claim | None, more: int) -> bool:
        """Whether one more line would be within every limit, each raised by `more`."""
        return all(most is None or self._lines[key] < most + more for key, most in self._limits(claim))

    def _limits(self, claim: Claim | None) -> list[tuple[tuple[str, int], int | None]]:
        limits: list[tuple[tuple[str, int], int | None]] = [(("all", 0), self.most)]
        if claim is not None:
            limits.append((("widget", claim.widget_id), claim.widget_most))
            limits.append((("project", claim.project_id), claim.project_most))
        return limits

    def _count(self, claim: Claim, *, less: bool = False) -> None:
        for key, _most in self._limits(claim):
            if less:
                _less(self._lines, key)
            else:
                self._lines[key] += 1


class Lease:
    """One call's line."""

    def __init__(self, slots: Slots, address: str) -> None:
        self._slots = slots
        self._address = address
        self._claim: Claim | None = None
        self._released = False
        self.holds_line = False

    def take(self, claim: Claim) -> None:
        """Raises FULL or RATE_LIMITED; nothing is taken then."""
        with self._slots._lock:
            if self._claim is not None or self._released:
                return
            self._slots._check(claim)
            _less(self._slots._waiting, self._address)
            self._claim, self.holds_line = claim, True
            self._slots._count(claim)
            self._slots._calls[claim.address] += 1

    def rest(self) -> None:
        """The visitor is away: others may have the line. The call goes on counting for its address."""
        with self._slots._lock:
            self._give_line_back()

    def resume(self) -> bool:
        """The visitor is back: a line, if need be of the reserve. False when that is used up, too."""
        slots = self._slots
        with slots._lock:
            if self._claim is None or self._released:
                return False
            if not self.holds_line and slots._fits(self._claim, slots.reserve):
                self.holds_line = True
                slots._count(self._claim)
            return self.holds_line

    def release(self) -> None:
        """The call is over. Nothing can be taken any more."""
        slots = self._slots
        with slots._lock:
            if self._released:
                return
            self._released = True
            self._give_line_back()
            if self._claim is None:
                _less(slots._waiting, self._address)
            else:
                _less(slots._calls, self._claim.address)

    def _give_line_back(self) -> None:
        if self.holds_line and self._claim is not None:
            self.holds_line = False
            self._slots._count(self._claim, less=True)


def _less(counter: "Counter[Any]", key: Hashable) -> None:
    """One less; nothing is kept of those that have none."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
