"""Rehearsals: all of them against the draft and what runs, a run and its progress, and one call of one of them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import publish
from agents.authoring.rehearsals import runs, standing
from agents.authoring.rehearsals.standing import Rate, Standing
from agents.models import Deployment, Environment, Rehearsal, RehearsalCall, RehearsalRun
from calling.rehearsing import running as rehearsing
from studio.pages.agent import rehearsal_wording
from studio.pages.agent.publishing import AgentPage
from studio.pages.given import number

REFRESH_MS = 1500
TIMES = runs.TIMES_MOST


@dataclass(frozen=True, slots=True)
class Column:
    """A state of the agent that rehearsals are held with."""

    label: str
    where: str
    environment: str  # empty: the draft
    standing: Standing


class RehearsalsPage(AgentPage):
    menu = "rehearsals"
    effect = ""

    def _may_enter(self) -> bool:
        return super()._may_enter() and (self.may("conversations.personal") or not self._is_made_from_a_call)

    @property
    def _is_made_from_a_call(self) -> bool:
        """Names and numbers are replaced in such a one; what else a caller said is theirs all the same."""
        number = self.kwargs.get("rehearsal")
        return bool(number) and Rehearsal.objects.filter(pk=number).exclude(made_from=None).exists()

    @cached_property
    def columns(self) -> list[Column]:
        """The draft, and what runs; what is the same stands once."""
        draft = publish.mark_of_config(self.draft.config)
        running = publish.deployments(self.project)
        states: dict[str, tuple[str, str, str]] = {draft: (_("Your draft"), "", "")}
        for environment in Environment.values:
            row = running.get(environment)
            if row is None:
                continue
            state, label = mark_of(row), _("Version %d") % row.version.number
            if state in states:
                before, where, first = states[state]
                also = f"{label}, {row.get_environment_display()}" if not where else row.get_environment_display()
                states[state] = (before, f"{where}, {also}" if where else also, first)
            else:
                states[state] = (label, row.get_environment_display(), environment)
        found = standing.of(self.project, states)
        return [Column(*told, found[state]) for state, told in states.items()]


def mark_of(deployment: Deployment) -> str:
    """Of what runs there; versions that are older than marks are read for it."""
    return deployment.version.mark or publish.mark_of_config(deployment.version.config)


class Rehearsals(RehearsalsPage):
    template_name = "studio/rehearsals.html"
    title = gettext_lazy("Rehearsals")

    def context(self) -> dict[str, Any]:
        run = standing.running(self.project)
        held, planned = standing.progress(run) if run else (0, 0)
        failing = self.request.GET.get("show") == "failing"
        first = self.columns[0].standing
        rows = [
            {"rehearsal": row, "cells": [column.standing.rates.get(row.pk) for column in self.columns]}
            for row in first.rehearsals
            if not failing or _fails(first.rates.get(row.pk))
        ]
        return {
            "rows": rows,
            "all": len(first.rehearsals),
            "failing": failing,
            "columns": self.columns,
            "run": run,
            "held": held,
            "planned": planned,
            "refresh_ms": REFRESH_MS,
            "last": RehearsalRun.objects.filter(project=self.project).defer("config").first(),
            "times": TIMES,
            "sees_calls": self.may("conversations.personal"),
        }


def _fails(rate: Rate | None) -> bool:
    return bool(rate and rate.fails)


class OneRehearsal(RehearsalsPage):
    """What was said in the newest calls of one rehearsal, and what was found."""

    template_name = "studio/rehearsal.html"

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return get_object_or_404(Rehearsal, project=self.project, pk=self.kwargs["rehearsal"])

    def context(self) -> dict[str, Any]:
        rates = [(column, column.standing.rates.get(self.rehearsal.pk)) for column in self.columns]
        shown = self._column(rates)
        calls = self._calls(shown)
        number = self.request.GET.get("call", "")
        call = next((each for each in calls if str(each.number + 1) == number), None)
        call = call or next((each for each in calls if each.passed is False), calls[0] if calls else None)
        result = (call.result or {}) if call else {}
        return {
            "title": self.rehearsal.name,
            "rehearsal": self.rehearsal,
            "told": [(column, rate) for column, rate in rates if rate],
            "shown": shown,
            "calls": calls,
            "call": call,
            "lines": rehearsal_wording.lines(result),
            "findings": rehearsal_wording.findings(result),
            "problem": rehearsal_wording.PROBLEMS.get(result.get("problem", "")),
            "passing": sum(row["passed"] for row in rehearsal_wording.findings(result)),
            "run": standing.running(self.project),
            "refresh_ms": REFRESH_MS,
            "times": TIMES,
            "topics": dict(self.project.topics.values_list("name", "pk")),
        }

    def _column(self, rates: list[tuple[Column, Rate | None]]) -> tuple[Column, Rate] | None:
        """The state that was asked for, else the first that it was rehearsed with."""
        asked = self.request.GET.get("with", "")
        held = [(column, rate) for column, rate in rates if rate]
        return next((each for each in held if (each[0].environment or "draft") == asked), held[0] if held else None)

    def _calls(self, shown: tuple[Column, Rate] | None) -> list[RehearsalCall]:
        if shown is None:
            return []
        return list(self.rehearsal.calls.filter(run=shown[1].run, passed__isnull=False).order_by("number"))


class Start(RehearsalsPage):
    """Begin a run: of one rehearsal or of all, with the draft or with what runs somewhere."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        environment = request.POST.get("environment", "")
        if environment not in ("", *Environment.values):
            environment = ""
        one = request.POST.get("rehearsal", "")
        chosen = None
        if one:
            chosen = [get_object_or_404(Rehearsal, project=self.project, pk=number(one) or 0)]
        try:
            rehearsing.start(self.project, request.user, environment=environment, rehearsals=chosen, times=TIMES)
        except runs.RunRefused as refused:
            self.warn(str(refused))
        return self.to("rehearsal", rehearsal=chosen[0].pk) if chosen else self.to("rehearsals")


class Stop(RehearsalsPage):
    """End the run after the call that is being held."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if run := standing.running(self.project):
            runs.stop(run)
            self.say(_("Stopped. What was found is kept."))
        return self.to("rehearsals")
