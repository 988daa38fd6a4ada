"""A project's language model for a conversation: its service opened, and a meter of the day that every call shares.

What is spent is counted in memory at once, so that a limit holds within a call, and a thread of its own writes it down.
"""

import datetime
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections
from django.db.models import F
from django.utils import timezone

from agents.brains.language_model.base import Usage
from agents.connections import keeping
from agents.connections.kinds import MODEL
from agents.connections.service import Service
from calling.models import ModelUse

log = structlog.get_logger(__name__)

_threads = ThreadPoolExecutor(1, thread_name_prefix="model-use")
_meters: dict[int, "DayMeter"] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class OpenedModel:
    service: Service
    meter: "DayMeter"


def opened(project_id: int, services: Mapping[str, Mapping[str, Any]]) -> OpenedModel | None:
    """What an agent chose to think with; None where it chose nothing, or that is gone. In a thread."""
    service = keeping.opened_for(project_id, services, (MODEL,)).get(MODEL)
    return OpenedModel(service, meter_of(project_id)) if service else None


def meter_of(project_id: int) -> "DayMeter":
    """The project's meter, with what other processes have counted meanwhile. In a thread."""
    with _lock:
        meter = _meters.setdefault(project_id, DayMeter(project_id))
    meter.look()
    return meter


class DayMeter:
    def __init__(self, project_id: int) -> None:
        self._project = project_id
        self._day = _today()
        self._kept = 0  # that the database knew of
        self._unkept = 0  # on its way there

    def used(self) -> int:
        self._turn_day()
        return self._kept + self._unkept

    def add(self, usage: Usage) -> None:
        if usage.all:
            self._turn_day()
            self._unkept += usage.all
            _threads.submit(self._keep, self._day, usage)

    def look(self) -> None:
        row = ModelUse.objects.filter(project=self._project, day=_today()).values_list("read", "written").first()
        self._turn_day()
        self._kept = sum(row) if row else 0

    def _turn_day(self) -> None:
        if self._day != _today():
            self._day, self._kept, self._unkept = _today(), 0, 0

    def _keep(self, day: datetime.date, usage: Usage) -> None:
        close_old_connections()
        try:
            row, _new = ModelUse.objects.get_or_create(project_id=self._project, day=day)
            more = {"read": F("read") + usage.read, "written": F("written") + usage.written}
            ModelUse.objects.filter(pk=row.pk).update(**more)
        except DatabaseError as error:  # it stays counted in this process
            log.warning("tokens were not written down", error=type(error).__name__)
            return
        finally:
            close_old_connections()
        if day == self._day:
            self._kept += usage.all
            self._unkept -= usage.all


def settle() -> None:
    """Wait until all that was spent is written down."""
    _threads.submit(lambda: None).result()


def _today() -> datetime.date:
    return timezone.now().date()
