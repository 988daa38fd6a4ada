"""The resume token: what a page needs to come back to its own call, and nobody else has. No Django.

Each attach hands out a new one. The one that was shown for it stays good until the page has proved that the new one
arrived: an answer that is lost on the way loses no call. Only hashes are kept.
"""

import hashlib
import hmac
import secrets


def session_of(token: str) -> str:
    """The id of the session a token speaks of; nothing where it is not shaped like one of ours."""
    session, dot, secret = token.partition(".")
    return session if dot and secret and token.isascii() else ""


class ResumeTokens:
    """The tokens of one session: at most two are good at a time."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._newest = b""
        self._shown = b""  # what the last attach was made with, until the newest is confirmed

    def issue(self, shown: str = "") -> str:
        """A new token, for an attach that was made with `shown`. Every other one is void."""
        token = f"{self._session_id}.{secrets.token_urlsafe(32)}"
        self._shown = _hash(shown) if shown else b""
        self._newest = _hash(token)
        return token

    def fits(self, token: str) -> bool:
        given = _hash(token)
        return any(kept and hmac.compare_digest(kept, given) for kept in (self._newest, self._shown))

    def confirm(self) -> None:
        """The page has the newest token."""
        self._shown = b""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
