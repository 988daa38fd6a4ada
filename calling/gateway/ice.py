"""Which STUN and TURN servers a visitor's browser is told to use, and the passwords for them, good for one call."""

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings

BEYOND_THE_CALL_S = 10 * 60


def lifetime_s() -> int:
    """A relay lets go of a call when its password expires, so it outlives the longest call."""
    return settings.CALL_MAX_MINUTES * 60 + BEYOND_THE_CALL_S


def servers(name: str, good_s: int | None = None) -> list[dict[str, Any]]:
    """The `iceServers` of a browser's configuration; empty unless the operator has set some. coturn logs `name`.

    The relay's password is good for the longest call, or for `good_s`.
    """
    found: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        found.append({"urls": list(settings.STUN_URLS)})
    if settings.TURN_URLS and settings.TURN_SECRET:
        username = f"{int(time.time()) + (good_s or lifetime_s())}:{name}"
        found.append({"urls": list(settings.TURN_URLS), "username": username, "credential": password(username)})
    return found


def password(username: str) -> str:
    """The usual scheme of TURN servers with a shared secret (coturn: use-auth-secret)."""
    digest = hmac.new(settings.TURN_SECRET.encode(), username.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
