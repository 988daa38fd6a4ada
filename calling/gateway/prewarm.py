"""Before the first call of a version: its first sound is made, and its topics are read, before anybody calls.

At the start of a process that is done for what visitors would reach, behind the opening of the doors, one version after
the other; later for whatever version a card is loaded of that is not known yet.
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
from agents.speech.providers import memory
from agents.speech.providers.base import ProviderError
from calling import faults
from calling.gateway import wiring
from calling.lines.webrtc.opus import encode_clip
from calling.record.store import reached

if TYPE_CHECKING:
    from agents.models import Version
    from widgets.admission.access import Admission
    from widgets.models import Widget

log = structlog.get_logger(__name__)

AT_START_MOST = 8  # versions made ready at the start, those called last; the rest when a card of theirs is loaded
KNOWN_MOST = 1000  # agents that were made ready in this process; the oldest is made ready again when it is asked for

_Name = tuple[int, str, str]  # of a version: its number, a variant, a language

_loop: asyncio.AbstractEventLoop | None = None
_known: OrderedDict[_Name, None] = OrderedDict()
_tasks: set[asyncio.Task[None]] = set()


def begin() -> None:
    """On the loop of the calls, once it runs. Without it nothing is expected: a command takes no calls."""
    global _loop
    _loop = asyncio.get_running_loop()


def expect(admitted: "Admission") -> None:
    """From any thread; returns at once. The work is done once for each version, variant and language."""
    if _loop is None or _loop.is_closed():
        return
    names = [named for named in _names(admitted.version, admitted.widget) if named not in _known]
    if not names:
        return
    agent = snapshot.read(admitted.version.config)
    with suppress(RuntimeError):  # the loop has just been closed
        _loop.call_soon_threadsafe(_start, names, agent)


def at_start() -> None:
    """In the thread of the loop, once visitors may come: make ready what they would reach, and return at once."""
    if _loop is not None:
        _keep(_loop.create_task(_make_ready()))


def look_again() -> None:
    """From any thread, when something was published: its topics are read before anybody asks for them."""
    if _loop is not None and not _loop.is_closed():
        with suppress(RuntimeError):  # the loop has just been closed
            _loop.call_soon_threadsafe(at_start)


async def _make_ready() -> None:
    """One after the other: a visitor who is here already needs the machine more."""
    try:
        found = await asyncio.to_thread(reached.versions, AT_START_MOST)
    except Exception as error:  # noqa: BLE001  noted: a call makes ready what it needs
        faults.report("prewarm", error)
        return
    for widget, version in found:
        names = [named for named in _names(version, widget) if _is_new(named)]
        if names:
            await _rehearse_all(names, snapshot.read(version.config))
    await asyncio.to_thread(memory.give_back)


def _names(version: "Version", widget: "Widget") -> list[_Name]:
    """In each of its languages, the first one first."""
    who = version.config["agent"]
    return [(version.pk, widget.variant_key, language) for language in (who["language"], *who.get("wordings", {}))]


def _start(names: list[_Name], agent: AgentSnapshot) -> None:
    new = [named for named in names if _is_new(named)]
    if new:
        _keep(asyncio.get_running_loop().create_task(_rehearse_all(new, agent)))


async def _rehearse_all(names: list[_Name], agent: AgentSnapshot) -> None:
    for named in names:
        await _rehearse(named, agent)


def _is_new(named: _Name) -> bool:
    """Noted as known from now on."""
    if named in _known:
        return False
    _known[named] = None
    while len(_known) > KNOWN_MOST:
        _known.popitem(last=False)
    return True


def _keep(task: asyncio.Task[None]) -> None:
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _rehearse(named: _Name, agent: AgentSnapshot) -> None:
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
