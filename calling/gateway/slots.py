"""How many calls run. Asked from the event loop, the store's thread and views."""

import threading
from collections import Counter


class Slots:
    """How many calls run, in all and for each widget."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()

    def has_room(self, widget_id: int | None = None, most: int | None = None) -> bool:
        with self._lock:
            return self._has_room(widget_id, most)

    def take(self, widget_id: int, most: int | None) -> bool:
        with self._lock:
            if not self._has_room(widget_id, most):
                return False
            self._taken[widget_id] += 1
            return True

    def retake(self, widget_id: int) -> None:
        """Somebody is back whose call never ended: admitted ahead of everybody, even one over the limit."""
        with self._lock:
            self._taken[widget_id] += 1

    def free(self, widget_id: int) -> None:
        with self._lock:
            self._taken[widget_id] -= 1

    @property
    def taken(self) -> int:
        return self._taken.total()

    def _has_room(self, widget_id: int | None, most: int | None) -> bool:
        if self._taken.total() >= self.most:
            return False
        return widget_id is None or most is None or self._taken[widget_id] < most
