"""A bound on guessing passwords, and the browsers that it does not keep out.

A guess is counted before it is looked at: for the account, whatever it was called, from this network; for this network
with any account; and for the account from anywhere. That last one would let strangers lock somebody out, so a browser
that the person has signed in with before does not draw on it, but on one of its own.
"""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, HttpResponse

from widgets.admission import limits

WINDOW_S = 15 * 60
TRIES_PER_ACCOUNT = 8  # from one network
TRIES_PER_ADDRESS = 60  # with any account
TRIES_FROM_ANYWHERE, TRIES_OF_A_BROWSER, LONG_S = 100, 30, 3600

CODES, CODES_S = 5, 300  # of six digits, three of them right at any moment: from one network
CODES_FROM_ANYWHERE = 30

KNOWN_COOKIE = "pickup_known"
KNOWN_S = 180 * 24 * 3600
_KNOWN = signing.TimestampSigner(salt="pickup.known-browser.1")


def draw(request: HttpRequest, name: str) -> limits.Drawn:
    """Count one guess at the account of this user name, if there is one. Raises RATE_LIMITED."""
    address, account = limits.client_ip(request), _account(name)
    visitor = limits.visitor_hash(address)
    known = _known(request, account)
    return limits.draw(
        limits.Allowance("sign-in-account", f"{visitor}-{_hidden(account)}", TRIES_PER_ACCOUNT, WINDOW_S),
        limits.Allowance("sign-in-address", visitor, TRIES_PER_ADDRESS, WINDOW_S),
        limits.Allowance("sign-in-browser", known, TRIES_OF_A_BROWSER, LONG_S)
        if known
        else limits.Allowance("sign-in-anywhere", _hidden(account), TRIES_FROM_ANYWHERE, LONG_S),
    )


def draw_code(request: HttpRequest, user: Any) -> limits.Drawn:
    """The same for a code of somebody whose password was right. Raises RATE_LIMITED."""
    visitor, account = limits.visitor_hash(limits.client_ip(request)), f"user-{user.pk}"
    known = _known(request, account)
    return limits.draw(
        limits.Allowance("code", f"{visitor}-{account}", CODES, CODES_S),
        limits.Allowance("code-browser", known, CODES_FROM_ANYWHERE, LONG_S)
        if known
        else limits.Allowance("code-anywhere", account, CODES_FROM_ANYWHERE, LONG_S),
    )


def draw_again(user: Any) -> limits.Drawn:
    """The same for somebody who is signed in, and asked for the password once more."""
    return limits.draw(limits.Allowance("password-again", f"user-{user.pk}", TRIES_PER_ACCOUNT, WINDOW_S))


def remember(response: HttpResponse, user: Any) -> None:
    """This browser was let in to this account: what strangers try elsewhere does not keep it out."""
    held = {"account": f"user-{user.pk}", "browser": secrets.token_urlsafe(12)}
    response.set_cookie(
        KNOWN_COOKIE,
        _KNOWN.sign_object(held),
        max_age=KNOWN_S,
        path="/console/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest, account: str) -> str:
    """What this browser is called, where it was let in to the account before; else nothing."""
    try:
        held = _KNOWN.unsign_object(request.COOKIES.get(KNOWN_COOKIE, ""), max_age=KNOWN_S)
        return str(held["browser"]) if held["account"] == account else ""
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return ""


def _account(name: str) -> str:
    """One word for one account; for a name that is nobody's, what was typed."""
    user = get_user_model().objects.filter(username=name).values_list("pk", flat=True).first()
    return f"user-{user}" if user else f"name-{name.strip().lower()}"


def _hidden(what: str) -> str:
    return hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:32]
