"""What a page or an app tells of itself beside the words: data that anybody can write, and data that its site signed.

No Django. Whether a signature is good is for widgets/admission/vouched.py to say; here is only what may be sent.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from widgets.refusals import Refused

TOKEN_CHARS = 16 * 1024
NAMES, NAME_CHARS, VALUE_CHARS, CHARS = 50, 64, 2000, 8 * 1024  # as in a call
Data = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Context:
    token: str = field(default="", repr=False)  # a signed one; anything but a text of a size that may be counts as none
    data: Data = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.token or self.data)


def read(payload: dict[str, Any]) -> Context:
    """Raises INVALID_ARGUMENT for data that cannot be used. Who signs badly has not signed: no token is refused."""
    token = payload.get("context")
    return Context(token if isinstance(token, str) and len(token) <= TOKEN_CHARS else "", _data(payload.get("data")))


def _data(given: Any) -> Data:
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > NAMES:
        raise Refused("INVALID_ARGUMENT", "data")
    if sum(len(name) + len(str(value)) for name, value in given.items()) > CHARS:
        raise Refused("INVALID_ARGUMENT", "data")
    found = {}
    for name, value in given.items():
        long = isinstance(value, str) and len(value) > VALUE_CHARS
        endless = isinstance(value, float) and not math.isfinite(value)  # 1e999 is no number that JSON has
        if not 0 < len(name) <= NAME_CHARS or long or endless or not isinstance(value, str | int | float | bool | None):
            raise Refused("INVALID_ARGUMENT", "data")
        found[_storable(name)] = _storable(value) if isinstance(value, str) else value
    return found


def _storable(text: str) -> str:
    """As databases take it: without NUL and half characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
