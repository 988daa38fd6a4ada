"""Probes: /healthz says that the process lives, /readyz that it can do its work. Neither tells anything secret.

The documented /health, with the number of running calls, belongs to the calling room.
"""

import time

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.models import Agent
from calling import faults
from calling.gateway import alone
from calling.record.store import database, notes
from studio.management.commands import models
from studio.running.celery import SWEEP_EVERY_S, heartbeat_file

# Sweeps come every few seconds, but one may be busy with a long recording.
WORKER_LATE_S = 24 * SWEEP_EVERY_S


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when calls cannot be taken. A late worker, or notes that wait, are told and close no door.

    `faults` counts what failed inside calls since this process began, by part: the log has each with its traceback.
    """
    unwritable = database_problem()
    speech = speech_problem()
    is_alone = alone.here().may_be()
    ready = not unwritable and not speech and is_alone
    body = {
        "status": "ready" if ready else "not ready",
        "database": unwritable or "ok",
        "speech": speech or "ok",
        "alone": "ok" if is_alone else "the lock in the database is lost",
        "notes": notes.state(),
        "worker": worker_state(),
        "faults": dict(faults.counted),
    }
    return JsonResponse(body, status=200 if ready else 503)


def database_problem() -> str:
    """Empty when the database answers and takes writes. Never the driver's own words: they may name hosts and users."""
    try:
        return "" if database.takes_writes() else "takes no writes"
    except DatabaseError:
        return "does not answer"


def speech_problem() -> str:
    """Why a call could not hear, think or speak; empty when it can, if only with an engine that steps in."""
    from agents.speech.providers import registry  # loads the speech libraries: the gateway has them anyway
    from agents.speech.providers.base import ProviderError

    try:
        registry.engines(settings.SPEECH, default_voice(), settings.LANGUAGE_CODE, settings.MODELS_DIR)
    except ProviderError as error:
        return str(error)
    return ""


def missing_models() -> list[str]:
    """The packages of models that are not installed; none are needed by the scripted engines."""
    if settings.SPEECH != "local":
        return []
    text = (settings.BASE_DIR / "requirements-models.txt").read_text(encoding="utf-8")
    return [one.folder for one in models.read_list(text) if not models.is_installed(one, settings.MODELS_DIR)]


def default_voice() -> str:
    return str(Agent._meta.get_field("voice").default)


def worker_age_s() -> float | None:
    """Seconds since the worker last finished a sweep; None when it never did."""
    try:
        return max(0.0, time.time() - heartbeat_file().stat().st_mtime)
    except FileNotFoundError:
        return None


def worker_state() -> str:
    age_s = worker_age_s()
    if age_s is None:
        return "not seen yet"
    return "ok" if age_s <= WORKER_LATE_S else "late"
