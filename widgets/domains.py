"""Hosts that may show a widget: read in every form people write them, kept in one, matched without surprises.

A listed name admits itself and everything under it (`example.com` admits `shop.example.com`). Names without a dot
(`localhost`, `intranet`) and IP addresses admit themselves only. Public suffixes (`co.uk`, `github.io`)
are refused: they would admit strangers. A listed port admits that port only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import idna
from django.utils.translation import gettext_lazy as _
from publicsuffixlist import PublicSuffixList

from agents.outside.origins import Origin, is_ip, written
from widgets.short_hash import short_hash


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


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


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
        host = written(host)
    except ValueError:
        raise BadAddress(text, _("This is not an address that a browser could open.")) from None
    if not is_ip(host) and _suffixes().is_public(host):
        if "." in host:
            raise BadAddress(text, _("Many different owners have sites under this name. List your own address."))
        raise BadAddress(text, _("This is only the ending of an address. List your own address."))
    return Address(host, port)


def is_one_owners(name: str) -> bool:
    """Whether all that is below a name is of one owner, as far as anybody can know."""
    return "." in name and not _suffixes().is_public(name)


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


def rule(row: Listed) -> str:
    """A listed host as the script hashes it: `example.com`, `example.com:8443`, `=localhost`, `=127.0.0.1:8000`."""
    return ("=" if is_exact(row.host) else "") + (f"{row.host}:{row.port}" if row.port else row.host)


def hashed(domains: Iterable[Listed], code: str) -> list[str]:
    """What the script may know of the list: enough to recognise its own page, not enough to read the others. The
    widget's code is the salt: the same host looks different in each script, and the same at each load."""
    return sorted("{}.{}".format(*short_hash(code + rule(row))) for row in domains)


def readable(host: str) -> str:
    """A punycode host in its own letters, for people; the host itself when it has none or cannot be shown safely."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
