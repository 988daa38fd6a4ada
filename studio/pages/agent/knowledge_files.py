"""Knowledge as a file: export, and import with a look at what it changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import csv_topics, topics
from studio.pages.agent.differences import Difference
from studio.pages.agent.imports import ImportPage, Preview, download
from studio.pages.agent.publishing import AgentPage


class Export(AgentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return download(csv_topics.write(self.project), f"{self.project.slug}-topics")


class Import(ImportPage):
    menu = "knowledge"
    title = gettext_lazy("Import topics")
    back_to = "knowledge"
    export = "topics_export"
    help = gettext_lazy("A topic with the same name is replaced; all others stay as they are.")
    columns = [
        ("name", gettext_lazy("What you call the topic. Needed.")),
        ("answer", gettext_lazy("What the agent says. Needed.")),
        ("questions", gettext_lazy("Example questions, each on a line of its own in the cell.")),
        ("active", gettext_lazy("yes or no; empty means yes.")),
        ("spoken", gettext_lazy("How the agent names the topic aloud; empty: as it is written.")),
        ("link", gettext_lazy("A page that is shown on the card while the agent answers.")),
        ("link_title", gettext_lazy("What the link is called; empty: the topic’s name.")),
        ("first", gettext_lazy("yes for emergencies that go before everything else; empty means no.")),
    ]

    def read(self, content: bytes) -> list[dict[str, Any]]:
        return csv_topics.read(content)

    def preview(self, rows: list[dict[str, Any]]) -> Preview:
        changes = csv_topics.changes(self.project, rows)
        count = {kind: sum(one.kind == kind for one in changes) for kind in ("added", "changed", "same")}
        shown = [
            Difference(one.kind, one.name, ", ".join(one.notes), one.before, one.after)
            for one in changes
            if one.kind != "same"
        ]
        return Preview(count["added"], count["changed"], count["same"], shown)

    def take_in(self, rows: list[dict[str, Any]]) -> str:
        done = topics.import_topics(self.project, rows, self.request.user)
        words = _("%(new)d new topics and %(changed)d changed ones are in your draft.")
        return words % {"new": done.created, "changed": done.updated}
