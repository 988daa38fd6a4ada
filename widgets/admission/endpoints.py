"""What the frame asks for on a visitor's behalf: a fresh grant, a consent record, a ticket. Our own origin only."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from widgets.admission import absence, access, consent, credentials, limits, refused_hosts
from widgets.card.config import LANGUAGES
from widgets.models import Kind
from widgets.refusals import Refused

BODY_MOST = 8 * 1024
log = structlog.get_logger(__name__)

Body = dict[str, Any]
Answer = dict[str, Any]


def answer(refused: Refused) -> JsonResponse:
    """A refusal as every HTTP endpoint of ours words it."""
    response = JsonResponse(
        {"error": {"code": refused.code, "message": refused.message}},
        status=refused.status,
        headers={"Cache-Control": "no-store"},
    )
    if refused.code == "RATE_LIMITED":
        response["Retry-After"] = str(limits.WINDOW_S)
    return response


def check_own_origin(origin: str | None) -> None:
    """Requests and sockets that act for a visitor come from our own frame: neither `null`, nor another, nor none."""
    if origin != settings.PUBLIC_URL:
        raise Refused("ORIGIN_NOT_ALLOWED")


def endpoint(name: str) -> Callable[[Callable[[HttpRequest, Body], Answer]], Callable[[HttpRequest], JsonResponse]]:
    """No cookie is read here, so there is nothing for a forged request to ride on: the credential is in the body."""

    def made(handle: Callable[[HttpRequest, Body], Answer]) -> Callable[[HttpRequest], JsonResponse]:
        @csrf_exempt
        @require_POST
        @wraps(handle)
        def view(request: HttpRequest) -> JsonResponse:
            try:
                check_own_origin(request.headers.get("Origin"))
                limits.check_address(name, limits.client_ip(request))
                with absence.told():  # the card says so, and offers another try
                    found = handle(request, _body(request))
            except Refused as refused:
                refused_hosts.note(refused, limits.client_ip(request))
                log.info("widget_request_refused", endpoint=name, code=refused.code, detail=refused.detail)
                return answer(refused)
            return JsonResponse(found, headers={"Cache-Control": "no-store"})

        view.body_most = BODY_MOST
        return view

    return made


def _body(request: HttpRequest) -> Body:
    if request.content_type != "application/json":
        raise Refused("INVALID_MESSAGE", "content type")
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not re.fullmatch(r"[0-9]{1,9}", stated) or int(stated) > BODY_MOST or len(request.body) > BODY_MOST:
        raise Refused("TOO_LARGE")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("INVALID_MESSAGE", "not JSON") from None
    if not isinstance(body, dict):
        raise Refused("INVALID_MESSAGE", "not an object")
    return body


@endpoint("grant")
def grant(request: HttpRequest, body: Body) -> Answer:
    return {"grant": access.renew_grant(body.get("grant")), "expiresIn": credentials.GRANT_S}


@endpoint("consent")
def record_consent(request: HttpRequest, body: Body) -> Answer:
    admitted = access.admission(credentials.read_grant(body.get("grant")))
    return {"consent": str(consent.record(admitted, body.get("text"), body.get("language", "")).pk)}


def _language(given: object) -> str:
    """The language of the card: what the agent speaks of it, the call finds out."""
    return given if isinstance(given, str) and given in LANGUAGES else ""


@endpoint("ticket")
def ticket(request: HttpRequest, body: Body) -> Answer:
    claims = credentials.read_grant(body.get("grant"))
    admitted = access.admission(claims)
    access.check_kind(admitted.widget, Kind.PHONE)  # a Chat has its own road: a grant for an access token
    yes = consent.check(admitted, body.get("consent"))
    limits.draw(limits.of_widget("ticket", admitted.widget.pk))  # `endpoint` has drawn on the address's own
    access.check_room(admitted.widget, limits.client_ip(request))
    return {
        "ticket": credentials.make_ticket(claims, yes, _language(body.get("language"))),
        "expiresIn": credentials.TICKET_S,
        "iceServers": access.ice_servers(admitted),
    }
