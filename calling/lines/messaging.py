"""Every frame of the messaging socket, read and written; docs/messaging.md is the contract. No Django.

`parse` either returns one of the messages below or raises Refused with a code of widgets/refusals.py; it never
raises anything else, whatever it is given.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from calling.lines import context
from calling.lines.context import Context
from widgets.refusals import CODES, Refused

PREFIX = "EVENT_TYPE_"
FRAME_BYTES = 128 * 1024
BATCH_EVENTS, BATCH_BYTES = 100, 64 * 1024  # of a frame of replay
RECONNECTS_MOST = 5
HEARTBEAT_S = 30
LOCAL_ID_CHARS = 128
CUSTOM_NAMES, CUSTOM_NAME_CHARS, CUSTOM_VALUE_CHARS = 20, 64, 1024
PLATFORMS = ("web", "ios", "android", "ios-web", "android-web", "custom")
DEVICES = ("mobile", "tablet", "desktop")
STARTED, STOPPED = TYPING_STATES = ("TYPING_STATE_STARTED", "TYPING_STATE_STOPPED")
USER_END, ABANDONED, NATURAL_END = "REASON_USER_END", "REASON_USER_ABANDONED", "REASON_NATURAL_END"
# Where the published clients look for words of the documented server, they get them.
WORDS = {
    "TOO_LARGE": "Message too large",
    "UNKNOWN_SESSION": "Conversation not found",
    "UNAVAILABLE": "Unable to start a conversation: the server waits for its database.",
}

Custom = dict[str, str]


# ── From a client ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Join:
    """The visitor asks for the agent."""

    custom: Custom = field(default_factory=dict)
    about: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class About:
    """What page or app tells of itself, or of the visitor: in place of what was signed before, beside other data."""

    about: Context
    custom: Custom = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    text: str = field(repr=False)
    custom: Custom = field(default_factory=dict)

    @property
    def local_id(self) -> str:
        """What makes it the same message when it is sent again; empty where the client gave none."""
        return self.custom.get("local_id", "")


@dataclass(frozen=True, slots=True)
class Typing:
    state: str


@dataclass(frozen=True, slots=True)
class End:
    custom: Custom = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    custom: Custom = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A call that the client is about to make belongs to this chat."""

    call_sid: str
    custom: Custom = field(default_factory=dict)


class Unusable(Refused):
    """A frame that was read and is of no use. `custom` is what came with it: by it a client knows which one it was."""

    def __init__(self, code: str, detail: str, custom: Custom) -> None:
        super().__init__(code, detail)
        self.custom = custom


Incoming = Join | About | Message | Typing | End | Heartbeat | Link


def parse(text: str) -> Incoming:
    if len(text) > FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > FRAME_BYTES:
        raise Refused("TOO_LARGE")
    try:
        frame = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused("INVALID_MESSAGE", "not JSON") from None
    if not isinstance(frame, dict):
        raise Refused("INVALID_MESSAGE", "not an object")
    custom = _custom(frame.get("metadata"))
    try:
        return _incoming(frame, custom)
    except Refused as refused:
        raise Unusable(refused.code, refused.detail, custom) from None


def _incoming(frame: dict[str, Any], custom: Custom) -> Incoming:
    payload = frame.get("payload")
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        raise Refused("INVALID_ARGUMENT", "payload")
    match frame.get("type"):
        case "EVENT_TYPE_REQUEST_POLY_AGENT_JOIN":
            return Join(custom, context.read(payload))
        case "EVENT_TYPE_USER_CONTEXT":
            return About(context.read(payload), custom)
        case "EVENT_TYPE_USER_MESSAGE":
            words = _text(payload.get("text"))
            if not words.strip():
                raise Refused("INVALID_ARGUMENT", "text")
            if len(custom.get("local_id", "")) > LOCAL_ID_CHARS:
                raise Refused("INVALID_ARGUMENT", "local_id")
            return Message(words, custom)
        case "EVENT_TYPE_USER_TYPING":
            state = payload.get("state")
            if state not in TYPING_STATES:
                raise Refused("INVALID_ARGUMENT", "state")
            return Typing(state)
        case "EVENT_TYPE_USER_END_SESSION":
            return End(custom)
        case "EVENT_TYPE_HEARTBEAT":
            return Heartbeat(custom)
        case "EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION":
            sid = payload.get("call_sid")
            if not isinstance(sid, str) or not 0 < len(sid) <= LOCAL_ID_CHARS:
                raise Refused("INVALID_ARGUMENT", "call_sid")
            return Link(storable(sid), custom)
    raise Refused("INVALID_MESSAGE", "type")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Refused("INVALID_ARGUMENT", "text")
    return storable(value)


def _custom(metadata: object) -> Custom:
    """What is echoed: every value a text, because the published clients ignore others."""
    if metadata is None:
        return {}
    held = metadata.get("custom") if isinstance(metadata, dict) else metadata
    if held is None:
        return {}
    if not isinstance(held, dict) or len(held) > CUSTOM_NAMES:
        raise Refused("INVALID_ARGUMENT", "metadata")
    found = {}
    for name, value in held.items():
        if isinstance(value, dict | list) or value is None:
            continue
        text = value if isinstance(value, str) else json.dumps(value)
        if len(name) > CUSTOM_NAME_CHARS or len(text) > CUSTOM_VALUE_CHARS:
            raise Refused("INVALID_ARGUMENT", "metadata")
        found[storable(name)] = storable(text)
    return found


def storable(text: str) -> str:
    """As databases take it: without NUL and half characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def cursor(text: str) -> int:
    """After which event a client wants to go on; 0, everything, where it cannot be read."""
    digits = text.removeprefix("seq:")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


# ── To a client ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Event:
    """One event as clients get it. `sequence` is None for what is told once and not kept."""

    type: str  # without the prefix
    payload: dict[str, Any]
    id: str
    at: str
    sequence: int | None = None
    custom: Custom = field(default_factory=dict)

    def envelope(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "sequence": self.sequence,
            "timestamp": self.at,
            "type": PREFIX + self.type,
            "payload": self.payload,
            "metadata": {"custom": self.custom},
        }

    @classmethod
    def of(cls, envelope: Mapping[str, Any]) -> "Event":
        return cls(
            envelope["type"].removeprefix(PREFIX),
            envelope["payload"],
            envelope["id"],
            envelope["timestamp"],
            envelope["sequence"],
            envelope["metadata"]["custom"],
        )


def passing(type: str, at: str, payload: dict[str, Any] | None = None, custom: Custom | None = None) -> Event:
    """Something that is told once: it is in no replay."""
    return Event(type, payload or {}, str(uuid.uuid4()), at, None, custom or {})


def refusal(code: str, at: str, custom: Custom | None = None) -> Event:
    """That a frame was refused. The socket stays open."""
    words = WORDS.get(code, CODES[code].message)
    payload = {"level": "SYSTEM_MESSAGE_LEVEL_ERROR", "message": words, "code": code}
    return passing("SYSTEM_MESSAGE", at, payload, custom)


def start_payload(context_id: str, *, streams: bool) -> dict[str, Any]:
    return {
        "capabilities": {
            "streaming": streams,
            "max_message_size_bytes": FRAME_BYTES,
            "max_reconnect_attempts": RECONNECTS_MOST,
            "heartbeat_interval_seconds": HEARTBEAT_S,
        },
        "context_id": context_id,
    }


def dump(event: Event) -> str:
    return json.dumps(event.envelope(), ensure_ascii=False, separators=(",", ":"))


def batches(events: Iterable[Event], at: str) -> Iterator[Event]:
    """Replay in frames of a size that clients take; an empty one where there is nothing."""
    held: list[dict[str, Any]] = []
    size = 0
    first = True
    for event in events:
        one = len(dump(event))
        if held and (len(held) == BATCH_EVENTS or size + one > BATCH_BYTES):
            yield passing("EVENT_BATCH", at, {"events": held})
            held, size, first = [], 0, False
        held.append(event.envelope())
        size += one
    if held or first:
        yield passing("EVENT_BATCH", at, {"events": held})
