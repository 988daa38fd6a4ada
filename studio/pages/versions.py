"""Versions: what runs where, what would change, and the way back."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from agents.models import Deployment, Environment, Version
from studio.pages import differences
from studio.pages.publishing import AgentPage, sites_of

ROWS = 25
LANES = (Environment.SANDBOX, Environment.LIVE)


class Versions(AgentPage):
    permission = "versions.read"
    template_name = "studio/versions.html"
    menu = "versions"
    title = _("Versions")

    def context(self) -> dict[str, Any]:
        running = self._running()
        sandbox, live = (running.get(environment) for environment in LANES)
        page = Paginator(
            Version.objects.filter(project=self.project).defer("config").select_related("created_by"), ROWS
        ).get_page(self.request.GET.get("page"))
        places: dict[int, list[str]] = {}
        for deployment in running.values():
            places.setdefault(deployment.version_id, []).append(deployment.environment)
        waiting = bool(sandbox and (not live or sandbox.version_id != live.version_id))
        return {
            "sandbox": sandbox,
            "live": live,
            "waiting": waiting,
            "live_sites": sites_of(self, Environment.LIVE),
            "changes": differences.between(live.version.config, sandbox.version.config) if waiting and live else [],
            "page": page,
            "rows": [
                {
                    "version": version,
                    "live": Environment.LIVE in places.get(version.pk, []),
                    "sandbox": Environment.SANDBOX in places.get(version.pk, []),
                }
                for version in page.object_list
            ],
        }

    def _running(self) -> dict[str, Deployment]:
        """The newest deployment of each environment."""
        found = {}
        for environment in LANES:
            rows = Deployment.objects.filter(project=self.project, environment=environment)
            newest = rows.select_related("version", "by").order_by("-id").first()
            if newest:
                found[environment] = newest
        return found
