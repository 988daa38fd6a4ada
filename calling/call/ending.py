"""The end of a call: why it came, what the page is told, and that all is let go, whatever of this fails. No Django."""

import asyncio
from typing import TYPE_CHECKING

from agents.engine.notes import Ending
from calling import faults
from calling.call import protocol

if TYPE_CHECKING:
    from calling.call.session import Session

CLOSES = 4  # times what one connection gets: the latest one, and then those that it replaced


async def conclude(session: "Session", ending: Ending) -> None:
    """Tell the page, then close the sound. Each step is taken whether or not the one before it could be."""
    call = session.reference

    session.enter("ended")
    session.end(ending.cause, ending.code)  # whatever it came from: nothing can begin any more
    session.ending = ending = faults.guarded("explanation", lambda: explained(session, ending), ending, call=call)
    if ending.cause == "failed":
        failure = ending.code
        faults.guarded("goodbye", lambda: session.page.send(protocol.Failure(failure, session.id)), None, call=call)
    faults.guarded("goodbye", lambda: _tell(session, ending), None, call=call)
    faults.guarded("goodbye", session.page.close, None, call=call)
    await _close_link(session)
    if session.seat is not None:
        faults.guarded("note", lambda: session.note("sound", **session.link.quality.numbers()), None, call=call)
    faults.guarded("note", lambda: session.notebook.end(round(session.seconds, 1)), None, call=call)


async def _close_link(session: "Session") -> None:
    """A connection that neither closes nor lets go is left behind: what is left of the end is written down."""
    patience = session.parts.patience
    closing = asyncio.get_running_loop().create_task(_close(session))
    _done, late = await asyncio.wait({closing}, timeout=CLOSES * patience.hang_up_s)
    if late:
        closing.cancel()
        faults.report("link", None, call=session.reference, late="it does not close")
    elif not closing.cancelled() and closing.exception() is not None:
        faults.report("link", closing.exception(), call=session.reference)


async def _close(session: "Session") -> None:
    await session.link.close()


def _tell(session: "Session", ending: Ending) -> None:
    rating = ""
    if session.seat is not None:
        rating = faults.guarded("rating", session.parts.rating, "", call=session.reference)
    session.tell(
        "ended",
        cause=ending.cause,
        code=ending.code,
        reference=session.reference,
        seconds=round(session.seconds, 1),
        rating=rating or None,
    )


def explained(session: "Session", ending: Ending) -> Ending:
    """With the cause that an admin should read, where the ending itself has none."""
    if ending.code or ending.cause != "connection_lost":
        return ending
    code = reason(session, session.messages.browser_code) or ("HIGH_LOSS" if session.link.quality.poor else "")
    return Ending(ending.cause, code)


def reason(session: "Session", reported: str) -> str:
    """What the browser told, unless more is known here."""
    if reported in ("CONNECT_TIMEOUT", "ICE_FAILED") and not session.link.up.is_set():
        return "NO_UDP" if session.link.why_not() == "NO_UDP" else reported
    return reported
