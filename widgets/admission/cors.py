"""Other origins on our addresses: the documented ones for pages that make calls or chats by themselves, and only for a
page that the credential was made for, or that the widget's list covers.

The answer to a preflight tells nothing and cannot know the credential, which browsers send with the request itself.
So any page may ask; only one that its view found admitted may read the answer.
"""

from typing import Any

from corsheaders.signals import check_request_enabled
from django.http import HttpRequest

from agents.outside.origins import parse_origin

PATH = "/api/v1/ice-servers"
METHODS = {PATH: "GET", "/api/v1/access-token": "POST", "/api/v1/sessions": "POST", "/api/v1/chat/rating": "POST"}


def let_read(request: HttpRequest, origin: str) -> None:
    """Called by the view once the credential is checked: pages of this origin may read the answer."""
    request.readable_by = origin


def allowed(sender: Any, request: HttpRequest, **kwargs: Any) -> bool:
    """Runs on the event loop, so it looks at the request only and never at the database."""
    origin, method = request.headers.get("Origin", ""), METHODS.get(request.path)
    if method is None or parse_origin(origin) is None:
        return False
    if request.method == "OPTIONS":
        return request.headers.get("Access-Control-Request-Method") == method
    return getattr(request, "readable_by", None) == origin


def connect() -> None:
    check_request_enabled.connect(allowed, dispatch_uid="widgets.admission.cors")
