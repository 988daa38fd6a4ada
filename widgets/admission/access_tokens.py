"""Access tokens of the messaging API: JSON Web Tokens, because its clients look inside, of one fixed algorithm.

A token stands for one *user*, somebody's chats on one device. What it admits to is asked anew wherever it is shown:
the app access that made it, or the page that our own card was on.
"""

import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from widgets.admission import access, apps, endpoints
from widgets.admission.access import Admission
from widgets.admission.apps import AppClaims
from widgets.admission.credentials import GrantClaims
from widgets.models import Kind, Widget
from widgets.refusals import Refused

ALGORITHM = "HS256"
AUDIENCE, ISSUER = "messaging", "pickup"
LIFE_S = 24 * 3600
CHARS_MOST = 4096
_REQUIRED = ["exp", "iat", "sub", "aud", "iss"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a token: a client with the credentials of an app, or our own card on a page that has a grant."""

    user: str
    by: AppClaims | GrantClaims

    @property
    def is_card(self) -> bool:
        return isinstance(self.by, GrantClaims)

    @property
    def admission(self) -> Admission:
        """The whole lock, asked anew. Raises Refused."""
        if isinstance(self.by, AppClaims):
            return apps.admission(self.by)
        admitted = access.admission(self.by)
        access.check_kind(admitted.widget, Kind.CHAT)
        return admitted

    def check(self) -> None:
        """Whether what was admitted may go on: less than the lock, as a call outlives the hours. Raises Refused."""
        if isinstance(self.by, AppClaims):
            apps.check(self.by)
        else:
            access.check_page(self.by)

    def check_origin(self, widget: Widget | None, origin: str | None) -> bool:
        """Where a request is from. True for a page that is not ours, but may read the answer. Raises Refused.

        Our card asks from our own origin and from nowhere else; an app has none, a page of a listed site its own.
        """
        if self.is_card:
            endpoints.check_own_origin(origin)
        elif origin is not None and origin != settings.PUBLIC_URL:
            if widget is None:
                raise Refused("UNKNOWN_WIDGET", "deleted")
            apps.check_origin(widget, origin)
            return True
        return False

    def to_json(self) -> dict[str, Any]:
        return {"user": self.user, "card" if self.is_card else "app": asdict(self.by)}

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "Holder":
        if "card" in held:
            return cls(held["user"], GrantClaims(**held["card"]))
        return cls(held["user"], AppClaims(**held["app"]))


def new_user() -> str:
    return secrets.token_urlsafe(16)


def make(holder: Holder) -> str:
    """The token of a new user. Whether they may have one is for apps.admit to say, before."""
    now = int(time.time())
    claims: dict[str, Any] = {"iss": ISSUER, "aud": AUDIENCE, "sub": holder.user, "iat": now, "exp": now + LIFE_S}
    claims |= {name: held for name, held in holder.to_json().items() if name != "user"}
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
            return Holder.from_json({**claims, "user": claims["sub"]})
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
