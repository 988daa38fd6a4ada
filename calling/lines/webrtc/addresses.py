"""Where sound may reach this server: the sockets of one connection, and the addresses to tell the browser."""

import ipaddress
import random
import socket
from dataclasses import dataclass

import ifaddr

from calling.lines import LineError

MOST_ADDRESSES = 8  # each costs a socket a call; a machine with more has bridges that no visitor comes through
RECEIVE_BUFFER = 256 * 1024


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """How sound connections are made.

    allow_loopback: 127.0.0.1 is offered too, after the others, so that a call works with no network at all. Only for
    a server that is reached as localhost. address: the address to tell browsers instead of the machine's own, for a
    server behind a one-to-one translation or in a container. port_range: the UDP ports to use, both ends included;
    None leaves the choice to the system.
    """

    allow_loopback: bool = False
    address: str = ""
    port_range: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.address:
            ipaddress.ip_address(self.address)  # raises ValueError for anything else


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A bound UDP socket and the address under which a browser finds it."""

    socket: socket.socket
    address: str
    preference: int  # between 0 and 65535


def host_addresses() -> list[str]:
    """The machine's own addresses, without loopback and those that mean something on one link only."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            address = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            parsed = ipaddress.ip_address(address)
            if not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified):
                found.append(address)
    return found


def open_endpoints(settings: MediaSettings) -> list[Endpoint]:
    """Bind the sockets of one connection. Raises LineError if there is no address or no port left."""
    endpoints: list[Endpoint] = []
    reasons = []
    for bound, told, preference in _wanted(settings):
        try:
            endpoints.append(Endpoint(_bind(bound, settings.port_range), told, preference))
        except OSError as error:
            reasons.append(f"{bound}: {error.strerror or error}")
    if not endpoints:
        raise LineError("MEDIA_BRIDGE_FAILURE", "; ".join(reasons) or "this machine has no address to offer")
    return endpoints


def _wanted(settings: MediaSettings) -> list[tuple[str, str, int]]:
    """Address to bind, address to tell, preference."""
    own = host_addresses()
    if settings.address:
        # Sent from any other own address, packets would be answered to the wrong place; a foreign one can't be bound.
        everywhere = "::" if ":" in settings.address else "0.0.0.0"  # noqa: S104 - that is what it is for
        return [(settings.address if settings.address in own else everywhere, settings.address, 65535)]
    wanted = [(address, address, 65535 - at) for at, address in enumerate(own[:MOST_ADDRESSES])]
    if settings.allow_loopback:
        wanted.append(("127.0.0.1", "127.0.0.1", 1))
    return wanted


def _bind(address: str, port_range: tuple[int, int] | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if port_range is None:
            opened.bind((address, 0))
            return opened
        first, last = port_range
        count = last - first + 1
        start = random.randrange(count)  # noqa: S311 - spreads the ports, hides nothing
        for step in range(count):
            try:
                opened.bind((address, first + (start + step) % count))
            except OSError:
                if step == count - 1:
                    raise
            else:
                return opened
        raise OSError("the range of ports is empty")
    except BaseException:
        opened.close()
        raise
