"""Which addresses this server may ask at all, judged before and after the name was looked up. No Django, no network.

Whoever can make a server fetch can make it knock at doors that only it can reach: public addresses only, over TLS,
unless the operator allows more (STUDIO_FETCH_PRIVATE).
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from agents.outside.origins import parse_origin

URL_MOST = 2000
PORTS = (80, 443)  # and those above 1023: mail and the like are not for us
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
# What releases of Python judge differently: protocol assignments (Teredo among them), 6to4 and its relays, examples.
_NEVER = tuple(
    ipaddress.ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
)


class NotFetched(Exception):
    """Why there is no answer. `code` is one of ADDRESS, HTTPS_ONLY, PRIVATE, UNKNOWN_NAME, UNREACHABLE, CERTIFICATE,
    REDIRECTS, TOO_SLOW, NOT_HTTP; `url` is where it ended."""

    def __init__(self, code: str, url: str, detail: str = "") -> None:
        super().__init__(f"{code} {url} {detail}".strip())
        self.code = code
        self.url = url
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    scheme: str
    host: str  # as in the Host header: IPv6 in brackets
    port: int
    path: str

    @property
    def site(self) -> str:
        usual = {"http": 80, "https": 443}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"


def target(url: str, private: bool) -> Target:
    if len(url) > URL_MOST or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise NotFetched("ADDRESS", url[:URL_MOST])
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode("ascii")
    except (ValueError, idna.IDNAError):
        raise NotFetched("ADDRESS", url) from None
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
        raise NotFetched("ADDRESS", url)
    if parts.scheme == "http" and not private:
        raise NotFetched("HTTPS_ONLY", url)
    port = port or {"http": 80, "https": 443}[parts.scheme]
    written = f"[{host}]" if ":" in host else host.removesuffix(".")
    origin = parse_origin(f"http://{written}" if port == 80 else f"http://{written}:{port}")
    if origin is None or (port not in PORTS and port < 1024):
        raise NotFetched("ADDRESS", url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(url, parts.scheme, origin.host, port, path)


def is_public(address: str) -> bool:
    """Whether an IP address is one that everybody could reach: nothing of ours is behind it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found not in _GLOBAL_V6:
            return False
    if any(found in net for net in _NEVER):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_link_local or found.is_loopback)
