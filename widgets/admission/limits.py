"""How often one address, or one widget, may ask: a fixed window on the cache. And the address itself, never kept."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from widgets.refusals import Refused

WINDOW_S = 60

# Requests a minute. An office behind one address, or a busy site, stays far below; a loop does not.
PER_ADDRESS = {
    "script": 600,
    "picture": 600,
    "frame": 120,
    "grant": 60,
    "consent": 60,
    "ticket": 30,
    "ice": 60,
    "socket": 60,
    "rating": 30,
    "missed": 10,
    "check": 10,
}
PER_WIDGET = {"ticket": 600, "missed": 60, "refused": 120, "refused-write": 30}


def within(name: str, key: str, most: int, window_s: int = WINDOW_S) -> bool:
    """Count one more of `name` for `key`; False when that is more than `most` in this window."""
    slot = f"limit:{name}:{key}:{_window(window_s)}"
    cache.add(slot, 0, window_s * 2)
    try:
        return cache.incr(slot) <= most
    except ValueError:  # the entry was evicted between the two: nothing is known, so nobody is punished
        return True


def _window(window_s: int) -> int:
    return int(timezone.now().timestamp()) // window_s


def check_address(name: str, address: str) -> None:
    """Raises RATE_LIMITED when this address asked too often."""
    if not within(name, visitor_hash(address), PER_ADDRESS[name]):
        raise Refused("RATE_LIMITED", name)


def check_widget(name: str, widget_pk: int) -> None:
    """Raises RATE_LIMITED when everybody together asked too often for this widget."""
    if not within(name, f"widget-{widget_pk}", PER_WIDGET[name]):
        raise Refused("RATE_LIMITED", name)


def client_ip(request: HttpRequest) -> str:
    """The visitor's address, as the outermost proxy we trust saw it."""
    return _behind_proxies(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def client_ip_of(scope: Mapping[str, Any]) -> str:
    """The same for a WebSocket's ASGI scope."""
    client = scope.get("client") or ("", 0)
    headers: Iterable[tuple[bytes, bytes]] = scope.get("headers", ())
    forwarded = ",".join(value.decode("latin-1") for name, value in headers if name.lower() == b"x-forwarded-for")
    return _behind_proxies(str(client[0]), forwarded)


def _behind_proxies(remote: str, forwarded_for: str) -> str:
    """Each proxy appends the address it saw, so the n-th from the right was written by the outermost of n we trust.

    What stands further left came from the visitor and may be invented.
    """
    trusted = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    if not trusted or len(hops) < trusted:
        return remote
    return hops[-trusted]


def network(address: str) -> str:
    """Whose address it is: IPv6 people own a /64 and move within it, so all of it counts as one.

    Empty for what is no address: all of those share one allowance.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4 or parsed.ipv4_mapped:
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)


def visitor_hash(address: str) -> str:
    """An address that cannot be read back, and cannot be told from another's after midnight UTC.

    The salt comes from the secret key and the date.
    """
    salt = f"pickup.visitor.{timezone.now().date().isoformat()}"
    return salted_hmac(salt, network(address), algorithm="sha256").hexdigest()[:32]
