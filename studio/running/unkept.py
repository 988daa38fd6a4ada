"""What the console answers is for one person and this moment: nobody keeps it, not even their own browser.

One rule for all pages, forms, downloads, redirects and refusals below the console's paths, so that a page which is
added cannot forget it. A browser that kept a page would show it after its reader has signed out.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from studio.running import hosts


class Unkept:
    """Middleware: around all others, so that what they answer is not kept either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hosts.is_console(request.path_info):
            patch_cache_control(response, private=True, no_store=True)
        return response
