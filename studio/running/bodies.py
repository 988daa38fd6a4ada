"""How large a body a path takes and from whom, and the words of its refusal: what intake.py holds senders to."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from studio.running import hosts
from widgets.refusals import CODES

# The largest body that a path takes which says nothing else: from anybody, and from who is signed in to the console.
BODY_MOST = 64 * 1024
SIGNED_IN_MOST = 2 * 1024 * 1024


def body_most(path: str) -> int:
    """The largest body that the view at this path can need."""
    try:
        view = resolve(path).func
    except (Resolver404, ValueError):
        return BODY_MOST
    said = getattr(getattr(view, "view_class", view), "body_most", None)
    if said is not None:
        return int(said)
    return SIGNED_IN_MOST if hosts.is_console(path) else BODY_MOST


def is_signed_in(cookies: bytes) -> bool:
    """Whether these cookies are of somebody who is signed in. Asks the database."""
    request = HttpRequest()
    try:
        found = SimpleCookie(cookies.decode("latin-1"))
    except CookieError:
        return False
    key = found[settings.SESSION_COOKIE_NAME].value if settings.SESSION_COOKIE_NAME in found else None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        return bool(key) and get_user(request).is_authenticated
    except DatabaseError:
        return False


def words(code: str, path: str) -> dict[str, Any]:
    """The body of a refusal, as the view at this path words its own."""
    try:
        view = resolve(unquote(path)).func
    except (Resolver404, ValueError):
        view = None
    told = getattr(getattr(view, "view_class", view), "told", None)
    row = CODES[code]
    return dict(told(code)) if told else {"error": {"code": code, "message": row.message}}
