"""Rehearsals in the worker: a run is begun with a row of the outbox, and goes on slice by slice, a row each."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.authoring.rehearsals import runs
from agents.models import Project, RehearsalRun
from calling.installation import talk_settings
from calling.record import outbox

TASK = "rehearse"
LEASE = timedelta(minutes=3)  # longer than a slice with its last call


@transaction.atomic
def start(project: Project, by: AbstractBaseUser | None, **chosen: Any) -> RehearsalRun:
    """Begin a run and have the worker go on with it; `chosen` is what runs.start takes. Raises RunRefused."""
    run = runs.start(project, by, **chosen)
    outbox.add(TASK, {"run": run.pk})
    return run


def go_on(payload: dict[str, Any]) -> None:
    """Hold calls for a while; the rest is another row's, so that other work comes in between."""
    run = _find(payload)
    if run and slice_of(run):
        outbox.add(TASK, payload)


def slice_of(run: RehearsalRun, **how: Any) -> bool:
    """Hold calls for a while; whether there are more. `how` is what runs.go_on takes besides."""
    from agents.authoring.playground import Trial  # both load the speech libraries: not before a run needs them
    from calling.rehearsing import voice

    trial = Trial(settings.SPEECH, settings.MODELS_DIR, who="rehearsals")
    return runs.go_on(run, trial.meaning, talk_settings(), speak=voice.play, **how)


def give_up(payload: dict[str, Any]) -> None:
    if run := _find(payload):
        runs.give_up(run)


def _find(payload: dict[str, Any]) -> RehearsalRun | None:
    """None: it was deleted meanwhile, with its project or by newer runs."""
    return RehearsalRun.objects.filter(pk=payload["run"]).first()
