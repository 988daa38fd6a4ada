"""How well a visitor is heard: loss while the call runs, and the numbers that are kept of it. No Django."""

from collections import Counter
from typing import Any

LOOK_EVERY_S = 5.0
POOR_PERCENT = 8.0  # words go missing in spite of error correction …
GOOD_PERCENT = 3.0  # … and no longer
FEWEST_PACKETS = 50  # of one look: with fewer, a share says nothing

COUNTED = ("received", "lost", "recovered", "concealed", "late", "dropped", "sent", "skipped")


class Quality:
    """Adds up what the sound connections of one call have counted, one after the other."""

    def __init__(self) -> None:
        self._before: Counter[str] = Counter()  # of connections that are closed
        self._connections = 0
        self._seen = (0, 0)  # received and lost at the last look
        self._looked_at: float | None = None
        self._round_trip_ms: float | None = None
        self._far_lost = 0
        self.poor = False

    def closed(self, stats: dict[str, Any]) -> None:
        """A connection is done with: keep its numbers."""
        self._before.update({name: stats.get(name, 0) for name in COUNTED})
        self._connections += 1
        self._far_lost += max(0, stats.get("far_lost") or 0)
        if stats.get("round_trip_ms") is not None:
            self._round_trip_ms = stats["round_trip_ms"]

    def look(self, stats: dict[str, Any], now: float) -> float | None:
        """The loss in percent since the last look, where it has turned poor or good again; else None."""
        if self._looked_at is None:
            self._looked_at = now
        if now - self._looked_at < LOOK_EVERY_S:
            return None
        received = self._before["received"] + stats.get("received", 0)
        lost = self._before["lost"] + stats.get("lost", 0)
        new_received, new_lost = received - self._seen[0], lost - self._seen[1]
        self._looked_at = now
        if new_received + new_lost < FEWEST_PACKETS:
            return None
        self._seen = (received, lost)
        loss = _percent(new_lost, new_received + new_lost)
        if loss >= POOR_PERCENT if not self.poor else loss <= GOOD_PERCENT:
            self.poor = not self.poor
            return loss
        return None

    def numbers(self) -> dict[str, Any]:
        """For the record, once everything is closed. Percentages of packets; nothing that was not measured."""
        counts = self._before
        expected = counts["received"] + counts["lost"]
        return {
            "received": counts["received"],
            "lost_percent": _percent(counts["lost"], expected),
            "recovered": counts["recovered"],
            "concealed": counts["concealed"],
            "late": counts["late"],
            "sent": counts["sent"],
            "far_lost_percent": _percent(self._far_lost, counts["sent"]),
            "round_trip_ms": self._round_trip_ms,
            "connections": self._connections,
        }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
