"""What the pages of one widget share: the widget by its address, the bar above its tabs, what it still needs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import publish
from agents.models import Environment, Project
from studio.pages import truth
from studio.pages.base import ProjectPage
from studio.pages.widget import changes, doubts
from widgets import actions, domains
from widgets.card import cleaning
from widgets.install import embed, heard, readiness
from widgets.models import Kind, Widget

PUBLISHING = {"phone": "widgets.publish_phone", "chat": "widgets.publish_chat"}


class WidgetPage(ProjectPage):
    permission = "widgets.read"
    write_permission = "widgets.edit"
    menu = "web_calling"
    title = gettext_lazy("Web Calling")
    tab = ""
    shown_by_itself: frozenset[str] = frozenset()  # needs that the page says elsewhere

    @cached_property
    def widget(self) -> Widget:
        return get_object_or_404(widgets_of(self.project), pk=self.kwargs["widget"])

    @property
    def is_chat(self) -> bool:
        return self.widget.kind == Kind.CHAT

    def may(self, permission: str) -> bool:
        """Publishing is given for each type of widget."""
        return super().may(PUBLISHING[self.widget.kind] if permission == "widgets.publish" else permission)

    def frame(self) -> dict[str, Any]:
        sites = list(self.widget.domains.all())
        running = publish.deployments(self.project)
        everything = readiness.needs(self.widget)
        return super().frame() | {
            "widget": self.widget,
            "is_chat": self.is_chat,
            "tab": self.tab,
            "sites": sites,
            "main_site": next((row for row in sites if not domains.is_exact(row.host)), sites[0] if sites else None),
            "heard": heard.sentences(heard.ways_of(self.widget, running)),
            "places": [
                {
                    "value": value,
                    "label": label,
                    "deployment": running.get(value),
                    "here": value == self.widget.environment,
                }
                for value, label in environments(self.project, self.widget.environment)
            ],
            "strangers": self._strangers(),
            "others": widgets_of(self.project).filter(archived_at=None).prefetch_related("domains")[:100],
            "differs": actions.differs(self.widget),
            "may_publish": self.may("widgets.publish"),
            **self.todo(everything),
            "no_version": any(need.code == "version" and need.level == "missing" for need in everything),
            "summary": self.summary() if self.may("widgets.publish") else None,
            "changed": embed.snippet(self.widget).changed,
        }

    def _strangers(self) -> int:
        """How many strangers were answered by what is not in Live, while the widget still is not."""
        if self.widget.environment == Environment.LIVE:
            return 0
        return truth.strangers(self.project, [self.widget.pk]).get(self.widget.pk, 0)

    def todo(self, everything: list[readiness.Need]) -> dict[str, Any]:
        needs = self._needs(everything)
        return {"needs": needs, "todo": any(line["need"].level != "done" for line in needs)}

    def _needs(self, everything: list[readiness.Need]) -> list[dict[str, Any]]:
        """What has to be there before a visitor can call, each with the way to it."""
        ways = {
            "version": (self.address("versions"), _("Publish a version")),
            "variant": (self.address("versions"), _("Publish a version")),
            "domains": (self.address("domains", widget=self.widget.pk), _("Add a site")),
            "enabled": (self.address("widget_settings", widget=self.widget.pk), _("Switch it on")),
            "recording": (
                self.address("widget_content", widget=self.widget.pk) + "#part-consent",
                _("See the content"),
            ),
            "seen": (self.address("widget_embed", widget=self.widget.pk), _("Open Embed")),
        }
        needs = [need for need in everything if need.code not in self.shown_by_itself]
        return [{"need": need, "way": ways.get(need.code)} for need in needs]

    def summary(self) -> dict[str, Any]:
        """What a publish of the draft would show to visitors, and what about it may be a mistake."""
        draft, _errors = cleaning.clean(self.widget.draft)
        before = self.widget.published
        return {
            "first_time": before is None,
            "changes": changes.between(before, draft) if before is not None else [],
            "doubts": doubts.of_draft(self.widget),
        }


def widgets_of(project: Project) -> QuerySet[Widget]:
    """The widgets that have pages here, of both kinds."""
    return Widget.objects.filter(project=project)


def environments(project: Project, now: str = "") -> list[tuple[str, str]]:
    """Where a project's calls may run; what is set now stays a choice."""
    left_out = {Environment.PRE_RELEASE} - ({Environment.PRE_RELEASE} if project.pre_release else {now})
    return [(one.value, one.label) for one in Environment if one not in left_out]


def without_www(typed: str) -> str:
    """What somebody copied from the address bar, less a leading www: the site they mean answers under both names."""
    try:
        address = domains.normalise(typed)
        bare = domains.normalise(str(domains.Address(address.host.removeprefix("www."), address.port)))
    except domains.BadAddress:
        return typed
    return str(bare) if address.host.startswith("www.") else typed
