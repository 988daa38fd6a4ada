"""Hosts and origins as browsers write them: one form for each, whatever it was written like."""

import ipaddress
import re
from dataclasses import dataclass

import idna

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([1-9][0-9]{0,4}))?")
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Origin:
    """A page's origin exactly as browsers write it. Built by parse_origin only, so it is safe inside a header."""

    scheme: str
    host: str
    port: int  # the effective one: 443 or 80 when the address has none

    def __str__(self) -> str:
        return f"{self.scheme}://{self.site}"

    @property
    def site(self) -> str:
        """Host and, where it is not the usual one, port."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers open a microphone there: over https, and on the computer itself."""
        return self.scheme == "https" or self.host in _LOCAL or self.host.endswith(".localhost")


def parse_origin(text: str) -> Origin | None:
    """Read a claim like `https://shop.example.com:8443`. Anything a browser would not write that way is None."""
    match = _ORIGIN.fullmatch(text) if len(text) <= 300 else None
    if not match:
        return None
    scheme, host, port = match[1], match[2], int(match[3]) if match[3] else _PORTS[match[1]]
    if port > 65535 or (match[3] and port == _PORTS[scheme]):  # browsers leave the usual port out
        return None
    try:
        if written(host) != host:
            return None
    except ValueError:
        return None
    return Origin(scheme, host, port)


def written(text: str) -> str:
    """A host as browsers write it: lower case, punycode, no trailing dot, IPv6 in brackets. ValueError otherwise."""
    text = text.strip().lower()
    if ":" in text:
        inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        address = ipaddress.IPv6Address(inner)
        if address.scope_id:
            raise ValueError("an address with a scope names no host for others")
        return f"[{address.compressed}]"
    if not text.isascii():
        text = idna.encode(text, uts46=True, transitional=False).decode("ascii")
    text = text.removesuffix(".")
    labels = text.split(".")
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host name")
    for label in labels:
        if label.startswith("xn--"):
            label[4:].encode("ascii").decode("punycode")  # UnicodeError is a ValueError
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):  # browsers read such names as numbers: 127.1, 0x7f000001
        return str(ipaddress.IPv4Address(text))
    return text


def is_ip(host: str) -> bool:
    return host.startswith("[") or host.replace(".", "").isdigit()
