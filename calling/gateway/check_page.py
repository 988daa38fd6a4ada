"""The page /check: whether calls can work from this browser and network, in plain words. For support staff."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    answer = render(request, "widgets/check.html", {"check": {"socket": _socket(), "words": words()}})
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Permissions-Policy"] = "microphone=(self)"
    return answer


def _socket() -> str:
    return "ws" + settings.PUBLIC_URL.removeprefix("http") + "/api/v1/webrtc/check"


def words() -> dict[str, Any]:
    """Everything that static/widget/check/check.js can say. {x} are filled there."""
    return {
        "state": {
            "wait": _("Not checked"),
            "busy": _("Checking …"),
            "good": _("Good"),
            "warn": _("Works, with limits"),
            "bad": _("Problem"),
            "none": _("Not needed"),
        },
        "verdict": {
            "busy": _("Checking. This takes about ten seconds."),
            "good": _("Calls work here."),
            "warn": _("Calls work here, with limits."),
            "bad": _("Calls do not work here yet."),
        },
        "secure": {
            "good": _("The page is secure."),
            "bad": _("The page is not https, so browsers open no microphone. Open it with https."),
        },
        "browser": {
            "good": _("This browser can make calls."),
            "bad": _("This browser is too old for calls. Use a current Chrome, Edge, Firefox or Safari."),
        },
        "microphone": {
            "ask": _("Your browser asks for the microphone. Choose Allow."),
            "listen": _("Say something: the bar moves with your voice."),
            "good": _("{device} works: it heard you."),
            "warn": _("{device} is open, but nothing was heard. Is it muted?"),
            "denied": _("The browser refuses the microphone. Allow it in the site settings beside the address."),
            "dismissed": _("The question was closed. Check again and choose Allow."),
            "policy": _("This page may not use the microphone."),
            "app": _("This app keeps the microphone from pages. Look in its menu for “Open in browser”."),
            "none": _("No microphone was found. Connect one and check again."),
            "busy": _("Another program holds the microphone. Close it and check again."),
            "failed": _("The browser could not open the microphone. Close others that use it, and check again."),
            "unmeasured": _("{device} is open. This browser does not tell how loud it is."),
            "unnamed": _("The microphone"),
        },
        "socket": {
            "good": _("The server can be reached."),
            "bad": _("The server cannot be reached by WebSocket. A proxy or firewall may block it."),
            "OFFLINE": _("This device is offline. Connect it to the internet and check again."),
            "RATE_LIMITED": _("Too many checks from your network. Wait a minute and check again."),
            "FULL": _("Other checks are running. Wait a moment and check again."),
        },
        "sound": {
            "good": _("Sound reaches the server and comes back ({way})."),
            "bad": _("No sound gets through. A firewall blocks UDP, and no relay helps."),
            "direct": _("directly"),
            "relayed": _("by the relay"),
        },
        "quality": {
            # xgettext:no-python-format
            "good": _("{up} % lost on the way there, {down} % on the way back, {ms} ms round trip."),
            "bad": _("Too few packets to measure."),
            "unknown": _("unknown"),
        },
        "relay": {
            "good": _("The relay answers. Calls work behind strict firewalls too."),
            "bad": _("A relay is set up, but does not answer."),
            "none": _("No relay is set up on this server."),
        },
        "failed": _("This browser refused what the check needs. Try another browser."),
        "copied": _("Copied"),
        "select": _("Copy the marked text."),
    }
