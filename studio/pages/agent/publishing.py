"""From the draft to Sandbox, and from Sandbox to Live: what the buttons of the dock and of Versions do."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agents.authoring import checking, publish, restoring, starters
from agents.authoring.rehearsals import standing
from agents.models import Environment, Version
from calling.gateway import prewarm
from studio.pages import truth
from studio.pages.agent import differences
from studio.pages.base import ProjectPage, back
from studio.pages.draft import DIFFERENCES_SHOWN
from studio.pages.widget import doubts
from widgets.install import heard

THEN = ("publish", "try")  # what opens on the page that a save leads to


class AgentPage(ProjectPage):
    """A page of the Agent group: it edits the draft, which visitors hear after a publish."""

    permission = "agent.read"
    write_permission = "agent.edit"
    effect = "draft"

    def kept(self, words: str, name: str, **kwargs: Any) -> HttpResponseRedirect:
        """Say that something is kept in the draft, and who hears it when; then go there, or on to what was asked."""
        self.say(f"{words} {truth.after_saving(heard.ways_in(self.project))}")
        then = self.request.POST.get("then", "")
        return HttpResponseRedirect(self.address(name, **kwargs) + (f"#{then}" if then in THEN else ""))


class Publish(ProjectPage):
    """Freeze the draft into a version and let Sandbox run it. Its dialog is asked for when it opens, so that it tells
    the draft as it is by then."""

    permission = "agent.publish"
    template_name = "studio/parts/publish_dialog.html"

    def context(self) -> dict[str, Any]:
        draft = self.draft
        running = publish.deployments(self.project)
        live = running.get(Environment.LIVE)
        behind = live and draft.base and live.version_id != draft.base.pk
        ways = heard.ways_in(self.project)
        return {
            "here": back(self, "versions").url,
            "shown": draft.all_changes[:DIFFERENCES_SHOWN],
            "more_changes": max(0, len(draft.all_changes) - DIFFERENCES_SHOWN),
            "who_hears": truth.who_hears(ways, Environment.SANDBOX, draft.number),
            # What is in Sandbox but not in Live rides along with this version, whoever wrote it and when.
            "live": live,
            "along": differences.between(live.version.config, draft.base.config)[:DIFFERENCES_SHOWN] if behind else [],
            "widget_doubts": doubts.of_widgets(self.project, Environment.SANDBOX, draft.config),
            "rehearsed": standing.with_config(self.project, draft.config),
            "untouched": starters.untouched(draft.config),
        }

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
            prewarm.look_again()
            self.say(self._told(version))
        return back(self, "versions")

    def _told(self, version: Version) -> str:
        """Where it runs, who hears it, and the way on."""
        words = _("Version %(n)d runs in Sandbox.") % {"n": version.number}
        who = truth.after_publishing(heard.ways_in(self.project))
        further = _("Promote to Pre-release") if self.project.pre_release else _("Promote to Live")
        link = '{} {} <a class="link" href="{}">{}</a>'
        return format_html(link, words, who, self.address("versions"), further)


class Promote(ProjectPage):
    """Let an environment run a version that exists: forward to Live, or back to an earlier one. The dialog says who
    hears it, what they hear differently, and what about it may be a mistake."""

    permission = "agent.publish"
    template_name = "studio/parts/promote_dialog.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        version = get_object_or_404(Version, project=self.project, number=number)
        environment = request.GET.get("environment", Environment.LIVE)
        if environment not in Environment.values:
            return self.to("versions")
        now = publish.running(self.project, environment)
        ways = heard.ways_in(self.project)
        found = differences.between(now.config, version.config) if now else []
        return self.page(
            version=version,
            environment=environment,
            where=Environment(environment).label,
            now=now,
            is_back=bool(now and version.number < now.number),
            is_live=environment == Environment.LIVE,
            shown=found[:DIFFERENCES_SHOWN],
            more_changes=max(0, len(found) - DIFFERENCES_SHOWN),
            who=truth.after_deploying(ways, environment),
            who_hears=truth.who_hears(ways, environment, version.number),
            findings=checking.check(version.config),
            rehearsed=standing.with_config(self.project, version.config),
            untouched=starters.untouched(version.config),
            widget_doubts=doubts.of_widgets(self.project, environment, version.config),
        )

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
        prewarm.look_again()
        where = Environment(environment).label
        words = _("%(where)s runs version %(n)d.") % {"where": where, "n": version.number}
        self.say(f"{words} {truth.after_deploying(heard.ways_in(self.project), environment)}")
        return self.to("versions")


class MakeDraft(ProjectPage):
    """Make a version the draft again; what the draft held is kept as a version of its own first."""

    permission = "agent.edit"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        version = get_object_or_404(Version, project=self.project, number=number)
        kept = restoring.make_draft(self.project, version, by=request.user)
        words = _("Your draft is version %(n)d now.") % {"n": number}
        if kept:
            words += " " + _("What it held before is kept as version %(n)d.") % {"n": kept.number}
        self.say(words)
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
