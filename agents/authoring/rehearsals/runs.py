"""Runs: rehearsals held with one state of the agent, call after call, each kept as soon as it is over.

The rows are the plan: whoever goes on after a crash takes the first call that has no result. Calls are held one after
the other, and a project has one run at a time.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring import publish
from agents.authoring.rehearsals import ways_to_say
from agents.authoring.rehearsals.checks import Played
from agents.authoring.rehearsals.script import Script
from agents.authoring.rehearsals.typed_call import NotPlayed, play
from agents.authoring.rehearsals.writing import script_of
from agents.brains import snapshot
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.locks import locked
from agents.models import Project, Rehearsal, RehearsalCall, RehearsalRun
from agents.speech.providers.base import Meaning

log = structlog.get_logger(__name__)

TIMES_MOST = ways_to_say.WAYS_MOST
RUNS_KEPT = 30  # of a project; older ones go when one is begun
SLICE_S = 10.0  # of calls in one go; other work of the worker comes in between
ATTEMPTS_MOST = 2  # at a call in which a worker died
LOST_AFTER = timedelta(minutes=10)  # without a sign of life: nobody goes on with it

RUNNING = RehearsalRun.State.RUNNING

Speak = Callable[[Script, AgentSnapshot, str, int], Played]  # script, agent, variant, and which caller; NotPlayed


class RunRefused(Exception):
    """No run was begun, in words for whoever wanted it."""


@locked
def start(
    project: Project,
    by: AbstractBaseUser | None,
    *,
    environment: str = "",
    rehearsals: list[Rehearsal] | None = None,
    times: int = 1,
) -> RehearsalRun:
    """Plan a run: of all rehearsals where none are named, with the draft or what runs in an environment.

    Holds the project. Raises RunRefused.
    """
    _end_lost(project)
    if RehearsalRun.objects.filter(project=project, state=RUNNING).exists():
        raise RunRefused(_("A rehearsal is running already. Wait for its end, or stop it."))
    chosen = list(project.rehearsals.order_by("name")) if rehearsals is None else rehearsals
    if not chosen:
        raise RunRefused(_("There is nothing to rehearse yet."))
    version = publish.running(project, environment) if environment else None
    if environment and version is None:
        raise RunRefused(_("Nothing runs there yet."))
    config = version.config if version else publish.freeze(project)
    run = RehearsalRun.objects.create(
        project=project,
        environment=environment,
        version=version,
        mark=publish.mark_of_config(config),
        config=config,
        times=max(1, min(times, TIMES_MOST)),
        by=by,
    )
    RehearsalCall.objects.bulk_create(
        RehearsalCall(run=run, rehearsal=rehearsal, number=number, script=rehearsal.mark)
        for rehearsal in chosen
        for number in range(run.times)
    )
    old = RehearsalRun.objects.filter(project=project).values_list("pk", flat=True)[RUNS_KEPT:]
    RehearsalRun.objects.filter(pk__in=list(old)).delete()
    return run


@locked
def stop(run: RehearsalRun) -> None:
    """End a run after the call that is being held. What was found is kept. Holds the run."""
    if run.state == RUNNING:
        _end(run, RehearsalRun.State.STOPPED)


def go_on(
    run: RehearsalRun,
    meaning: Callable[[str], Meaning],
    settings: TalkSettings,
    *,
    speak: Speak | None = None,
    slice_s: float = SLICE_S,
    told: Callable[[RehearsalCall], None] = lambda call: None,
) -> bool:
    """Hold calls of the run for so long; `told` hears of each, `speak` holds those by voice. True: there are more.

    Raises ProviderError.
    """
    over_s = time.monotonic() + slice_s
    agent = snapshot.read(run.config) if run.config else None
    while agent and _is_running(run):
        call = run.calls.filter(passed=None).select_related("rehearsal").first()
        if call is None:
            _end(run, RehearsalRun.State.DONE)
            return False
        _hold(call, agent, _player(call.rehearsal, agent, meaning, settings, speak))
        told(call)
        if time.monotonic() > over_s:
            return True
    return False


def give_up(run: RehearsalRun) -> None:
    """Nobody can go on with it."""
    _end(run, RehearsalRun.State.FAILED)


def _hold(call: RehearsalCall, agent: AgentSnapshot, player: Speak) -> None:
    """Hold one call and keep what it found; one in which workers died is not tried for ever."""
    row = RehearsalCall.objects.filter(pk=call.pk, passed=None)
    if call.attempts >= ATTEMPTS_MOST:
        call.passed, call.result = False, {"problem": "lost"}
    else:
        row.update(attempts=F("attempts") + 1)
        try:
            played = player(script_of(call.rehearsal), agent, call.rehearsal.variant_key, call.number)
            call.passed, call.result = played.passed, played.to_json()
        except NotPlayed as error:
            log.warning("a rehearsed call was given up", call=call.pk, why=str(error))
            call.passed, call.result = False, {"problem": str(error)}
    row.update(passed=call.passed, result=call.result, script=call.rehearsal.mark)  # it may have been changed since
    RehearsalRun.objects.filter(pk=call.run_id).update(alive_at=timezone.now())


def _player(
    rehearsal: Rehearsal,
    agent: AgentSnapshot,
    meaning: Callable[[str], Meaning],
    settings: TalkSettings,
    speak: Speak | None,
) -> Speak:
    """Who holds the call: somebody who types, or who speaks where the rehearsal wants it."""
    if rehearsal.by_voice:
        return speak or _speechless
    thinks = meaning(agent.language)
    return lambda script, agent, variant, number: play(script, agent, thinks, settings, variant=variant, number=number)


def _speechless(script: Script, agent: AgentSnapshot, variant: str, number: int) -> Played:
    raise NotPlayed("speechless")


def _is_running(run: RehearsalRun) -> bool:
    return RehearsalRun.objects.filter(pk=run.pk, state=RUNNING).exists()


def _end(run: RehearsalRun, state: str) -> None:
    """The configuration goes with the last call: its mark tells which one it was."""
    now = timezone.now()
    RehearsalRun.objects.filter(pk=run.pk, state=RUNNING).update(state=state, config=None, alive_at=now, ended_at=now)
    run.calls.filter(passed=None).delete()


def _end_lost(project: Project) -> None:
    lost = RehearsalRun.objects.filter(project=project, state=RUNNING, alive_at__lt=timezone.now() - LOST_AFTER)
    for run in lost:
        give_up(run)
