"""How often one address, or everybody together, may ask: fixed windows on the cache. And the address, never kept.

Two rules hold for every limit, and `draw` keeps them. A try is counted before anything is looked at, so that many at
once are no more than many in a row. And one's own allowance comes first: only what passes it draws on one that others
share, so that nobody can use it up for them.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from widgets.refusals import Refused

WINDOW_S = 60
MB = 1024 * 1024

# In a minute where WINDOWS_S says nothing else. An office behind one address, or a busy site, stays far below; a loop
# does not.
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
    "access-token": 60,
    "session": 30,
    "chat-socket": 120,
    "message": 300,
    "chat-bytes": 8 * MB,
    "chat-bytes-in-a-day": 64 * MB,
    "missed": 10,
    "missed-in-a-day": 30,
    "unreached": 10,
    "check": 10,
    "refused": 15,
    "passphrase": 5,  # for one call page
}
PER_WIDGET = {
    "ticket": 600,
    "session": 600,
    "chat-bytes": 512 * MB,
    "missed": 60,
    "missed-in-a-day": 300,
    "unreached": 60,
    "refused": 120,
    "refused-write": 30,
    "passphrase": 200,
}
DAY_S = 24 * 3600
WINDOWS_S = {  # of an address, of a widget
    "missed": (600, 3600),
    "missed-in-a-day": (DAY_S, DAY_S),
    "unreached": (DAY_S, DAY_S),
    "chat-bytes": (3600, DAY_S),
    "chat-bytes-in-a-day": (DAY_S, DAY_S),
    "passphrase": (600, 3600),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many of one name, for one key, in a window."""

    name: str
    key: str
    most: int
    window_s: int = WINDOW_S

    @property
    def slot(self) -> str:
        return f"limit:{self.name}:{self.key}:{_window(self.window_s)}"

    def count(self, by: int = 1) -> int:
        """One more, or so many; what that makes. Of any number at once, each gets a number of its own."""
        cache.add(self.slot, 0, self.window_s * 2)
        try:
            return int(cache.incr(self.slot, by))
        except ValueError:  # the entry was evicted between the two: nothing is known, so nobody is punished
            return by


@dataclass(frozen=True, slots=True)
class Drawn:
    """A try that was within every allowance."""

    allowances: tuple[Allowance, ...]
    left: int  # how many more would be

    def give_back(self) -> None:
        """It was no guess: what one's own count was for is over, and the others forget this try."""
        own, *others = self.allowances
        cache.delete(own.slot)
        for allowance in others:
            try:
                cache.decr(allowance.slot)
            except ValueError:  # evicted
                pass


def draw(*allowances: Allowance, by: int = 1) -> Drawn:
    """Count one more in each, the narrowest first, up to the one that is used up. Raises RATE_LIMITED there."""
    left = []
    for allowance in allowances:
        left.append(allowance.most - allowance.count(by))
        if left[-1] < 0:
            raise Refused("RATE_LIMITED", allowance.name)
    return Drawn(allowances, min(left))


def within(name: str, key: str, most: int, window_s: int = WINDOW_S) -> bool:
    """Count one more of what is nobody else's to use up; False when that is more than `most` in this window."""
    return Allowance(name, key, most, window_s).count() <= most


def _window(window_s: int) -> int:
    return int(timezone.now().timestamp()) // window_s


def of_address(name: str, address: str, about: str = "") -> Allowance:
    """What one address may; `about` keeps apart what it does to different things."""
    return of_visitor(name, visitor_hash(address) + about)


def of_visitor(name: str, visitor: str) -> Allowance:
    """The same for an address of which only the hash is known."""
    window_s, _shared_s = WINDOWS_S.get(name, (WINDOW_S, WINDOW_S))
    return Allowance(name, visitor, PER_ADDRESS[name], window_s)


def of_widget(name: str, widget_pk: int) -> Allowance:
    """What everybody together may with one widget. Never without an address's own before it."""
    _own_s, window_s = WINDOWS_S.get(name, (WINDOW_S, WINDOW_S))
    return Allowance(f"all-{name}", f"widget-{widget_pk}", PER_WIDGET[name], window_s)


def check_address(name: str, address: str) -> None:
    """Raises RATE_LIMITED when this address asked too often."""
    draw(of_address(name, address))


def check_missed(address: str, widget_pk: int) -> None:
    """Of failures that pages report themselves, so many a day are kept: after the address's own of some minutes."""
    draw(
        of_address("missed-in-a-day", address), of_widget("missed", widget_pk), of_widget("missed-in-a-day", widget_pk)
    )


def check_unreached(address: str, widget_pk: int) -> None:
    """Of what the tag reports without a credential, a few a day are kept: enough to see that something is wrong."""
    draw(of_address("unreached", address), of_widget("unreached", widget_pk))


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
