"""The demo customer site at /demo/: a stranger's page that shows the real tag.

It is served under this machine's other local name only, so that everything between two origins is really tried: the
domain lock, the frame, the microphone's permission.
"""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio import demo, demo_api, demo_chat_api
from widgets.install import embed
from widgets.models import Kind


@require_safe
def page(request: HttpRequest, consent: bool = False, chat: bool = False) -> HttpResponse:
    """The shop's page with the widget that asks for consent, or the one that does not; or with a Chat beside that."""
    return _page(request, "demo/shop.html", consent=consent, chat=chat)


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """Every command and event of the page API, each with a button that runs it."""
    return _page(request, "demo/api.html", commands=demo_api.COMMANDS, events=demo_api.EVENTS)


@require_safe
def chat_api(request: HttpRequest) -> HttpResponse:
    """The same of the API that a Chat's tag brings."""
    return _page(
        request, "demo/api.html", chat=True, commands=demo_chat_api.COMMANDS, events=demo_chat_api.EVENTS, writes=True
    )


def _page(request: HttpRequest, template: str, consent: bool = False, chat: bool = False, **more: Any) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    project = demo.find() if origin == demo.site_origin() else None
    if project is None:
        raise Http404
    shown = [demo.show(widget) | {"kind": widget.kind} for widget in project.widgets.order_by("id")]
    phones = [one for one in shown if one["kind"] == Kind.PHONE]
    widget = next((one for one in phones if one["consent"] == consent), None)
    beside = next((one for one in shown if one["kind"] == Kind.CHAT), None) if chat else None
    here = beside or widget or {}
    context = {"widgets": shown, "widget": widget, "beside": beside, "here": here, "consent": consent, **more}
    ours = settings.PUBLIC_URL

    # What a customer's own site has to allow, and (connect-src) what lets the tag tell of a card that did not come.
    @csp_update({"script-src": ["'self'", ours], "frame-src": [ours], "connect-src": ["'self'", ours]})
    def answer(request: HttpRequest) -> HttpResponse:
        response = render(request, template, context)
        response["Permissions-Policy"] = embed.csp_lines()["Permissions-Policy"]
        return response

    return answer(request)
