"""The sound of a call as lines of an SVG, drawn from the levels that are kept with its recording."""

from typing import Any

FLAT_BARS = 130
FLAT_HEIGHT = 52.0
RAIL_WIDTH = 56.0
QUIET, QUIET_S, QUIET_MOST = 3, 1.5, 1_000  # of 100, at least so long, and so many stretches of a call


def flat(peaks: dict[str, Any]) -> dict[str, Any]:
    """The whole call, left to right, in a box of 1000 by 52: the visitor above the middle line, the agent below."""
    visitor, agent = peaks["visitor"], peaks["agent"]
    length = max(len(visitor), len(agent), 1)
    bars = min(FLAT_BARS, length)
    step = 1000 / bars
    middle, most = FLAT_HEIGHT / 2, FLAT_HEIGHT / 2 - 4
    up = _path(_thinned(visitor, length, bars), lambda i, v: f"M{(i + 0.5) * step:.1f} {middle - 2}v-{v * most:.1f}")
    down = _path(_thinned(agent, length, bars), lambda i, v: f"M{(i + 0.5) * step:.1f} {middle + 2}v{v * most:.1f}")
    return {"visitor": up, "agent": down, "seconds": length / peaks["rate_hz"]}


def quiet(peaks: dict[str, Any]) -> list[tuple[float, float]]:
    """Where nobody says anything for a while, as seconds from and to: what a listener may skip."""
    rate = peaks["rate_hz"]
    visitor, agent = peaks["visitor"], peaks["agent"]
    found, since = [], 0
    length = max(len(visitor), len(agent))
    for place in range(length + 1):
        loud = place == length or max([0, *visitor[place : place + 1], *agent[place : place + 1]]) > QUIET
        if not loud:
            continue
        if place - since >= QUIET_S * rate:
            found.append((since / rate, place / rate))
        since = place + 1
    return found[:QUIET_MOST]


def rail(peaks: dict[str, Any] | None, speaker: str, start_s: float, end_s: float | None, bars: int) -> str:
    """One turn, top to bottom, in a box of 56 by 100: the visitor left of the axis, the agent right of it."""
    if not peaks or end_s is None or end_s <= start_s:
        return ""
    rate = peaks["rate_hz"]
    values = peaks[speaker][int(start_s * rate) : max(int(end_s * rate), int(start_s * rate) + 1)]
    if not values:
        return ""
    bars = max(2, min(bars, len(values)))
    most = RAIL_WIDTH / 2 - 4
    sign = "-" if speaker == "visitor" else ""
    start = RAIL_WIDTH / 2 + (-4 if speaker == "visitor" else 4)
    gap = 100 / bars
    return _path(
        _thinned(values, len(values), bars), lambda i, v: f"M{start} {(i + 0.5) * gap:.1f}h{sign}{max(v * most, 1):.1f}"
    )


def _thinned(values: list[int], length: int, bars: int) -> list[float]:
    """So many bars, each the loudest of its stretch, as parts of one."""
    found = []
    for bar in range(bars):
        stretch = values[bar * length // bars : max((bar + 1) * length // bars, bar * length // bars + 1)]
        found.append(min(max(stretch, default=0), 100) / 100)
    return found


def _path(values: list[float], draw: Any) -> str:
    return "".join(draw(number, value) for number, value in enumerate(values) if value > 0.02)
