"""From a widget's draft to what visitors see, what was shown before, and the way back."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import publish
from agents.locks import Stale
from studio.pages.given import number
from studio.pages.widget import changes
from studio.pages.widget.base import WidgetPage
from widgets import actions
from widgets.install import heard, readiness
from widgets.models import WidgetPublication

ROWS = 20


class PublishingPage(WidgetPage):
    """A page that can publish the draft."""

    def publish_draft(self, there: str, revision: int | None) -> HttpResponse:
        """Publish, and go there. What may be a mistake has to be confirmed, by the code of each doubt in `sure`."""
        confirmed = self.request.POST.getlist("sure")
        unsure = [doubt.words for doubt in self.summary()["doubts"] if doubt.code not in confirmed]
        if unsure:
            self.warn(_("Not published yet. %s Publish again if that is what you want.") % " ".join(unsure))
            return self.to(there, widget=self.widget.pk)
        try:
            actions.publish_widget(self.widget, by=self.request.user, revision=revision)
        except actions.Invalid as invalid:
            self.warn(_("Not published: %s") % " ".join(invalid.errors.values()))
        except Stale:
            self.warn(_("Not published: somebody else changed the draft meanwhile. Look at it, then publish."))
        else:
            self.say(_("Widget published.") + " " + self._met())
        return self.to(there, widget=self.widget.pk)

    def _met(self) -> str:
        """Who sees it from now on, as far as the widget is open."""
        ways = heard.ways_of(self.widget, publish.deployments(self.project))
        sites = heard.named(site for way in ways for site in way.sites)
        if sites:
            return _("Visitors of %s see it with their next page load.") % sites
        if ways:
            return _("Callers of its page see it with their next page load.")
        missing = [need.message for need in readiness.needs(self.widget) if need.level == "missing"]
        return " ".join([_("Nobody sees it yet."), *missing[:1]])

    def revision(self) -> int | None:
        """The draft's number that this browser began with."""
        return number(self.request.POST.get("revision"))


class Publish(PublishingPage):
    """Publish the draft as it is kept, from a page that edits nothing of it."""

    write_permission = "widgets.publish"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        return self.publish_draft("widget_embed", self.revision())


class History(WidgetPage):
    """What was published, by whom and when, each beside the one before it."""

    template_name = "studio/widget_history.html"
    title = gettext_lazy("What was published")
    tab = "history"

    def context(self) -> dict[str, Any]:
        pages = Paginator(self.widget.publications.select_related("by"), ROWS)
        page = pages.get_page(self.request.GET.get("page"))
        shown = list(page)
        # One more than is shown: the oldest row of the page is told against it.
        end = page.start_index() + len(shown)
        before = [*shown[1:], *self.widget.publications.all()[end - 1 : end]] if shown else []
        rows = []
        for at, row in enumerate(shown):
            earlier = before[at] if at < len(before) else None
            rows.append(
                {
                    "publication": row,
                    "changes": changes.between(earlier.config, row.config) if earlier else [],
                    "is_first": earlier is None,
                    "is_now": row.config == self.widget.published and page.number == 1 and at == 0,
                }
            )
        return {"rows": rows, "page": page, "aside": self._aside() if page.number == 1 else None}

    def _aside(self) -> dict[str, Any] | None:
        """The draft that was set aside, beside the one there is."""
        if self.widget.draft_aside is None or self.widget.draft_aside == self.widget.draft:
            return None
        return {
            "at": self.widget.draft_aside_at,
            "changes": changes.between(self.widget.draft, self.widget.draft_aside),
        }


class Restore(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int, publication: int) -> HttpResponse:
        row = get_object_or_404(WidgetPublication, widget=self.widget, pk=publication)
        try:
            actions.restore_publication(self.widget, row, by=request.user)
        except actions.Invalid as invalid:
            self.warn(_("Not brought back: %s") % " ".join(invalid.errors.values()))
            return self.to("widget_history", widget=self.widget.pk)
        self.say(_("Brought back into the widget’s draft. Visitors see it once you publish the widget."))
        return self.to("widget_styling", widget=self.widget.pk)


class TakeBack(WidgetPage):
    """The draft that was set aside when something else took its place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        try:
            done = actions.take_draft_back(self.widget, by=request.user)
        except actions.Invalid as invalid:
            self.warn(_("Not brought back: %s") % " ".join(invalid.errors.values()))
            return self.to("widget_history", widget=self.widget.pk)
        if done:
            self.say(_("This is the draft from before. History keeps the other one in its place."))
        return self.to("widget_styling", widget=self.widget.pk)
