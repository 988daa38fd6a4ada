"""A table of variants as somebody wrote it, checked: keys, names, columns, limits."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from agents.authoring.drafting import ATTRIBUTES_MOST, VALUE_MOST, VARIANTS_MOST

NAME_MOST = 60
KEY_MOST = 60
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The rows to keep, and what is wrong with them, in words."""

    rows: list[dict[str, Any]]
    problems: list[str]


def read_table(columns: list[str], given: list[tuple[dict[str, Any], dict[str, str]]]) -> ReadTable:
    """`given`: for each row its key, name and whether it is the default, and its attributes."""
    problems = []
    if len(columns) > ATTRIBUTES_MOST:
        problems.append(_("At most %d columns.") % ATTRIBUTES_MOST)
    if len(given) > VARIANTS_MOST:
        problems.append(_("At most %d variants.") % VARIANTS_MOST)
    for column in columns:
        if not _COLUMN.fullmatch(column):
            words = _("“%s” cannot be a column name. Use small letters, digits and _, starting with a letter.")
            problems.append(words % column[:60])
    if len(set(columns)) < len(columns):
        problems.append(_("Two columns have the same name."))
    rows: list[dict[str, Any]] = []
    keys: set[str] = set()
    reserved = {str(row.get("key") or "") for row, _attributes in given}
    for row, attributes in given:
        name = " ".join(str(row.get("name", "")).split())
        key = str(row.get("key") or "") or free_key(name, keys | reserved)
        if not name or len(name) > NAME_MOST:
            problems.append(_("Every variant needs a name of at most %d characters.") % NAME_MOST)
        if key in keys:
            problems.append(_("Two variants share the key “%s”.") % key)
        elif slugify(key) != key or len(key) > KEY_MOST:
            words = _(
                "“%s” cannot be a key. Use small letters, digits and hyphens, or leave it empty for a new variant."
            )
            problems.append(words % key[:60])
        keys.add(key)
        kept = {column: attributes.get(column, "").strip() for column in columns}
        long = next((column for column, value in kept.items() if len(value) > VALUE_MOST), None)
        if long:
            problem = _("“%(column)s” of “%(name)s” has more than %(most)d characters.")
            problems.append(problem % {"column": long, "name": name, "most": VALUE_MOST})
        rows.append({"key": key, "name": name, "is_default": bool(row.get("is_default")), "attributes": kept})
    if rows and sum(row["is_default"] for row in rows) != 1:
        problems.append(_("Mark exactly one variant as the default."))
    return ReadTable(rows, list(dict.fromkeys(problems)))


def free_key(name: str, taken: set[str]) -> str:
    """A stable key made from a name; numbered where it is taken."""
    base = slugify(name)[:50] or "variant"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
