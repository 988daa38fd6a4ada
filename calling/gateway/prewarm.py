"""Before the first call of a version: whoever loads the card may call in a moment, so its first sound is made by then.

Only the first visitor after a start or a publish would notice; everybody else finds the caches filled.
"""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.speech import inference
from agents.speech.inference import PoolFull
from agents.speech.providers.base import ProviderError
from calling import faults
from calling.gateway import wiring
from calling.lines.webrtc.opus import encode_clip

if TYPE_CHECKING:
    from widgets.admission.access import Admission

log = structlog.get_logger(__name__)

KNOWN_MOST = 1000  # agents that were made ready in this process; the oldest is made ready again when it is asked for

_loop: asyncio.AbstractEventLoop | None = None
_known: OrderedDict[tuple[int, str, str], None] = OrderedDict()
_tasks: set[asyncio.Task[None]] = set()


def begin() -> None:
    """On the loop of the calls, once it runs. Without it nothing is expected: a command takes no calls."""
    global _loop
    _loop = asyncio.get_running_loop()


def expect(admitted: "Admission") -> None:
    """From any thread; returns at once. The work is done once for each version, variant and language."""
    if _loop is None or _loop.is_closed():
        return
    language = admitted.version.config["agent"]["language"]
    named = (admitted.version.pk, admitted.widget.variant_key, language)
    if named in _known:
        return
    agent = snapshot.read(admitted.version.config)
    with suppress(RuntimeError):  # the loop has just been closed
        _loop.call_soon_threadsafe(_start, named, agent)


def _start(named: tuple[int, str, str], agent: AgentSnapshot) -> None:
    if named in _known:
        return
    _known[named] = None
    while len(_known) > KNOWN_MOST:
        _known.popitem(last=False)
    task = asyncio.get_running_loop().create_task(_rehearse(named, agent))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _rehearse(named: tuple[int, str, str], agent: AgentSnapshot) -> None:
    _version, variant_key, language = named
    try:
        first = await wiring.agent(agent, variant_key, language).rehearse()
        if first is not None:
            await inference.shared().run(lambda: encode_clip(first), who=named)
    except (ProviderError, PoolFull) as error:
        _known.pop(named, None)  # the next visitor tries again, and a call says what is wrong
        log.info("a greeting could not be made ahead", problem=str(error))
    except Exception as error:  # noqa: BLE001  noted: no call waits for it
        _known.pop(named, None)
        faults.report("prewarm", error)
