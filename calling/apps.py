"""The calling room: what happens: sessions, lines, recordings, conversations."""

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

if TYPE_CHECKING:
    from widgets.admission.access import Admission
    from widgets.admission.lines import Claim


class CallingConfig(AppConfig):
    name = "calling"

    def ready(self) -> None:
        from calling.record.store.database import presence
        from widgets.admission import absence, access

        absence.register(is_away=lambda: presence.is_away, failed=presence.failed)
        access.register_gateway(check_room=_check_room, ice_servers=_ice_servers, expect=_expect)
        pre_migrate.connect(_rest_index, sender=self)
        post_migrate.connect(_go_on_index, sender=self)


def _check_room(claim: "Claim") -> None:
    from calling.gateway import calls  # brings the media libraries along: commands that take no calls do without

    calls.here().check_room(claim)


def _ice_servers(admitted: "Admission") -> list[dict[str, Any]]:
    from calling.gateway import ice

    return ice.servers(admitted.widget.code[:8])


def _expect(admitted: "Admission") -> None:
    from calling.gateway import prewarm

    prewarm.expect(admitted)


def _rest_index(using: str, plan: list[Any], **_signal: Any) -> None:
    from calling.record import search_index

    if plan:
        search_index.rest(connections[using])


def _go_on_index(using: str, **_signal: Any) -> None:
    from calling.record import search_index

    search_index.go_on(connections[using])
