"""What should never happen and did: logged, and counted for the probes. No Django.

A part of a call that fails here fails loudly and alone: whoever calls goes on, or ends the call.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

counted: Counter[str] = Counter()  # by part, since this process began


def report(part: str, error: BaseException | None, **about: Any) -> None:
    """`about` says which call it was: its reference, never anything of its visitor."""
    counted[part] += 1
    log.error("a part of a call failed", part=part, exc_info=error, **about)


def watch(task: "asyncio.Task[Any]", part: str, died: Callable[[], object], **about: Any) -> None:
    """A call needs this task: where it fails, that is reported, and `died` ends or repairs what needed it."""

    def look(done: "asyncio.Task[Any]") -> None:
        error = None if done.cancelled() else done.exception()
        if error is not None:
            report(part, error, **about)
            guarded(part, died, None, **about)

    task.add_done_callback(look)


def guarded(part: str, step: Callable[[], T], otherwise: T, **about: Any) -> T:
    """What `step` returns; `otherwise` where it fails. For steps that the next one must not depend on."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001  whatever it is, it is noted and the next step is taken
        report(part, error, **about)
        return otherwise
