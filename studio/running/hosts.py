"""Keeps the console off the host that visitors' browsers know, where it has one of its own.

Then nothing that runs under the visitors' origin, not even a hole in one of our own pages, is on the origin of a
signed-in session.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

PATHS = ("/console/", "/raw-admin/")


class ConsoleHost:
    """Middleware: console pages asked for under the public host are not there, if the console's is another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        public = urlsplit(settings.PUBLIC_URL).netloc
        if public != urlsplit(settings.CONSOLE_URL).netloc and request.get_host().lower() == public:
            if request.path == "/" or request.path.startswith(PATHS):
                raise Http404
        return self.get_response(request)
