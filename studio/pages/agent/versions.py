"""Versions: what runs where, what would change, what differs between any two, and the way back."""

import itertools
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import publish
from agents.authoring.rehearsals import standing
from agents.models import Deployment, Environment, Version
from studio.pages.agent import differences
from studio.pages.agent.publishing import AgentPage
from studio.pages.base import ProjectPage
from studio.pages.given import number
from widgets.install import heard

ROWS = 25
CHOICES_MOST = 200
DRAFT = "draft"


class Versions(AgentPage):
    permission = "versions.read"
    template_name = "studio/versions.html"
    menu = "versions"
    title = gettext_lazy("Versions")

    @property
    def environments(self) -> list[str]:
        """The way of a version, in its order."""
        middle = [Environment.PRE_RELEASE] if self.project.pre_release else []
        return [Environment.SANDBOX, *middle, Environment.LIVE]

    def context(self) -> dict[str, Any]:
        running = publish.deployments(self.project)
        ways = heard.ways_in(self.project)
        lanes = [self._lane(running, place, ways) for place in range(len(self.environments))]
        page = Paginator(
            Version.objects.filter(project=self.project).defer("config").select_related("created_by"), ROWS
        ).get_page(self.request.GET.get("page"))
        live = running.get(Environment.LIVE)
        next_step = next((lane for lane in reversed(lanes) if lane["waiting"]), None)
        for lane, onward in itertools.pairwise(lanes):
            if onward["waiting"]:
                primary = onward is next_step
                lane["onward"] = {"environment": onward["environment"], "label": onward["label"], "primary": primary}
        against = running.get(self._against(running))
        compared = differences.between(against.version.config, self.draft.config) if against else []
        rehearsed = standing.of(self.project, [row.mark for row in page.object_list])
        shown_numbers = {number: self._places(running, number) for number in (row.pk for row in page.object_list)}
        ready = self._ready_for_live([row.pk for row in page.object_list])
        return {
            "lanes": lanes,
            "live": live,
            "next_step": next_step,
            "heard": heard.sentences(ways),
            "changes": compared,
            "against": against,
            "against_choices": [
                one for one in (running.get(Environment.LIVE), running.get(Environment.SANDBOX)) if one
            ],
            "may_set": self.may("project.edit"),
            "page": page,
            "rows": [
                {
                    "version": version,
                    "places": shown_numbers[version.pk],
                    "live": bool(live and live.version_id == version.pk),
                    "may_go_live": version.pk in ready,
                    "rehearsed": rehearsed.get(version.mark),
                }
                for version in page.object_list
            ],
        }

    def _against(self, running: dict[str, Deployment]) -> str:
        """What the draft is compared with: what Live runs, unless something else was asked for."""
        asked = self.request.GET.get("against", "")
        if asked in running:
            return asked
        return Environment.LIVE if Environment.LIVE in running else Environment.SANDBOX

    def _lane(self, running: dict[str, Deployment], place: int, ways: list[heard.WayIn]) -> dict[str, Any]:
        """An environment, what runs there, and what waits in the one before it."""
        environment = self.environments[place]
        here = running.get(environment)
        before = running.get(self.environments[place - 1]) if place else None
        return {
            "environment": environment,
            "label": Environment(environment).label,
            "is_live": environment == Environment.LIVE,
            "is_sandbox": environment == Environment.SANDBOX,
            "deployment": here,
            "ways": [way for way in ways if way.environment == environment],
            "from": before,
            "waiting": bool(before and (here is None or here.version_id != before.version_id)),
        }

    def _places(self, running: dict[str, Deployment], version: int) -> list[str]:
        return [place for place in self.environments if place in running and running[place].version_id == version]

    def _ready_for_live(self, versions: list[int]) -> set[int]:
        """Those of the versions that publish.may_follow lets go to Live, asked at once."""
        if not self.project.pre_release:
            return set(versions)
        rows = Deployment.objects.filter(project=self.project, version_id__in=versions)
        been = rows.filter(environment__in=(Environment.PRE_RELEASE, Environment.LIVE))
        return set(been.values_list("version_id", flat=True))


class Compare(ProjectPage):
    """What differs between any two versions, or between one and the draft."""

    permission = "versions.read"
    template_name = "studio/compare.html"
    menu = "versions"
    title = gettext_lazy("Compare versions")

    def context(self) -> dict[str, Any]:
        rows = list(
            Version.objects.filter(project=self.project).defer("config").select_related("created_by")[:CHOICES_MOST]
        )
        newest = rows[0].number if rows else None
        old = self._asked(self.request, "from", newest)
        new = self._asked(self.request, "to", DRAFT)
        found = differences.between(self._config(old), self._config(new)) if rows else []
        return {"versions": rows, "old": old, "new": new, "found": found, "told": {"old": told(old), "new": told(new)}}

    def _asked(self, request: HttpRequest, name: str, otherwise: Any) -> Any:
        given = request.GET.get(name, "")
        if given == DRAFT:
            return DRAFT
        asked = number(given)
        return otherwise if asked is None else asked

    def _config(self, which: Any) -> dict[str, Any]:
        if which == DRAFT:
            return publish.freeze(self.project)
        version = Version.objects.filter(project=self.project, number=which).first()
        if version is None:
            raise Http404
        return version.config


def told(which: Any) -> str:
    return _("the draft") if which == DRAFT else _("version %s") % which
