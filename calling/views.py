"""ICE servers, the documented health answer, and recordings in pieces."""

import re
import uuid
from collections.abc import AsyncIterator, Generator
from contextlib import closing

from django.core.files.storage import Storage, storages
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from agents.people import roles
from calling.gateway import ice
from calling.models import Recording
from calling.record import actions
from calling.record.store import admissions, notes
from widgets.admission import access, app_calls, consent, cors, credentials, limits
from widgets.admission.endpoints import Answer, Body, endpoint
from widgets.admission.endpoints import answer as refusal
from widgets.refusals import REPORTED, UNREACHED, Refused

PIECE_BYTES = 64 * 1024
MOST_STARS = 5
MOST_TOLD_BYTES = 100  # a widget's code and one of our own
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")  # more digits than any file has are no range


@require_GET
def ice_servers(request: HttpRequest) -> JsonResponse:
    """`{iceServers: [...]}` for whoever holds a grant, a ticket, or an app's calling token."""
    header, query = request.headers.get("Authorization"), request.GET.get("token", "")
    token = header.partition(" ")[2].strip() if header else query
    try:
        limits.check_address("ice", limits.client_ip(request))
        if app_calls.is_token(token):
            admitted = app_calls.admission(app_calls.admit(token))
        else:
            admitted = access.admission(credentials.bearer(header, query))
        cors.let_read(request, admitted.origin)
    except Refused as refused:
        answer = JsonResponse({"error": {"code": refused.code, "message": refused.message}}, status=refused.status)
    else:
        answer = JsonResponse({"iceServers": ice.servers(admitted.widget.code[:8])})
    answer["Cache-Control"] = "no-store"
    return answer


@endpoint("rating")
def rating(request: HttpRequest, body: Body) -> Answer:
    """The stars of a visitor whose call is over. The ticket came with the end of the call and is good once."""
    stars = body.get("stars")
    conversation = credentials.read_rating(body.get("ticket"))
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= MOST_STARS:
        raise Refused("INVALID_ARGUMENT", "stars")
    actions.rate_conversation(conversation, stars)
    return {"stars": stars}


@endpoint("missed")
def missed(request: HttpRequest, body: Body) -> Answer:
    """A call that never reached the gateway, so that its owner can read why: only the browser knows."""
    claims = credentials.read_grant(body.get("grant"))
    admitted = access.admission(claims)
    code = body.get("code")
    if not isinstance(code, str) or code not in REPORTED:
        raise Refused("INVALID_ARGUMENT", "code")
    address = limits.client_ip(request)
    limits.check_missed(address, admitted.widget.pk)
    agreed = consent.check(admitted, body["consent"]) if body.get("consent") else None
    return {"reference": admissions.missed(admitted, code, address, agreed, claims.page).reference}


@csrf_exempt
@require_POST
def unreached(request: HttpRequest) -> HttpResponse:
    """A card that never came to its page. The tag tells by a beacon: there is no document of ours to ask with a grant,
    so the browser's word for whose page it was has to do, and few are kept."""
    code, _space, why = request.body[:MOST_TOLD_BYTES].decode("ascii", "replace").partition(" ")
    try:
        limits.check_address("missed", limits.client_ip(request))
        if why not in UNREACHED:
            raise Refused("INVALID_ARGUMENT", "code")
        claims = credentials.GrantClaims(code, request.headers.get("Origin", ""), credentials.EMBED)
        admitted = access.admission(claims)
        limits.check_unreached(limits.client_ip(request), admitted.widget.pk)
    except Refused as refused:
        if refused.code == "RATE_LIMITED":  # not kept, and no red line in the console of somebody's page for it
            return HttpResponse(status=204)
        return refusal(refused)
    admissions.missed(admitted, why, limits.client_ip(request), None)
    return HttpResponse(status=204)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The documented form. Whether everything behind it works is /readyz's to say."""
    from calling.gateway import calls  # brings the media libraries along: not for every command that reads the URLs

    here = calls.here()
    status = "draining" if here.draining else "ok"
    answer = JsonResponse({"status": status, "activeSessions": len(here.sessions), "notes": notes.counts()})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def recording(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """The sound of a conversation, whole or the asked piece of it, for those who may read the conversation.

    Everybody else gets what they would get for a conversation that never was.
    """
    row = get_object_or_404(
        Recording.objects.select_related("conversation__project"),
        conversation_id=conversation_id,
        status=Recording.Status.READY,
    )
    conversation = row.conversation
    storage = storages["recordings"]
    if not roles.may(request.user, conversation.project, "conversations.personal") or not storage.exists(row.file):
        raise Http404
    size = storage.size(row.file)
    first, last, status = _asked(request.headers.get("Range", ""), size)
    headers = {
        "Content-Type": "audio/ogg",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if "download" in request.GET:
        headers["Content-Disposition"] = f'attachment; filename="{conversation.reference}.ogg"'
    if status == 416:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(last - first + 1)
    if status == 206:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    pieces = _pieces(storage, row.file, first, last)
    body = _apart(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(body, status=status, headers=headers)


def _asked(header: str, size: int) -> tuple[int, int, int]:
    """First and last byte, and the status. What is not one range of bytes is ignored, as the standard wants it."""
    found = _RANGE.fullmatch(header.strip())
    if not found or found[0] == "bytes=-":
        return 0, size - 1, 200
    if not found[1]:  # the last so many
        count = min(int(found[2]), size)
        return (size - count, size - 1, 206) if count else (0, 0, 416)
    first, last = int(found[1]), min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return 0, size - 1, 200
    return (first, last, 206) if first < size else (0, 0, 416)


def _pieces(storage: Storage, name: str, first: int, last: int) -> Generator[bytes, None, None]:
    """Opened when the first piece is asked for: a visitor who hangs up before leaves nothing open."""
    with storage.open(name) as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece


async def _apart(pieces: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    """The same for a server that reads asynchronously. A piece comes from the page cache in microseconds."""
    with closing(pieces):
        for piece in pieces:
            yield piece
