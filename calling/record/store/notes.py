"""What a call notes while it runs, and its end. Nothing here waits; everything is written in the order it came in."""

import math
import time
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agents.engine.notes import Ending, TurnNote
from calling.record.store import database, writer
from calling.record.store.chat_calls import Aloud

LONGEST_NAME, LONGEST_SOURCE, LONGEST_CAUSE, LONGEST_CODE = 40, 120, 32, 40  # what the columns hold


# When calls of this process were answered, by the clock on the wall and by the one that nobody sets: a server that
# corrects its clock during a call would have it last for days, or end before it began.
_answered: dict[uuid.UUID, tuple[datetime, float]] = {}


class Record:
    """Takes the notes of one call."""

    def __init__(self, conversation: uuid.UUID, *, recorded: bool = False) -> None:
        self.conversation = conversation
        self.recorded = recorded
        self._events = 0
        self._aloud: Aloud | None = None
        self._from_s = 0.0  # where the clock of the call began in the conversation

    def go_on(self, aloud: Aloud) -> None:
        """Not a conversation of its own: a chat goes on with this call."""
        self._aloud, self._events = aloud, aloud.first_event
        self._from_s = (timezone.now() - aloud.began_at).total_seconds()

    def answered(self) -> None:
        at = timezone.now()
        if self._aloud:
            self._from_s = (at - self._aloud.began_at).total_seconds()
            return
        _answered[self.conversation] = (at, time.monotonic())
        self._note("answered", {"at": at.isoformat(), "recorded": self.recorded})

    def turn(self, note: TurnNote) -> None:
        data = asdict(note) | {"source": note.source[:LONGEST_SOURCE]}
        if self._aloud:
            data["started_s"] = self._at(note.started_s)
            data["ended_s"] = None if note.ended_s is None else self._at(note.ended_s)
            data["decision"] = {"medium": "text" if "typed" in note.decision else "voice"} | note.decision
        self._note("turn", data)

    def event(self, name: str, at_s: float, **data: Any) -> None:
        at_s = self._at(max(0.0, at_s)) if self._aloud else at_s
        self._note("event", {"number": self._events, "name": name[:LONGEST_NAME], "at_s": at_s, "data": data})
        self._events += 1

    def state(self, state: dict[str, Any]) -> None:
        self._note("state", {"state": state})

    def _at(self, at_s: float) -> float:
        return round(self._from_s + at_s, 3)

    def _note(self, kind: str, data: dict[str, Any]) -> None:
        if self._aloud:
            data["chat"] = str(self._aloud.chat)
        writer.here().note(self.conversation, kind, _storable(data))


def close(conversation: uuid.UUID, ending: Ending) -> None:
    """The call is over. The second time changes nothing."""
    answered = _answered.pop(conversation, None)
    at = answered[0] + timedelta(seconds=time.monotonic() - answered[1]) if answered else timezone.now()
    data = {
        "at": at.isoformat(),
        "cause": ending.cause[:LONGEST_CAUSE],
        "code": ending.code[:LONGEST_CODE],
    }
    writer.here().note(conversation, "close", data, always=True)


def hang_up(conversation: uuid.UUID, chat: uuid.UUID, ending: Ending, seconds: float) -> None:
    """The call is over with which a chat went on; the conversation is not. The second time changes nothing."""
    data = {
        "chat": str(chat),
        "seconds": seconds,
        "cause": ending.cause[:LONGEST_CAUSE],
        "code": ending.code[:LONGEST_CODE],
    }
    writer.here().note(conversation, "hang_up", data, always=True)


async def shown() -> None:
    """Return when what was noted so far would survive this process: before a page is told of it."""
    await writer.here().journal.shown()


async def flush(patience_s: float | None = None) -> bool:
    """Return when everything noted so far is in the database: True. False when that takes too long."""
    return await writer.here().journal.all_done(patience_s)


def counts() -> dict[str, int]:
    """How many notes are not in the database yet, and how many never will be, as far as this process knows."""
    here = writer.here()
    lost = here.journal.dropped + here.journal.damaged
    return {"waiting": here.journal.waiting, "lost": lost, "setAside": here.aside.count}


def state() -> str:
    """The same in words; "ok" when there is nothing to say."""
    here, said = writer.here(), counts()
    found = [
        f"{said['waiting']} wait for the database" if said["waiting"] and database.presence.is_away else "",
        "held in memory only: the journal cannot be written" if here.journal.problem else "",
        f"{said['lost']} were lost" if said["lost"] else "",
        f"{said['setAside']} were set aside: the database refused them" if said["setAside"] else "",
    ]
    return "; ".join(each for each in found if each) or "ok"


def _storable(value: Any) -> Any:
    """As PostgreSQL and JSON take it: without NUL, half characters, and numbers that are none."""
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {_storable(key): _storable(each) for key, each in value.items()}
        case list() | tuple():
            return [_storable(each) for each in value]
    return value
