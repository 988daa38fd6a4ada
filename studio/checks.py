"""System checks: what is set up in a way that will disappoint, with ids and hints.

Errors stop the start, because calls would fail for certain; warnings are printed at every command.
`manage.py doctor` goes further and tries things out.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from studio.running import health


def is_local(url: str) -> bool:
    """Whether an address is reached from this machine only: then it is somebody trying the product out."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.endswith(".localhost") or host == "::1" or host.startswith("127.")


@register
def calls(**_: Any) -> list[CheckMessage]:
    """Settings with which calls fail."""
    found: list[CheckMessage] = []
    if settings.TURN_URLS and not settings.TURN_SECRET:
        found.append(
            Error(
                "STUDIO_TURN_URLS is set, but STUDIO_TURN_SECRET is not.",
                hint="Give the secret that coturn has as static-auth-secret; browsers get credentials made from it.",
                id="studio.E001",
            )
        )
    if settings.MEDIA_PORTS:
        first, last = settings.MEDIA_PORTS
        ports = last - first + 1
        if ports < settings.MAX_CALLS:
            found.append(
                Error(
                    f"STUDIO_MEDIA_PORTS has {ports} ports, but {settings.MAX_CALLS} calls may run at the same time.",
                    hint="Each call takes a port. Widen the range, or set STUDIO_MAX_CALLS lower.",
                    id="studio.E002",
                )
            )
    if settings.GATEWAYS > 1:
        found.append(
            Error(
                f"STUDIO_GATEWAYS is {settings.GATEWAYS}, but one gateway serves a database.",
                hint="Leave it out, and run one: a second one would end the calls of the first.",
                id="studio.E003",
            )
        )
    missing = health.missing_models()
    if missing:
        found.append(
            Warning(
                f"Speech models are missing: {', '.join(missing)}.",
                hint="Run `python manage.py models`. Until then the agent cannot hear or speak as it should.",
                id="studio.W005",
            )
        )
    return found


@register
def production(**_: Any) -> list[CheckMessage]:
    """Settings that are fine on one's own machine and not on the internet."""
    if is_local(settings.PUBLIC_URL):
        return []
    found: list[CheckMessage] = []
    if not settings.SECURE:
        found.append(
            Warning(
                f"STUDIO_PUBLIC_URL is not secure: {settings.PUBLIC_URL}.",
                hint="Browsers open the microphone on https:// pages only. docs/deploy.md shows how to get there.",
                id="studio.W001",
            )
        )
    if not settings.SECRET_KEY_GIVEN:
        found.append(
            Warning(
                "The secret key was generated into the data folder.",
                hint="Set STUDIO_SECRET_KEY or STUDIO_SECRET_KEY_FILE, so that a lost folder does not end every "
                "session, and a copied one gives nothing away.",
                id="studio.W002",
            )
        )
    if urlsplit(settings.PUBLIC_URL).hostname == urlsplit(settings.CONSOLE_URL).hostname:
        found.append(
            Warning(
                "Console and visitors' pages share a host.",
                hint="Give the console a host of its own with STUDIO_CONSOLE_URL: then nothing that visitors' "
                "browsers load can reach a signed-in session.",
                id="studio.W003",
            )
        )
    if settings.DEBUG:
        found.append(
            Warning(
                "STUDIO_DEBUG is on.",
                hint="Error pages show settings and code to everybody. Switch it off.",
                id="studio.W004",
            )
        )
    if settings.SECURE and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "The public address is https, but STUDIO_TRUSTED_PROXIES is 0.",
                hint="Something in front of the gateway ends TLS. Say how many proxies stand there, or all visitors "
                "look like one and share its limits.",
                id="studio.W006",
            )
        )
    return found
