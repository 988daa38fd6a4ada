"""Context that a site signed for one conversation (a JWT, HS256): who its visitor is, in the words of its own server.

It fails open: a conversation without it goes on, and the page is told neither that it was taken nor why not.
"""

import json
import math
from typing import Any

import jwt

from agents.connections import sealing
from widgets.models import ContextKey, Widget

ALGORITHM = "HS256"
TOKEN_BYTES, CONTEXT_BYTES = 16 * 1024, 8 * 1024
LIFE_S = 30  # from iat to exp, at most
LEEWAY_S = 5  # clocks differ

Vault = dict[str, str | int | float | bool | None]


class NotVouched(Exception):
    """Why a token is not taken: one word for the record, which quotes nothing of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(widget: Widget, token: str, context_id: str) -> Vault:
    """What the widget's site vouches for in the conversation of that id. Raises NotVouched."""
    if len(token.encode("utf-8", "replace")) > TOKEN_BYTES:
        raise NotVouched("too_large")
    claims = _claims(widget, token)
    if claims["exp"] - claims["iat"] > LIFE_S:
        raise NotVouched("lives_too_long")
    if claims["sub"] != context_id:
        raise NotVouched("other_conversation")
    return _flat(claims.get("ctx"))


def _claims(widget: Widget, token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise NotVouched("unreadable") from None
    key = ContextKey.objects.filter(widget=widget, kid=str(header.get("kid", ""))[:40]).first()
    if key is None:
        raise NotVouched("unknown_key")
    try:
        # The bytes of the secret's text, as the documented product has it: nothing is decoded first.
        secret = sealing.unseal(key.sealed).encode()
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub"], "verify_aud": False, "verify_iss": False},
        )
    except jwt.ExpiredSignatureError:
        raise NotVouched("expired") from None
    except jwt.ImmatureSignatureError:
        raise NotVouched("not_yet") from None
    except jwt.InvalidSignatureError:
        raise NotVouched("wrong_signature") from None
    except (jwt.InvalidTokenError, sealing.Unreadable):
        raise NotVouched("unreadable") from None
    if any(isinstance(claims[name], bool) or not isinstance(claims[name], int | float) for name in ("exp", "iat")):
        raise NotVouched("unreadable")
    return claims


def _flat(ctx: object) -> Vault:
    if not isinstance(ctx, dict):
        raise NotVouched("no_context")
    if any(not isinstance(value, str | int | float | bool | None) for value in ctx.values()):
        raise NotVouched("not_flat")
    if any(isinstance(value, float) and not math.isfinite(value) for value in ctx.values()):  # 1e999: JSON has no such
        raise NotVouched("not_flat")
    if len(json.dumps(ctx, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")) > CONTEXT_BYTES:
        raise NotVouched("too_large")
    return ctx
