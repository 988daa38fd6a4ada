"""Hosts that may show a widget: read in every form people write them, kept in one, matched without surprises.

A listed name admits itself and everything under it (`example.com` admits `shop.example.com`). Names without a dot
(`localhost`, `intranet`) and IP addresses admit themselves only. Public suffixes (`co.uk`, `github.io`)
are refused: they would admit strangers. A listed port admits that port only.
"""

import hashlib
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import idna
from django.utils.translation import gettext_lazy as _
from publicsuffixlist import PublicSuffixList

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([1-9][0-9]{0,4}))?")
_HASH_CHARACTERS = 16
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


class BadAddress(ValueError):
    """What was typed names no host that can be listed; `problem` says why, to the person who typed it."""

    def __init__(self, address: str, problem: str) -> None:
        super().__init__(str(problem))
        self.address = address
        self.problem = problem


class Listed(Protocol):
    """A host on a list: an AllowedDomain row, or the Address it was made from."""

    host: str
    port: int | None


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


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


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def parse_origin(text: str) -> Origin | None:
    """Read a claim like `https://shop.example.com:8443`. Anything a browser would not write that way is None."""
    match = _ORIGIN.fullmatch(text) if len(text) <= 300 else None
    if not match:
        return None
    scheme, host, port = match[1], match[2], int(match[3]) if match[3] else _PORTS[match[1]]
    if port > 65535 or (match[3] and port == _PORTS[scheme]):  # browsers leave the usual port out
        return None
    try:
        if _host(host) != host:
            return None
    except ValueError:
        return None
    return Origin(scheme, host, port)


def normalise(text: str) -> Address:
    """The listed form of whatever somebody copied or typed. Raises BadAddress with a reason they can act on."""
    typed = text.strip()
    rest = re.sub(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//", "", typed)
    rest = re.split(r"[/?#\\]", rest, maxsplit=1)[0].strip()
    if not rest:
        raise BadAddress(text, _("Type the address of your site, such as example.com."))
    if "@" in rest:
        raise BadAddress(text, _("Leave out the part before the @."))
    host, port = _split_port(rest, text)
    host = host.removeprefix("*.")
    try:
        host = _host(host)
    except ValueError:
        raise BadAddress(text, _("This is not an address that a browser could open.")) from None
    if not is_ip(host) and _suffixes().is_public(host):
        if "." in host:
            raise BadAddress(text, _("Many different owners have sites under this name. List your own address."))
        raise BadAddress(text, _("This is only the ending of an address. List your own address."))
    return Address(host, port)


def _split_port(rest: str, typed: str) -> tuple[str, int | None]:
    if rest.count(":") > 1 and not rest.startswith("["):  # a bare IPv6 address cannot have a port
        return rest, None
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", rest)
    if not match:
        raise BadAddress(typed, _("This is not an address that a browser could open."))
    if not match[2]:
        return match[1], None
    if len(match[2]) > 5 or not 1 <= int(match[2]) <= 65535:
        raise BadAddress(typed, _("The number after the colon must be between 1 and 65535."))
    return match[1], int(match[2])


def _host(text: str) -> str:
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


def is_exact(host: str) -> bool:
    """Whether a listed host admits itself only: IP addresses, and names without a dot."""
    return is_ip(host) or "." not in host


def match(origin: Origin, domains: Iterable[Listed]) -> bool:
    """Whether a page of that origin is covered by the list. An empty list covers nobody."""
    return any(_covers(row, origin) for row in domains)


def _covers(row: Listed, origin: Origin) -> bool:
    if row.port and row.port != origin.port:
        return False
    if origin.host == row.host:
        return True
    return not is_exact(row.host) and not is_ip(origin.host) and origin.host.endswith("." + row.host)


def salt_of(code: str) -> str:
    """The salt of a widget's host hashes: different for each widget, the same at each load (the ETag depends on it)."""
    return hashlib.sha256(f"hosts of {code}".encode()).hexdigest()[:_HASH_CHARACTERS]


def rule(row: Listed) -> str:
    """A listed host as the script hashes it: `example.com`, `example.com:8443`, `=localhost`, `=127.0.0.1:8000`."""
    return ("=" if is_exact(row.host) else "") + (f"{row.host}:{row.port}" if row.port else row.host)


def hashed(domains: Iterable[Listed], salt: str) -> list[str]:
    """What the script may know of the list: enough to recognise its own page, not enough to read the others."""
    return sorted(hashlib.sha256((salt + rule(row)).encode()).hexdigest()[:_HASH_CHARACTERS] for row in domains)


def readable(host: str) -> str:
    """A punycode host in its own letters, for people; the host itself when it has none or cannot be shown safely."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
