"""Pages of our own where a widget can be called or written to: the shareable call page, and the blank page of a test
link."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agents.outside.origins import parse_origin
from widgets import domains
from widgets.admission import access, call_page, credentials, limits, test_link
from widgets.admission.access import Admission
from widgets.card import colours, look
from widgets.delivery import frame, script
from widgets.models import CallPage, Kind, Widget
from widgets.refusals import Refused

# What makes the card a page, by the kind of widget.
_LOOK = {Kind.PHONE: "widget/page/card.css", Kind.CHAT: "widget/page/chat.css"}
_LOCAL = ("localhost", "127.0.0.1")
_GONE, _BUSY = 410, 503


# ── The call page ────────────────────────────────────────────────────────────────────────────────────────────


@csrf_exempt  # nothing rides on a cookie here: what opens the page is in the form itself
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, or what stands in its place: a question for the passphrase, or why there is none any more."""
    elsewhere = _other_local_name(request)
    if elsewhere:
        return elsewhere
    try:
        limits.check_address("frame", limits.client_ip(request))
    except Refused:
        return _ended(request, None, _("Too many tries"), _("Wait a minute, then load this page again."), 429)
    found = call_page.find(slug)
    refusal = _why_closed(request, found)
    if refusal:
        return refusal
    if not call_page.may_enter(found, request.COOKIES.get(call_page.COOKIE)):
        return _ask(request, found)
    if request.method == "POST":
        return HttpResponseRedirect(request.path)
    try:
        admitted = access.admission(access.own_grant(found.widget, credentials.PAGE, call_page.seal(found))[1])
    except Refused:
        words = _("Nobody can be called here for the moment. Please come back later.")
        title = _("Calls are not open right now")
        if found.widget.kind == Kind.CHAT:
            words = _("Nobody answers here for the moment. Please come back later.")
            title = _("This chat is not open right now")
        return _ended(request, found.widget, title, words, _BUSY)
    return _sealed(render(request, "widgets/call_page.html", _about(admitted.widget, admitted)))


@require_safe
@xframe_options_exempt
def page_frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of the call page. Only for a page that is open, and a browser that gave the passphrase."""

    def admit() -> tuple[str, Admission]:
        found = call_page.find(slug)
        if found is None or not call_page.is_open(found):
            raise Refused("LINK_ENDED")
        if not call_page.may_enter(found, request.COOKIES.get(call_page.COOKIE)):
            raise Refused("FORBIDDEN", "no passphrase")
        grant, claims = access.own_grant(found.widget, credentials.PAGE, call_page.seal(found))
        return grant, access.admission(claims)

    return _frame(request, admit, page=True)


def _why_closed(request: HttpRequest, found: CallPage | None) -> HttpResponse | None:
    if found is None:
        words = _("Check that you have the whole address, or ask the person who sent it for a new one.")
        return _ended(request, None, _("There is no call page here"), words, 404)
    if call_page.expired(found):
        return _ended(request, found.widget, _("This link has ended"), "", _GONE, until=found.expires_at)
    if not found.enabled:
        words = _("Ask the person who sent it whether there is a new one.")
        return _ended(request, None, _("This link has ended"), words, _GONE)
    return None


def _ask(request: HttpRequest, found: CallPage) -> HttpResponse:
    about, status = _about(found.widget), 200
    if request.method == "POST":
        try:
            if request.headers.get("Origin", settings.PUBLIC_URL) != settings.PUBLIC_URL:
                raise Refused("ORIGIN_NOT_ALLOWED")
            value = call_page.enter(found, request.POST.get("passphrase", ""), limits.client_ip(request))
            return _let_in(request, value)
        except call_page.WrongPassphrase as wrong:
            about |= {"left": wrong.left, "wrong": True}
        except Refused as refused:
            about |= {"locked": True}
            status = refused.status
    return _sealed(render(request, "widgets/call_page_passphrase.html", about, status=status))


def _let_in(request: HttpRequest, value: str) -> HttpResponse:
    """Back to the page by a plain request, so that loading it again asks nothing. The cookie is for this page only."""
    response = _sealed(HttpResponseRedirect(request.path))
    response.set_cookie(
        call_page.COOKIE,
        value,
        max_age=call_page.PASS_S,
        path=request.path,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",  # Strict would ask again after each press on the link in a message
    )
    return response


# ── The test link ────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
def test(request: HttpRequest, token: str) -> HttpResponse:
    """A blank page with the widget on it, and one line that says what it runs and for how long."""
    elsewhere = _other_local_name(request)
    if elsewhere:
        return elsewhere
    try:
        limits.check_address("frame", limits.client_ip(request))
        link = test_link.read(token)
    except Refused:
        words = _("Test links work for one hour. Make a new one in the console.")
        return _ended(request, None, _("This test link has ended"), words, _GONE)
    problem, admitted = "", None
    try:
        admitted = _test_admission(link.widget, link.pk.hex)[1]
    except Refused as refused:
        problem = {
            "WIDGET_OFF": _("The widget is switched off, so nobody can call. Switch it on in its settings."),
            "NO_VERSION": _("No version of your agent runs in %s yet. Publish one, then load this page again.")
            % link.widget.get_environment_display(),
        }.get(refused.code, refused.message)
    about = {"link": link, "token": token, "widget": link.widget, "admitted": admitted, "problem": problem}
    return _sealed(render(request, "widgets/test_page.html", about))


@require_safe
def test_script(request: HttpRequest, token: str) -> HttpResponse:
    """The loader as a customer's page gets it, for this page instead of the listed ones."""
    try:
        link = test_link.read(token)
        admitted = _test_admission(link.widget, link.pk.hex)[1]
    except Refused as refused:
        return frame.script_response(request, script.inert(refused.code))
    here = parse_origin(settings.PUBLIC_URL)
    launcher = script.launcher(admitted.shown, frame.accepted(request), frame.agent(request)) | {"pages": ""}
    launcher["frame"] = f"{settings.PUBLIC_URL}/test/{token}/frame"
    launcher["hosts"] = domains.hashed([domains.Address(here.host, here.port)], launcher["code"])
    return frame.script_response(request, script.built(launcher, link.widget.kind))


@require_safe
@xframe_options_exempt
def test_frame(request: HttpRequest, token: str) -> HttpResponse:
    def admit() -> tuple[str, Admission]:
        link = test_link.read(token)
        return _test_admission(link.widget, link.pk.hex)

    return _frame(request, admit)


def _test_admission(widget: Widget, link: str) -> tuple[str, Admission]:
    grant, claims = access.own_grant(widget, credentials.TEST, link)
    return grant, access.admission(claims)


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _frame(request: HttpRequest, admit: Callable[[], tuple[str, Admission]], *, page: bool = False) -> HttpResponse:
    try:
        limits.check_address("frame", limits.client_ip(request))
        if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
            raise Refused("FORBIDDEN", "opened as a page")
        grant, admitted = admit()
    except Refused as refused:
        about = {"refused": refused, "own": True}
        response = render(request, "widgets/refused.html", about, status=refused.status)
    else:
        held = frame.frame_settings(admitted.shown, admitted.origin, grant, request)
        if page:
            held["captions"] = True  # of a call
            held["config"]["policies"] = None  # they stand in the page's foot
        response = render(
            request,
            frame.template(admitted.shown),
            {"settings": held, "words": frame.first_words(held), "look": _LOOK[admitted.widget.kind] if page else ""},
        )
    return _sealed(frame.framed(response, settings.PUBLIC_URL))


def _about(widget: Widget, admitted: Admission | None = None) -> dict[str, Any]:
    """What every call page shows: whose it is, in which colours, and the owner's policies."""
    shown = look.read(widget.published)
    style, policies = shown.style, shown.policies
    return {
        "owner": widget.project.name,
        "writes": widget.kind == Kind.CHAT,
        "agent": admitted.shown.agent_name if admitted else "",
        "theme": "" if style.theme == "auto" else style.theme,
        "accents": colours.accents(style.brand).shown(),
        "policies": policies if policies.enabled else None,
    }


def _ended(
    request: HttpRequest, widget: Widget | None, title: str, words: str, status: int, until: Any = None
) -> HttpResponse:
    about = _about(widget) if widget else {}
    about |= {"title": title, "words": words, "until": until}
    return _sealed(render(request, "widgets/call_page_ended.html", about, status=status))


def _sealed(response: HttpResponse) -> HttpResponse:
    """Kept by nobody, listed nowhere."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _other_local_name(request: HttpRequest) -> HttpResponse | None:
    """`127.0.0.1` and `localhost` are two origins to a browser; what our own pages hold is good for the public one."""
    here, public = urlsplit(f"//{request.get_host()}"), urlsplit(settings.PUBLIC_URL)
    if here.hostname != public.hostname and {here.hostname, public.hostname} <= set(_LOCAL):
        return HttpResponseRedirect(settings.PUBLIC_URL + request.path)
    return None
