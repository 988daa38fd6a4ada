"""What arrives on the signalling socket, read. Nothing of it is trusted: size, depth or types.

`parse` either returns one of the messages of protocol.py or raises ProtocolError with a code of widgets/refusals.py; it
never raises anything else, whatever it is given.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from agents.engine.line import MUTED, UNHEARD, WRITTEN_MOST
from calling.call.protocol import (
    Asked,
    Candidate,
    HangUp,
    Hello,
    InfoSent,
    KeyPressed,
    Message,
    Muted,
    Offer,
    Pinged,
    Ponged,
    ProtocolError,
    Report,
    Written,
)
from widgets.refusals import REPORTED

FRAME_BYTES = 32 * 1024
SDP_BYTES = 24 * 1024
CREDENTIAL_CHARS = 4096
LABEL_CHARS = 128  # session ids, caller, callee, call ids
CANDIDATE_CHARS = 1024
CODE_CHARS = 40
REASON_CHARS = 20
INFO_NAMES = 50
INFO_NAME_CHARS = 64
INFO_VALUE_CHARS = 2000
INFO_BYTES = 8 * 1024
QUESTION_CHARS = 200
WRITTEN_ID_CHARS = 128  # of the id of what is typed in a call
DTMF_DIGITS = frozenset("0123456789*#")
LARGEST_NUMBER = 2**53  # beyond it a browser's numbers are not exact

MODES = {"end-to-end": "end-to-end", "traditional": "traditional"} | dict.fromkeys(
    ("agent", "agent_v1", "agent_v2", "cascaded", "normal", "realtime"), "end-to-end"
)


def parse(text: str) -> Message:
    """Read one frame. Raises ProtocolError."""
    if len(text) > FRAME_BYTES or _bytes(text) > FRAME_BYTES:
        raise ProtocolError("TOO_LARGE")
    try:
        body = json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise ProtocolError("INVALID_MESSAGE", "not JSON") from None
    if not isinstance(body, dict):
        raise ProtocolError("INVALID_MESSAGE", "not an object")
    kind = body.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ProtocolError("INVALID_MESSAGE", "unknown type")
    return reader(body)


def _hello(body: dict[str, Any]) -> Hello:
    ticket = _text(body, "ticket", CREDENTIAL_CHARS)
    resume_token = _text(body, "resumeToken", CREDENTIAL_CHARS)
    if not ticket and not resume_token:
        raise ProtocolError("UNAUTHORIZED")
    if ticket and resume_token:
        raise ProtocolError("INVALID_ARGUMENT", "resumeToken")
    last_event = _or_default(body, "lastEvent", 0)
    if not _whole(last_event, 0, LARGEST_NUMBER):
        raise ProtocolError("INVALID_ARGUMENT", "lastEvent")
    move = _or_default(body, "move", False)
    if not isinstance(move, bool):
        raise ProtocolError("INVALID_ARGUMENT", "move")
    return Hello(ticket, last_event, resume_token, move)


def _offer(body: dict[str, Any]) -> Offer:
    mode = _or_default(body, "mode", "end-to-end")
    if mode == "echo":
        raise ProtocolError("FORBIDDEN", "echo")
    if not isinstance(mode, str) or mode not in MODES:
        raise ProtocolError("INVALID_ARGUMENT", "mode")
    data = body.get("data")
    if not isinstance(data, dict) or data.get("type", "offer") != "offer":
        raise ProtocolError("INVALID_ARGUMENT", "data")
    sdp = data.get("sdp")
    if not isinstance(sdp, str) or not sdp:
        raise ProtocolError("INVALID_ARGUMENT", "sdp")
    _storable(sdp, "sdp")
    if _bytes(sdp) > SDP_BYTES:
        raise ProtocolError("TOO_LARGE", "sdp")
    return Offer(
        sdp=sdp,
        session_id=_text(body, "sessionId", LABEL_CHARS),
        credential=_text(body, "authToken", CREDENTIAL_CHARS),
        mode=MODES[mode],
        call_sid=_text(body, "callSid", LABEL_CHARS),
        caller=_text(body, "caller", LABEL_CHARS),
        callee=_text(body, "callee", LABEL_CHARS),
    )


def _candidate(body: dict[str, Any]) -> Candidate:
    data = _or_default(body, "data", {})
    if not isinstance(data, dict):
        raise ProtocolError("INVALID_ARGUMENT", "data")
    _text(data, "candidate", CANDIDATE_CHARS)
    _text(data, "sdpMid", LABEL_CHARS)
    if not _whole(_or_default(data, "sdpMLineIndex", 0), 0, 65_535):
        raise ProtocolError("INVALID_ARGUMENT", "sdpMLineIndex")
    return Candidate(_text(body, "sessionId", LABEL_CHARS))


def _hang_up(body: dict[str, Any]) -> HangUp:
    return HangUp(_text(body, "sessionId", LABEL_CHARS))


def _pinged(body: dict[str, Any]) -> Pinged:
    return Pinged()


def _ponged(body: dict[str, Any]) -> Ponged:
    t = _or_default(body, "t", 0)
    if isinstance(t, bool) or not isinstance(t, int | float) or not _exact(t):
        raise ProtocolError("INVALID_ARGUMENT", "t")
    return Ponged(float(t))


def _info(body: dict[str, Any]) -> InfoSent:
    text = _text(body, "text", INFO_VALUE_CHARS)
    data = _or_default(body, "data", {})
    if not isinstance(data, dict) or len(data) > INFO_NAMES:
        raise ProtocolError("INVALID_ARGUMENT", "data")
    size = _bytes(text)
    for name, value in data.items():
        _storable(name, "data")
        if not name or len(name) > INFO_NAME_CHARS:
            raise ProtocolError("INVALID_ARGUMENT", "data")
        size += _bytes(name)
        if isinstance(value, str):
            _storable(value, "data")
            if len(value) > INFO_VALUE_CHARS:
                raise ProtocolError("INVALID_ARGUMENT", "data")
            size += _bytes(value)
        elif (
            value is not None and not isinstance(value, bool) and not (isinstance(value, int | float) and _exact(value))
        ):
            raise ProtocolError("INVALID_ARGUMENT", "data")
        else:
            size += 8
    if size > INFO_BYTES:
        raise ProtocolError("TOO_LARGE", "info")
    return InfoSent(text, data)


def _ask(body: dict[str, Any]) -> Asked:
    text = _text(body, "text", QUESTION_CHARS).strip()
    if not text:
        raise ProtocolError("INVALID_ARGUMENT", "text")
    return Asked(text)


def _written(body: dict[str, Any]) -> Written:
    text, id = _text(body, "text", WRITTEN_MOST).strip(), _text(body, "id", WRITTEN_ID_CHARS)
    if not text:
        raise ProtocolError("INVALID_ARGUMENT", "text")
    return Written(text, id)


def _key(body: dict[str, Any]) -> KeyPressed:
    digit = body.get("digit")
    if not isinstance(digit, str) or digit not in DTMF_DIGITS:
        raise ProtocolError("INVALID_ARGUMENT", "digit")
    return KeyPressed(digit)


def _muted(body: dict[str, Any]) -> Muted:
    muted = body.get("muted")
    if not isinstance(muted, bool):
        raise ProtocolError("INVALID_ARGUMENT", "muted")
    reason = _text(body, "reason", REASON_CHARS) or MUTED
    if reason not in UNHEARD:
        raise ProtocolError("INVALID_ARGUMENT", "reason")
    return Muted(muted, reason)


def _report(body: dict[str, Any]) -> Report:
    code = _text(body, "code", CODE_CHARS)
    if code not in REPORTED:
        raise ProtocolError("INVALID_MESSAGE", "unknown code")
    return Report(code)


_READERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "hello": _hello,
    "offer": _offer,
    "ice-candidate": _candidate,
    "close": _hang_up,
    "ping": _pinged,
    "pong": _ponged,
    "info": _info,
    "ask": _ask,
    "write": _written,
    "dtmf": _key,
    "muted": _muted,
    "report": _report,
}


def _text(body: dict[str, Any], name: str, most: int) -> str:
    """A text field; null and absence are an empty text."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise ProtocolError("INVALID_ARGUMENT", name)
    _storable(value, name)
    return value


def _storable(value: str, name: str) -> None:
    """No database takes a NUL, and nothing can encode half of a surrogate pair."""
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ProtocolError("INVALID_ARGUMENT", name)


def _or_default(body: dict[str, Any], name: str, default: Any) -> Any:
    value = body.get(name)
    return default if value is None else value


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _exact(value: int | float) -> bool:
    return abs(value) <= LARGEST_NUMBER  # NaN is not, either


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _not_json(constant: str) -> NoReturn:
    """Infinity and NaN are not JSON, whatever Python's reader thinks."""
    raise ValueError(constant)
