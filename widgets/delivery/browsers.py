"""Which browsers call themselves older than what calls need (docs/browsers.md): some of them seem to know all of it.

The server reads it, so that the tag's script need not; scripts and frames are never kept unasked, so each browser gets
its own.
"""

import re

# Chrome 72 and all that are made of it, Edge 79, Firefox 60, Safari 14.1, iOS 16: each the first that is good enough.
_FLOORS = (
    (re.compile(r"\bEdge/(\d+)"), (999, 0)),  # Edge of its own making; the one that is Chrome calls itself Edg
    (re.compile(r"\b(?:iPhone|iPad|iPod|CPU)\b[^)]*? OS (\d+)_(\d+)"), (16, 0)),
    (re.compile(r"\b(?:Chrome|Chromium|CriOS)/(\d+)\.(\d+)"), (72, 0)),
    (re.compile(r"\bFirefox/(\d+)\.(\d+)"), (60, 0)),
    (re.compile(r"\bMacintosh\b.*\bVersion/(\d+)\.(\d+).*\bSafari/"), (14, 1)),
    (re.compile(r"\b(?:MSIE |Trident/)(\d+)"), (999, 0)),
)
AGENT_MOST = 500


def is_too_old(agent: str) -> bool:
    """By a browser's own agent string. One that names no browser we know of is let try."""
    for pattern, floor in _FLOORS:
        found = pattern.search(agent[:AGENT_MOST])
        if found:
            return tuple(int(number[:4] or 0) for number in (*found.groups(), "0"))[:2] < floor
    return False
