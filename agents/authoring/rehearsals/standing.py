"""How the rehearsals stand with a state of the agent: of each, how many of its newest calls pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from agents.authoring import publish
from agents.models import Project, Rehearsal, RehearsalCall, RehearsalRun


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one rehearsal with one state."""

    passed: int
    held: int
    planned: int
    run: int

    @property
    def passes(self) -> bool:
        return bool(self.planned) and self.passed == self.planned

    @property
    def fails(self) -> bool:
        return self.passed < self.held

    @property
    def dots(self) -> list[bool]:
        """One for each call, those that pass first."""
        return [place < self.passed for place in range(self.held)]

    @property
    def waits(self) -> bool:
        """Calls of it are still to come."""
        return self.held < self.planned


@dataclass(frozen=True, slots=True)
class Standing:
    """All rehearsals of a project against one state of the agent."""

    mark: str
    rehearsals: tuple[Rehearsal, ...]
    rates: dict[int, Rate]  # by rehearsal; absent: not rehearsed with this state

    @property
    def failing(self) -> list[tuple[Rehearsal, Rate]]:
        rows = [(row, self.rates[row.pk]) for row in self.rehearsals if row.pk in self.rates]
        return [(row, rate) for row, rate in rows if rate.fails]

    @property
    def passing(self) -> int:
        return sum(rate.passes for rate in self.rates.values())

    @property
    def held(self) -> int:
        return sum(not rate.waits for rate in self.rates.values())

    @property
    def missing(self) -> int:
        """How many have not been rehearsed with this state."""
        return len(self.rehearsals) - self.held


def of(project: Project, marks: Iterable[str]) -> dict[str, Standing]:
    """The standing with each of these states, with two questions for all of them."""
    marks = [mark for mark in dict.fromkeys(marks) if mark]
    rows = tuple(project.rehearsals.order_by("name").defer("lines", "checks"))
    scripts = {row.pk: row.mark for row in rows}
    counted = (
        RehearsalCall.objects.filter(run__project=project, run__mark__in=marks)
        .order_by("-run_id")
        .values("run_id", "run__mark", "rehearsal_id", "script")
        .annotate(planned=Count("id"), held=Count("id", Q(passed__isnull=False)), well=Count("id", Q(passed=True)))
    )
    rates: dict[str, dict[int, Rate]] = {mark: {} for mark in marks}
    for each in counted:
        if scripts.get(each["rehearsal_id"]) == each["script"]:
            rate = Rate(each["well"], each["held"], each["planned"], each["run_id"])
            rates[each["run__mark"]].setdefault(each["rehearsal_id"], rate)
    return {mark: Standing(mark, rows, rates[mark]) for mark in marks}


def with_config(project: Project, config: dict[str, Any]) -> Standing | None:
    """The standing with one configuration; None where a project has no rehearsals."""
    mark = publish.mark_of_config(config)
    found = of(project, [mark])[mark]
    return found if found.rehearsals else None


def running(project: Project) -> RehearsalRun | None:
    return RehearsalRun.objects.filter(project=project, state=RehearsalRun.State.RUNNING).defer("config").first()


def progress(run: RehearsalRun) -> tuple[int, int]:
    """Calls that were held, and all of the run."""
    counted = run.calls.aggregate(held=Count("id", Q(passed__isnull=False)), planned=Count("id"))
    return counted["held"], counted["planned"]
