"""Every write about connections, and the one way to a key: `opened`, for whoever asks the service now.

A key goes in and never comes out again: no page, export, audit line, version or log has it. A key belongs to the
address it was given for: a new address needs it again, or whoever may edit could have it sent to themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.connections import sealing
from agents.connections.kinds import KINDS, VOICE
from agents.connections.model import Connection
from agents.connections.sealing import Unreadable
from agents.connections.service import Service
from agents.locks import check_mark, hold, locked, mark_of
from agents.models import Project
from agents.outside.addresses import NotFetched, is_public, target
from agents.outside.origins import is_ip
from agents.people import audit

log = structlog.get_logger(__name__)

SHOWN = ("kind", "name", "address", "ends", "settings")  # what a page shows of it, and a mark is made of
CONNECTIONS_MOST = 30
KEY_MOST = 1000


class ConnectionRefused(ValueError):
    """Nothing was kept. `field` is the one that is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Result:
    """How a test went. `code` is empty where it went well, else a NotFetched's, or KEY, GONE, BUSY, BROKEN, GARBLED."""

    code: str
    ms: int
    detail: str = ""  # for whoever looks after it; no key, nothing a service said word for word


@locked
def save(
    project: Project,
    connection: Connection | None,
    values: dict[str, Any],
    by: AbstractBaseUser | None,
    *,
    key: str | None = None,
    seen: str | None = None,
) -> Connection:
    """Keep a connection, a new one when it is None: kind, name, address, settings. Holds the project and it.

    `key`: a new one; "" takes it away; None leaves it as it is. Raises ConnectionRefused, Stale and Gone.
    """
    if connection:
        hold(connection)
        check_mark(seen, mark_of(connection, SHOWN))
    elif project.connections.count() >= CONNECTIONS_MOST:
        raise ConnectionRefused("name", _("A project has at most %(n)d connections.") % {"n": CONNECTIONS_MOST})
    same = Connection.objects.filter(project=project, name=values["name"])
    if same.exclude(pk=connection.pk if connection else None).exists():
        raise ConnectionRefused("name", _("Another connection has this name."))
    if values["kind"] not in KINDS:
        raise ConnectionRefused("kind", _("Choose a service."))
    address = clean_address(values["address"])
    key = clean_key(key)
    action, before = ("connection.edit", _told(connection)) if connection else ("connection.create", {})
    connection = connection or Connection(project=project)
    moved = bool(connection.pk) and (connection.kind, connection.address) != (values["kind"], address)
    if moved and connection.sealed and key is None:
        raise ConnectionRefused("key", _("A key belongs to its address. Type it again for the new one."))
    connection.kind, connection.name, connection.address = values["kind"], values["name"], address
    connection.settings = values.get("settings", connection.settings)
    if key is not None:
        connection.sealed, connection.ends = sealing.seal(key), key[-4:] if len(key) >= 12 else ""
    if key is not None or moved:
        connection.tested = {}
    connection.save()
    after = _told(connection)
    changed = [name for name in after if before.get(name) != after[name]]
    details: dict[str, Any] = {"before": {n: before[n] for n in changed}} if before and changed else {}
    details |= {"after": {n: after[n] for n in changed}} if changed else {}
    if key is not None and before:
        details["key"] = "changed" if key else "removed"
    audit.record(by, action, project, connection, **details)
    return connection


def _told(connection: Connection) -> dict[str, Any]:
    """What the audit tells of a connection: nothing of its key, not even how it ends."""
    return {name: getattr(connection, name) for name in ("kind", "name", "address", "settings")}


@transaction.atomic
def remove(connection: Connection, by: AbstractBaseUser | None) -> None:
    """Forget a connection and its key. Who used it goes on with the engines of this server. Raises Gone."""
    hold(connection.project)
    hold(connection)
    audit.record(by, "connection.delete", connection.project, connection)
    connection.delete()


def note_test(connection: Connection, use: str, result: Result) -> None:
    """Keep how a test went, unless the connection was changed or removed meanwhile."""
    with transaction.atomic():
        now = Connection.objects.select_for_update().filter(pk=connection.pk, updated_at=connection.updated_at)
        if row := now.first():
            told = {"code": result.code, "ms": result.ms, "at": timezone.now().isoformat()}
            now.update(tested={**row.tested, use: told})


def opened(connection: Connection, use: str, settings_of_use: dict[str, Any] | None = None) -> Service:
    """For asking it now. Raises Unreadable where its key does not open.

    `settings_of_use` stands for what is kept for that use.
    """
    return Service(
        connection.pk,
        connection.kind,
        connection.name,
        connection.address,
        sealing.unseal(connection.sealed),
        settings.FETCH_PRIVATE,
        {**_usual(connection.kind, use), **connection.of(use), **(settings_of_use or {})},
    )


def _usual(kind: str, use: str) -> dict[str, str]:
    """What is asked of a service where nobody chose."""
    usual = {"model": KINDS[kind].model(use), "voice": KINDS[kind].voice if use == VOICE else ""}
    return {name: value for name, value in usual.items() if value}


def opened_for(project_id: int, chosen: Mapping[str, Mapping[str, Any]], uses: Iterable[str]) -> dict[str, Service]:
    """What an agent chose for these uses ({use: {"connection": …, "model": …}}), opened.

    What was removed since, or does not open, is left out: the engines of this server do it then.
    """
    wanted = {use: chosen[use] for use in uses if chosen.get(use, {}).get("connection")}
    if not wanted:
        return {}
    rows = Connection.objects.filter(project=project_id).in_bulk([one["connection"] for one in wanted.values()])
    found = {}
    for use, one in wanted.items():
        row = rows.get(one["connection"])
        if row is None or use not in KINDS[row.kind].uses:
            log.warning("a connection is gone; the engine of this server steps in", use=use)
            continue
        asked = {name: value for name, value in one.items() if name not in ("connection", "name")}
        try:
            found[use] = opened(row, use, asked)
        except Unreadable:
            log.error("a connection's key does not open; the engine of this server steps in", use=use, id=row.pk)
    return found


def clean_address(given: str) -> str:
    """An address as it is kept. Raises ConnectionRefused. Where a name leads is looked at when it is asked."""
    address = given.strip().rstrip("/")
    for socket, page in (("wss://", "https://"), ("ws://", "http://")):
        if address.startswith(socket):
            address = page + address.removeprefix(socket)
    try:
        asked = target(address, settings.FETCH_PRIVATE)
    except NotFetched as refused:
        if refused.code == "HTTPS_ONLY":
            words = _("The address has to begin with https://, so that the key travels safely.")
        else:
            words = _("This is no address of a service. It looks like https://api.example.com/v1.")
        raise ConnectionRefused("address", words) from None
    bare = asked.host.strip("[]")
    if not settings.FETCH_PRIVATE and is_ip(asked.host) and not is_public(bare):
        raise ConnectionRefused(
            "address", _("Addresses inside a network are refused here, unless STUDIO_FETCH_PRIVATE is set.")
        )
    if "?" in address or "#" in address:
        raise ConnectionRefused("address", _("Leave out what stands behind ? or #: a key has its own field."))
    return address


def clean_key(given: str | None) -> str | None:
    """A key as it goes into a header. Raises ConnectionRefused."""
    if given is None:
        return None
    key = given.strip()
    if len(key) > KEY_MOST or not key.isascii() or not key.isprintable() or " " in key:
        raise ConnectionRefused("key", _("This is no key: it has spaces, or signs that no key has."))
    return key


__all__ = ["Connection", "ConnectionRefused", "Result", "Unreadable", "opened", "opened_for", "remove", "save"]
