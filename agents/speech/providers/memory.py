"""Memory that loading a model took and nobody needs any more, given back to the system.

Reading a model takes up to two and a half times what stays of it, and the C library keeps what was freed for later: in
a process that loads its models once, for ever. Where the library has no such call, nothing happens.
"""

import ctypes
from collections.abc import Callable
from contextlib import suppress


def _trimming() -> Callable[[int], int] | None:
    with suppress(OSError, AttributeError):
        return ctypes.CDLL(None).malloc_trim
    return None


_trim = _trimming()


def give_back() -> None:
    """Some milliseconds, without holding up other threads of Python; not for the event loop."""
    if _trim is not None:
        _trim(0)
