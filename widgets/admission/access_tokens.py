"""Access tokens of the messaging API: JSON Web Tokens, because its clients look inside, of one fixed algorithm.

A token stands for one *user*, somebody's chats on one device. What it admits to is asked anew wherever it is shown.
"""

import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from widgets.admission import apps
from widgets.admission.access import Admission
from widgets.admission.apps import AppClaims
from widgets.refusals import Refused

ALGORITHM = "HS256"
AUDIENCE, ISSUER = "messaging", "pickup"
LIFE_S = 24 * 3600
CHARS_MOST = 4096
_REQUIRED = ["exp", "iat", "sub", "aud", "iss"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a token: an app, or somebody's page."""

    user: str
    app: AppClaims

    @property
    def admission(self) -> Admission:
        """Raises Refused."""
        return apps.admission(self.app)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "Holder":
        return cls(held["user"], AppClaims(**held["app"]))


def new_user() -> str:
    return secrets.token_urlsafe(16)


def make(holder: Holder) -> str:
    """The token of a new user. Whether they may have one is for apps.admit to say, before."""
    now = int(time.time())
    claims: dict[str, Any] = {"iss": ISSUER, "aud": AUDIENCE, "sub": holder.user, "iat": now, "exp": now + LIFE_S}
    claims["app"] = asdict(holder.app)
    return jwt.encode(claims, _key(settings.SECRET_KEY), ALGORITHM)


def read(token: object) -> Holder:
    """Who holds it. Raises TOKEN_INVALID."""
    if not isinstance(token, str) or not token.isascii() or len(token) > CHARS_MOST:
        raise Refused("TOKEN_INVALID")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            claims = jwt.decode(
                token,
                _key(secret),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=5,
                options={"require": _REQUIRED},
            )
            return Holder(claims["sub"], AppClaims(**claims["app"]))
        except jwt.InvalidSignatureError:
            continue
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
            break
    raise Refused("TOKEN_INVALID")


def bearer(header: str | None) -> Holder:
    """Who holds the token of an `Authorization: Bearer …` header. Raises UNAUTHORIZED without one, or TOKEN_INVALID."""
    if not header:
        raise Refused("UNAUTHORIZED", "headers")
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("TOKEN_INVALID", "not a bearer")
    return read(token.strip())


def _key(secret: str) -> bytes:
    return salted_hmac("pickup.access-token.1", AUDIENCE, secret, algorithm="sha256").digest()
