"""From the draft to Sandbox, and from Sandbox to Live: the button on every Agent page, and what it does."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agents.authoring import publish
from agents.models import Environment, Version
from studio.pages.agent import differences
from studio.pages.base import ProjectPage
from widgets.models import AllowedDomain

SITES_SHOWN = 3
FINDINGS_SHOWN = 6  # a column that a thousand variants leave empty would be a thousand


class AgentPage(ProjectPage):
    """A page of the Agent group: it edits the draft, and says whether the draft is published."""

    permission = "agent.read"
    write_permission = "agent.edit"

    def frame(self) -> dict[str, Any]:
        return super().frame() | {"draft": self._draft()}

    def _draft(self) -> dict[str, Any]:
        config, newest = publish.freeze(self.project), publish.newest(self.project)
        findings = publish.check(config)
        return {
            "newest": newest,
            "differs": newest is None or newest.config != config,
            "findings": findings[:FINDINGS_SHOWN],
            "more_findings": max(0, len(findings) - FINDINGS_SHOWN),
            "blocked": any(finding.level == "error" for finding in findings),
            "may_publish": self.may("agent.publish"),
            "may_try": self.may("agent.edit"),
            "differences": differences.between(newest.config, config)[:8] if newest else [],
        }


class Publish(ProjectPage):
    """Freeze the draft into a version and let Sandbox run it."""

    permission = "agent.publish"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            version = publish.publish(
                self.project,
                by=request.user,
                note=request.POST.get("note", "").strip(),
                environment=Environment.SANDBOX,
            )
        except publish.DraftRefused as refused:
            self.warn(" ".join(finding.message for finding in refused.findings))
        else:
            self.say(self._told(version))
        return back(self, "versions")

    def _told(self, version: Version) -> str:
        """Where it runs, and the way on."""
        words = _("Version %(n)d runs in Sandbox, for you to try. Visitors hear it once it is in Live.")
        further = _("Promote to Pre-release") if self.project.pre_release else _("Promote to Live")
        return format_html(
            '{} <a class="link" href="{}">{}</a>', words % {"n": version.number}, self.address("versions"), further
        )


class Promote(ProjectPage):
    """Let an environment run a version that exists: forward to Live, or back to an earlier one."""

    permission = "agent.publish"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        environment = request.POST.get("environment")
        version = get_object_or_404(Version, project=self.project, number=number)
        if environment not in Environment.values:
            self.warn(_("Choose where the version should run."))
            return self.to("versions")
        try:
            publish.deploy(self.project, environment, version, request.user)
        except publish.TooSoon as refused:
            self.warn(str(refused))
            return self.to("versions")
        where = Environment(environment).label
        self.say(_("%(where)s runs version %(n)d from the next call on.") % {"where": where, "n": version.number})
        return self.to("versions")


class PreRelease(ProjectPage):
    """Whether versions pass through Pre-release."""

    permission = "project.edit"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        on = "pre_release" in request.POST
        publish.set_pre_release(self.project, on, request.user)
        self.say(
            _("Versions now pass through Pre-release before Live.")
            if on
            else _("Versions now go from Sandbox straight to Live.")
        )
        return self.to("versions")


def back(page: ProjectPage, otherwise: str) -> HttpResponseRedirect:
    """To the page the form was on, when that is one of ours."""
    there = page.request.POST.get("next", "")
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return HttpResponseRedirect(there)
    return page.to(otherwise)


def sites_of(page: ProjectPage, environment: str = "") -> str:
    """The sites whose visitors talk with what runs in an environment, or in any, as words for a confirmation."""
    hosts = AllowedDomain.objects.filter(widget__project=page.project)
    if environment:
        hosts = hosts.filter(widget__environment=environment)
    names = list(dict.fromkeys(hosts.order_by("host").values_list("host", flat=True)))
    shown = ", ".join(names[:SITES_SHOWN])
    more = len(names) - SITES_SHOWN
    return shown if more <= 0 else _("%(sites)s and %(n)d more sites") % {"sites": shown, "n": more}
