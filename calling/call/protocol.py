"""Every message of the signalling socket, and how ours are written. `docs/wire.md` is the contract; parsing.py reads
what arrives."""

import json
from dataclasses import dataclass, field
from typing import Any

from agents.engine.line import MUTED
from widgets.refusals import CODES


class ProtocolError(Exception):
    """A message cannot be used. `code` is a key of CODES; `detail` is for the log, and quotes nothing that was sent."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


# ── From the browser ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Hello:
    """Attach: swaps a one-use ticket for a session, or comes back to one with its resume token."""

    ticket: str = field(default="", repr=False)
    last_event: int = 0
    resume_token: str = field(default="", repr=False)
    move: bool = False  # take the call over from the page that holds it


@dataclass(frozen=True, slots=True)
class Offer:
    """Start the sound connection. `credential` admits, where no `hello` came before."""

    sdp: str = field(repr=False)
    session_id: str = ""
    credential: str = field(default="", repr=False)
    mode: str = "end-to-end"
    call_sid: str = ""
    caller: str = ""
    callee: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Checked for shape and not used: the server learns the browser's address from its packets."""

    session_id: str = ""


@dataclass(frozen=True, slots=True)
class HangUp:
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Pinged:
    """The browser's own ping."""


@dataclass(frozen=True, slots=True)
class Ponged:
    """The answer to our ping."""

    t: float = 0.0


@dataclass(frozen=True, slots=True)
class InfoSent:
    """What the page said with `sendInfo`."""

    text: str
    data: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the visitor began the call with, by a press on the card."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """Words that the visitor types while the call goes on; `id` is the page's own, by which it knows them again."""

    text: str = field(repr=False)
    id: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    digit: str


@dataclass(frozen=True, slots=True)
class Muted:
    """The visitor cannot be heard, or can be again: each reason holds until it is taken back."""

    muted: bool
    reason: str = MUTED


@dataclass(frozen=True, slots=True)
class Report:
    """Why the browser failed, in one of the codes that a page may report."""

    code: str


Message = (
    Hello | Offer | Candidate | HangUp | Pinged | Ponged | InfoSent | Asked | Written | KeyPressed | Muted | Report
)


# ── From the server ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answer:
    session_id: str
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """What a page needs to go on, and to come back with. Never replayed, so it has no number."""

    session_id: str
    token: str = field(repr=False)
    seconds: float | None = None
    muted: bool = False
    sound: bool = False
    keeps: float = 0.0


@dataclass(frozen=True, slots=True)
class Reconnect:
    """No sound has come for a while: the page shall make a new sound connection."""

    session_id: str


@dataclass(frozen=True, slots=True)
class Close:
    session_id: str


@dataclass(frozen=True, slots=True)
class Ping:
    t: float


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Event:
    """Numbered, so that a visitor who comes back can be told what was missed."""

    n: int
    name: str
    data: dict[str, Any]


Outgoing = Answer | Failure | Attached | Reconnect | Close | Ping | Pong | Event


def dump(message: Outgoing) -> str:
    """The message as one JSON text frame."""
    body: dict[str, Any]
    data: dict[str, Any]
    match message:
        case Answer():
            body = {"type": "answer", "sessionId": message.session_id, "data": {"type": "answer", "sdp": message.sdp}}
        case Failure():
            data = {"code": message.code, "message": CODES[message.code].message}
            body = {"type": "error", "sessionId": message.session_id or None, "data": data}
        case Attached():
            data = {"token": message.token, "seconds": message.seconds, "muted": message.muted}
            data |= {"sound": message.sound, "keeps": message.keeps}
            body = {"type": "attached", "sessionId": message.session_id, "data": data}
        case Reconnect():
            body = {"type": "reconnect", "sessionId": message.session_id}
        case Close():
            body = {"type": "close", "sessionId": message.session_id}
        case Ping():
            body = {"type": "ping", "t": message.t}
        case Pong():
            body = {"type": "pong"}
        case Event():
            body = {"type": "event", "n": message.n, "name": message.name, "data": message.data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
