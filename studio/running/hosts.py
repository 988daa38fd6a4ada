"""Each path on its own host only, where the console has one of its own: the console's there, the rest on the public.

Then nothing that runs under the visitors' origin, not even a hole in one of our own pages, is on the origin of a
signed-in session, and no page of a customer's is asked to trust the console's.

Hosts are compared as browsers read them: whatever port, case or trailing dot a request was made with.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

_CONSOLE = re.compile(r"/(?:$|(?:console|raw-admin)(?:/|$))")
# Probes, and what pages of both are made of. The demo site looks at its origin itself.
_BOTH = re.compile(r"/(?:healthz|readyz|health|favicon\.ico)$|/(?:static|demo|widget/picture)/")
_PORTS = {"http": 80, "https": 443}

Place = tuple[str, int]


def is_console(path: str) -> bool:
    return bool(_CONSOLE.match(path))


def answers(path: str, host: str) -> bool:
    """Whether a request for this path may come under this host (as its header says)."""
    public, console = _place(settings.PUBLIC_URL), _place(settings.CONSOLE_URL)
    if public == console or _BOTH.match(path):
        return True
    own, here = (console if is_console(path) else public), _asked(host, settings.PUBLIC_URL)
    return here == own if public[0] == console[0] else here[0] == own[0]  # the port tells them apart, or nothing does


def _place(url: str) -> Place:
    parts = urlsplit(url)
    return _asked(parts.netloc, url)


def _asked(host: str, url: str) -> Place:
    """Host and port of a Host header; the port of the address's scheme where it has none."""
    name, port = split_domain_port(host)
    return name, int(port) if port.isdigit() and len(port) < 6 else _PORTS[urlsplit(url).scheme]


class Apart:
    """Middleware: what is asked for under the wrong host is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not answers(request.path_info, request.get_host()):
            raise Http404
        return self.get_response(request)


class SocketsApart:
    """The same for WebSockets, below all consumers: one under a wrong host is refused before it is accepted."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        known = len(hosts) == 1 and validate_host(split_domain_port(hosts[0])[0], settings.ALLOWED_HOSTS)
        if known and answers(scope["path"], hosts[0]):
            await self.application(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close"})
