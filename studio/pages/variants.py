"""Variants: one agent for several shops or brands; rows of words under stable keys."""

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents import drafting
from studio.pages.publishing import AgentPage

NAME_MOST = 60
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Variants(AgentPage):
    template_name = "studio/variants.html"
    menu = "variants"
    title = gettext_lazy("Variants")

    def context(self) -> dict[str, Any]:
        rows = [
            {"key": row.key, "name": row.name, "is_default": row.is_default, "attributes": row.attributes}
            for row in self.project.variants.all()
        ]
        columns = sorted({name for row in rows for name in row["attributes"]})
        return {"table": {"columns": columns, "rows": rows}, "problems": [], "limits": limits(), "words": words()}

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            table = json.loads(request.POST.get("table", ""))
            columns = [str(column) for column in table["columns"]]
            given = [(row, {str(k): str(v) for k, v in row["attributes"].items()}) for row in table["rows"]]
        except (ValueError, TypeError, KeyError, AttributeError):
            self.warn(_("The table could not be read. Nothing was changed; reload the page and try again."))
            return self.to("variants")
        rows, problems = read(columns, given)
        if problems:
            return self.page(
                self.template_name, status=422, **(self.context() | {"table": table, "problems": problems[:10]})
            )
        drafting.save_variants(self.project, rows, request.user)
        self.say(_("Saved. Visitors hear it once you publish."))
        return self.to("variants")


def read(columns: list[str], given: list[tuple[dict[str, Any], dict[str, str]]]) -> tuple[list[dict], list[str]]:
    """The rows to keep, and what is wrong with them, in words."""
    problems = []
    if len(columns) > drafting.ATTRIBUTES_MOST:
        problems.append(_("At most %d columns.") % drafting.ATTRIBUTES_MOST)
    if len(given) > drafting.VARIANTS_MOST:
        problems.append(_("At most %d variants.") % drafting.VARIANTS_MOST)
    for column in columns:
        if not _COLUMN.fullmatch(column):
            problems.append(
                _("“%s” cannot be a column name. Use small letters, digits and _, starting with a letter.") % column
            )
    if len(set(columns)) < len(columns):
        problems.append(_("Two columns have the same name."))
    rows: list[dict[str, Any]] = []
    keys: set[str] = set()
    for row, attributes in given:
        name = str(row.get("name", "")).strip()
        key = str(row.get("key") or "") or free_key(name, keys)
        if not name or len(name) > NAME_MOST:
            problems.append(_("Every variant needs a name of at most %d characters.") % NAME_MOST)
        if key in keys or slugify(key) != key:
            problems.append(_("Two variants share the key “%s”.") % key)
        keys.add(key)
        kept = {column: attributes.get(column, "").strip() for column in columns}
        long = next((column for column, value in kept.items() if len(value) > drafting.VALUE_MOST), None)
        if long:
            problem = _("“%(column)s” of “%(name)s” has more than %(most)d characters.")
            problems.append(problem % {"column": long, "name": name, "most": drafting.VALUE_MOST})
        rows.append({"key": key, "name": name, "is_default": bool(row.get("is_default")), "attributes": kept})
    if rows and sum(row["is_default"] for row in rows) != 1:
        problems.append(_("Mark exactly one variant as the default."))
    return rows, list(dict.fromkeys(problems))


def free_key(name: str, taken: set[str]) -> str:
    """A stable key made from a name; numbered where it is taken."""
    base = slugify(name)[:50] or "variant"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def limits() -> dict[str, int]:
    return {"rows": drafting.VARIANTS_MOST, "columns": drafting.ATTRIBUTES_MOST}


def words() -> dict[str, str]:
    """The texts that static/studio/variants.js draws the table with."""
    return {
        "variant": _("Variant"),
        "name": _("Name"),
        "default": _("Default"),
        "makeDefault": _("Make this the default"),
        "removeRow": _("Remove this variant"),
        "removeColumn": _("Remove the column"),
        "column": _("Column"),
        "columnTaken": _("Another column has this name."),
        "newColumn": _("new_column"),
        "cell": _("{column} of {name}"),
    }
