"""The end of a call: why it came, what the page is told, and that all is let go, whatever of this fails. No Django."""

from typing import TYPE_CHECKING

from agents.engine.notes import Ending
from calling import faults
from calling.call import protocol

if TYPE_CHECKING:
    from calling.call.session import Session


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
    try:
        await session.link.close()
    except Exception as error:  # noqa: BLE001  noted; what is left of the end is written down
        faults.report("link", error, call=call)
    if session.seat is not None:
        faults.guarded("note", lambda: session.note("sound", **session.link.quality.numbers()), None, call=call)
    faults.guarded("note", lambda: session.notebook.end(round(session.seconds, 1)), None, call=call)


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
