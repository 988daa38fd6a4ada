"""Variants as a table: one a row, `attribute_…` columns for what differs; an empty `id` is a new one."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from agents.authoring import csv_tables
from agents.authoring.csv_tables import BadTable
from agents.authoring.drafting import save_variants, variant_rows
from agents.authoring.variants import ReadTable, free_key, read_table
from agents.locks import locked
from agents.models import Project

PREFIX = "attribute_"
OWN = ("id", "name", "is_default")


def write(project: Project) -> bytes:
    rows = list(project.variants.order_by("-is_default", "name"))
    names = sorted({name for row in rows for name in row.attributes})
    return csv_tables.write(
        [*OWN, *(PREFIX + name for name in names)],
        (
            [row.key, row.name, "yes" if row.is_default else "no", *(row.attributes.get(name, "") for name in names)]
            for row in rows
        ),
    )


Rows = list[dict[str, str]]  # of a file: a cell's text by the name of its column


def read(content: bytes) -> Rows:
    """The rows of a file. Raises BadTable."""
    header, table = csv_tables.read(content)
    given = [name for name in header if name.startswith(PREFIX)]
    problems = csv_tables.columns(header, ("name",), [*OWN, *(given or [PREFIX + "…"])])
    if problems:
        raise BadTable(problems)
    return [dict(zip(header, cells, strict=True)) for cells in table]


@locked
def take_in(project: Project, rows: Rows, by: AbstractBaseUser) -> None:
    """Bring the rows of a file in. Holds the project: the variants that the file does not name stay as they are now,
    not as they were when somebody looked at what the file would change. Raises BadTable."""
    save_variants(project, merged(project, rows).rows, by)


def merged(project: Project, rows: Rows) -> ReadTable:
    """The draft's variants as they would be with the file's rows; those that it does not name stay. Raises BadTable."""
    kept: dict[str, dict[str, Any]] = {row["key"]: row for row in variant_rows(project)}
    default = ""
    for cell in rows:
        given = [column for column in cell if column.startswith(PREFIX)]
        name = cell["name"].strip()
        key = cell.get("id", "").strip() or free_key(name, set(kept))
        before = kept.get(key, {"attributes": {}, "is_default": False})
        attributes = before["attributes"] | {column.removeprefix(PREFIX): cell[column] for column in given}
        kept[key] = {"key": key, "name": name, "is_default": before["is_default"], "attributes": attributes}
        if cell.get("is_default", "").strip().lower() in ("yes", "true", "1", "x"):
            default = default or key
    if default or not any(row["is_default"] for row in kept.values()):
        default = default or next(iter(kept), "")
        for key, row in kept.items():
            row["is_default"] = key == default
    columns = sorted({name for row in kept.values() for name in row["attributes"]})
    found = read_table(columns, [(row, row["attributes"]) for row in kept.values()])
    if found.problems:
        raise BadTable(found.problems)
    return found
