"""The demo's order desk, a second process of this machine: found by a name of its own, at whatever port it has.

Tools may not ask inner addresses. This one name leads to this one process, which writes down where it listens; nobody
else's address on this machine can be reached by it.
"""

import json
from pathlib import Path

ORIGIN = "http://demo-service.localhost"
FILE = "demo_service.json"


def address(data_dir: Path) -> str:
    """Where it listens now; "" where it does not run."""
    try:
        port = json.loads((data_dir / FILE).read_text(encoding="utf-8"))["port"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return f"http://127.0.0.1:{port}" if isinstance(port, int) and 1023 < port < 65536 else ""
