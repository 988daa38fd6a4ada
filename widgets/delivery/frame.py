"""What visitors' browsers fetch: the script of the tag, and the frame behind it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agents.outside.origins import Origin, parse_origin
from widgets import domains
from widgets.admission import absence, access, consent, credentials, limits, refused_hosts
from widgets.admission.shown import Shown
from widgets.card import colours, look, pictures, texts
from widgets.card.default_words import NAMES
from widgets.card.look import Look
from widgets.delivery import browsers, script
from widgets.models import Kind, Widget, WidgetImage
from widgets.refusals import Refused

SEEN_EVERY_S = 60

# What a call can begin without, fetched once one runs.
_SOUND = ("widget/frame/later/sound.js", "widget/frame/later/sound-worklet.js")  # only where the page may hear along
_LATER = ("widget/frame/later/rest.js", "widget/frame/later/rest.css")
_TALK = ("widget/chat/later/talk.js", "widget/chat/later/talk.css")
_CHOICE = ("widget/frame/later/languages.js",)  # only where visitors choose


@require_safe
def loader(request: HttpRequest, code: str) -> HttpResponse:
    """The script. Always 200 or 304: a page that carries a tag never gets an error from it."""
    try:
        with absence.told():
            return _script(request, code)
    except Refused as refused:
        return script_response(request, script.inert(refused.code))


def _script(request: HttpRequest, code: str) -> HttpResponse:
    try:
        widget = access.find(code)
    except Refused as refused:
        return script_response(request, script.inert(refused.code))
    try:
        limits.check_address("script", limits.client_ip(request))
        _note_page(widget, request)
    except Refused:
        pass  # the script is cheap; what a flood loses is only that it is noted
    return script_response(request, script.of_widget(widget, accepted(request), agent(request)))


def accepted(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "")


def agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")


def script_response(request: HttpRequest, served: script.Script) -> HttpResponse:
    packed = _accepts_gzip(request.headers.get("Accept-Encoding", ""))
    tag = served.gzipped_tag if packed else served.tag
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in known or "*" in known:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(served.gzipped if packed else served.plain)
        if packed:
            response["Content-Encoding"] = "gzip"
        response["X-Content-Type-Options"] = "nosniff"
    response["Content-Type"] = "text/javascript; charset=utf-8"
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    # The button may speak the visitor's language, and says so to a browser that is too old.
    patch_vary_headers(response, ("Accept-Encoding", "Accept-Language", "User-Agent"))
    return response


def _accepts_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        name, _semicolon, quality = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _note_page(widget: Widget, request: HttpRequest) -> None:
    """Whose page asked for the script: a listed one is "seen", another one is counted as refused."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
        origin = parse_origin(f"{parts.scheme}://{parts.netloc}".lower())
    except ValueError:
        return
    if origin is None or str(origin) == settings.PUBLIC_URL:
        return
    if domains.match(origin, widget.domains.all()):
        _mark_seen(widget, origin)
    else:
        refused_hosts.count(widget, origin.site, limits.client_ip(request))


def _mark_seen(widget: Widget, origin: Origin) -> None:
    if cache.add(f"seen:{widget.pk}", True, SEEN_EVERY_S):
        Widget.objects.filter(pk=widget.pk).update(
            seen_at=timezone.now(), seen_host=origin.site, seen_secure=origin.is_secure
        )


@require_safe
@gzip_page
@xframe_options_exempt
def frame(request: HttpRequest, code: str) -> HttpResponse:
    """The document inside the frame. `?host=` is a claim; `frame-ancestors` lets the browser prove it."""
    try:
        with absence.told():
            return _document(request, code)
    except Refused as refused:
        return _refused_frame(request, refused)


def _document(request: HttpRequest, code: str) -> HttpResponse:
    try:
        limits.check_address("frame", limits.client_ip(request))
        if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
            raise Refused("FORBIDDEN", "opened as a page")
        widget = access.find(code)
        grant, admitted = access.embed_grant(widget, request.GET.get("host", ""))
        shown, claimed = admitted.shown, admitted.origin
    except Refused as refused:
        refused_hosts.note(refused, limits.client_ip(request))
        # Only a listed site learns that nothing runs: the list was asked first.
        looks_like = access.closed(widget) if refused.code in access.CLOSED else None
        if looks_like is None:
            return _refused_frame(request, refused)
        grant, shown, claimed, why = "", looks_like, request.GET["host"], access.CLOSED[refused.code]
    else:
        if widget.kind == Kind.PHONE:
            access.expect(admitted)
        why = ""
    origin = parse_origin(claimed)
    _mark_seen(widget, origin)
    held = frame_settings(shown, claimed, grant, request) | ({"closed": why} if why else {})
    return framed(render(request, template(shown), {"settings": held, "words": first_words(held)}), str(origin))


def template(shown: Shown) -> str:
    """The document of a kind of widget: each fetches its own modules and nothing of the other's."""
    return "widgets/chat_frame.html" if shown.widget.kind == Kind.CHAT else "widgets/frame.html"


def frame_settings(shown: Shown, origin: str, grant: str, request: HttpRequest) -> dict[str, Any]:
    """The block that the frame's modules start from (docs/wire.md, "What the frame document holds")."""
    language = texts.chosen(shown.look, accepted(request))
    late = not shown.look.hours.are_now()
    rendered = texts.rendered(shown.look, language, shown.variant)
    drawn = looks(look.public(rendered, shown.agent_name, after_hours=late))
    held: dict[str, Any] = {
        "code": shown.widget.code,
        "host": origin,
        "grant": grant,
        "expiresIn": credentials.GRANT_S,
        "name": drawn["style"]["agent_name"],
        "config": drawn,
        **in_language(shown.look, language, shown.variant),
    }
    if shown.widget.kind == Kind.CHAT:
        return held | {"urls": _of_chat() | (_talks(language) if shown.look.chat.talk else {})}
    held["urls"] = _of_phone(language)
    if shown.look.audio_to_page:
        held["urls"]["sound"] = [static(name) for name in _SOUND]
    if texts.asks(shown.look):
        held["offers"] = offers(shown.look, shown.variant, after_hours=late)
    if browsers.is_too_old(agent(request)):
        held["old"] = True
    return held


def _of_phone(language: str) -> dict[str, Any]:
    return {
        "grant": reverse("widgets:grant"),
        "consent": reverse("widgets:consent"),
        "ticket": reverse("widgets:ticket"),
        "rating": "/api/v1/widget/rating",
        "missed": "/api/v1/widget/missed",
        "signal": f"{_socket_origin()}/api/v1/webrtc/signal",
        "later": [static(name) for name in (*_words(language, "-later"), *_LATER)],
    }


def _of_chat() -> dict[str, Any]:
    """The messaging API, as any client of it has it (docs/messaging.md)."""
    return {
        "grant": reverse("widgets:grant"),
        "token": "/api/v1/access-token",
        "session": "/api/v1/sessions",
        "rating": "/api/v1/chat/rating",
        "socket": f"{_socket_origin()}/ws",
    }


def _talks(language: str) -> dict[str, Any]:
    """What a chat goes on aloud with: fetched when somebody wants to."""
    return {
        "ticket": reverse("widgets:chat_ticket"),
        "signal": f"{_socket_origin()}/api/v1/webrtc/signal",
        "talk": [static(name) for name in (*_TALK, *_words(language, "-talk", "chat"))],
    }


def in_language(shown: Look, language: str, variant: dict[str, str]) -> dict[str, Any]:
    said = consent.wording(shown, language, variant)
    return {"language": language, "consent": said.shown() if said else None}


def offers(shown: Look, variant: dict[str, str], *, after_hours: bool = False) -> list[dict[str, Any]]:
    """What differs between the languages that a visitor may choose from: the owner's texts, and the files of ours."""
    return [
        {
            **in_language(shown, language, variant),
            "name": NAMES[language],
            "words": look.words(texts.rendered(shown, language, variant), after_hours=after_hours),
            "first": [static(name) for name in _words(language)],
            "later": [static(name) for name in _words(language, "-later")],
        }
        for language in shown.languages
    ]


def looks(shown: dict[str, Any]) -> dict[str, Any]:
    """The public configuration as the card needs it: with the colours of both themes, and the picture's address."""
    style = shown["style"]
    style.update(colours.accents(style["brand"]).shown())
    if style["call"]:
        style.update(colours.accents(style["call"]).of_calls())
    style["avatar"] = pictures.address(style.get("avatar", ""))
    if "chat" in shown:
        style.update(colours.accents(style["brand"]).of_chats())
        shown["chat"]["header"] = pictures.address(shown["chat"]["header"])
    return shown


@require_safe
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A card's picture. Its address is its content, so a browser keeps it for good."""
    try:
        limits.check_address("picture", limits.client_ip(request))
    except Refused as refused:
        return HttpResponse(status=refused.status)
    kept = WidgetImage.objects.filter(digest=digest).first()
    if kept is None:
        raise Http404
    response = HttpResponse(bytes(kept.content), content_type=kept.content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}
    return response


def first_words(held: dict[str, Any]) -> list[str]:
    """Modules that the frame loads before its own: so it speaks the visitor's language from the first moment."""
    if "token" in held["urls"]:
        return _words(held["language"], room="chat")
    return [*_words(held["language"]), *(_CHOICE if "offers" in held else ())]


def _words(language: str, part: str = "", room: str = "frame") -> list[str]:
    """English is in the modules themselves."""
    return [] if language == "en" else [f"widget/{room}/strings/{language}{part}.js"]


def _socket_origin() -> str:
    return "ws" + settings.PUBLIC_URL.removeprefix("http")


def framed(response: HttpResponse, ancestor: str) -> HttpResponse:
    response._csp_replace = {"frame-ancestors": [ancestor], "form-action": ["'none'"]}
    response["Cache-Control"] = "no-store"
    # A page that isolates itself takes only frames that say both; all that ours loads is our own.
    response["Cross-Origin-Embedder-Policy"] = "require-corp"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _refused_frame(request: HttpRequest, refused: Refused) -> HttpResponse:
    response = render(request, "widgets/refused.html", {"refused": refused}, status=refused.status)
    return framed(response, "'none'")
