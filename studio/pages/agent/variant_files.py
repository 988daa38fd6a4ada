"""Variants as a file: export, and import with a look at what it changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import csv_variants, publish
from studio.pages.agent import differences
from studio.pages.agent.imports import ImportPage, Preview, download
from studio.pages.agent.publishing import AgentPage


class Export(AgentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return download(csv_variants.write(self.project), f"{self.project.slug}-variants")


class Import(ImportPage):
    menu = "variants"
    title = gettext_lazy("Import variants")
    back_to = "variants"
    export = "variants_export"
    help = gettext_lazy("Variants that are not in the file stay as they are. To remove one, use the table.")
    columns = [
        ("id", gettext_lazy("The key below a variant’s name. Empty makes a new variant.")),
        ("name", gettext_lazy("What you call the variant. Needed.")),
        ("is_default", gettext_lazy("yes for the one that is used where none is chosen.")),
        ("attribute_…", gettext_lazy("One column for each thing that differs, such as attribute_city.")),
    ]

    def read(self, content: bytes) -> csv_variants.Rows:
        return csv_variants.read(content)

    def preview(self, given: csv_variants.Rows) -> Preview:
        rows = csv_variants.merged(self.project, given).rows
        before = {row["key"]: row for row in publish.freeze(self.project)["variants"]}
        added = sum(row["key"] not in before for row in rows)
        same = sum(before.get(row["key"]) == filled_up(row, before) for row in rows)
        shown = differences.of_variants(list(before.values()), rows)
        return Preview(added, len(rows) - added - same, same, shown)

    def take_in(self, given: csv_variants.Rows) -> str:
        csv_variants.take_in(self.project, given, self.request.user)
        return _("The variants are in your draft.")


def filled_up(row: dict[str, Any], before: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A row without the empty cells that it did not have before: they say the same."""
    had = before.get(row["key"], {}).get("attributes", {})
    return row | {"attributes": {name: value for name, value in row["attributes"].items() if value or name in had}}
