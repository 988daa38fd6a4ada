"""Variants: one agent for several locations or brands; rows of words under stable keys."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import drafting
from agents.authoring.variants import NAME_MOST, read_table
from agents.locks import Stale, mark
from studio.pages.agent.publishing import AgentPage

TABLE_BYTES_MOST = 40 * 1024 * 1024  # 1000 rows of 50 cells of 500 characters, and what JSON adds


class Variants(AgentPage):
    body_most = TABLE_BYTES_MOST + 1024 * 1024
    template_name = "studio/variants.html"
    menu = "variants"
    title = gettext_lazy("Variants")

    def context(self) -> dict[str, Any]:
        rows = self._rows
        columns = sorted({name for row in rows for name in row["attributes"]})
        return {"table": {"columns": columns, "rows": rows}, "problems": [], "limits": limits(), "words": words()}

    def mark(self) -> str:
        return mark(self._rows)

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return drafting.variant_rows(self.project)

    def post(self, request: HttpRequest) -> HttpResponse:
        file = request.FILES.get("table_file")  # a large table comes as a file: fields have a lower limit
        try:
            if file and file.size > TABLE_BYTES_MOST:
                raise ValueError
            table = json.loads(file.read() if file else request.POST.get("table", ""))
            columns = [str(column) for column in table["columns"]]
            given = [(row, {str(k): str(v) for k, v in row["attributes"].items()}) for row in table["rows"]]
        except (ValueError, TypeError, KeyError, AttributeError):
            self.warn(_("The table could not be read. Nothing was changed; reload the page and try again."))
            return self.to("variants")
        found = read_table(columns, given)
        if found.problems:
            shown = {"table": table, "problems": found.problems[:10]}
            return self.page(self.template_name, status=422, **(self.context() | shown))
        try:
            drafting.save_variants(self.project, found.rows, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **(self.context() | {"table": table}))
        return self.kept(_("Kept in your draft."), "variants")


def limits() -> dict[str, int]:
    return {
        "rows": drafting.VARIANTS_MOST,
        "columns": drafting.ATTRIBUTES_MOST,
        "value": drafting.VALUE_MOST,
        "name": NAME_MOST,
    }


def words() -> dict[str, str]:
    """The texts that static/studio/variants.js draws the table with."""
    return {
        "variant": _("Variant"),
        "name": _("Name"),
        "default": _("Default"),
        "makeDefault": _("Make default"),
        "removeRow": _("Remove {name}"),
        "removeColumn": _("Remove the column {name}"),
        "renameColumn": _("Rename the column {name}"),
        "columnTaken": _("Another column has this name."),
        "columnName": _("Small letters, digits and _, starting with a letter."),
        "newColumn": _("new_column"),
        "newVariant": _("New variant"),
        "cell": _("{column} of {name}"),
        "pasted": _("{cells} cells pasted."),
        "pastedNewRows": _("{cells} cells pasted, {rows} new variants."),
        "cut": _("{cells} cells did not fit and were left out."),
        "tooMany": _("A project has at most {most} variants."),
        "tooManyColumns": _("A variant has at most {most} columns."),
        "tooLong": _("A cell has at most {most} characters; the rest was left out."),
        "count": _("{rows} of {rowsMost} variants, {columns} of {columnsMost} columns"),
        "found": _("{found} of {rows} variants"),
    }
