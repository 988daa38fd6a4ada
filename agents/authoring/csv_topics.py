"""Topics as a table: one a row, its questions as lines of one cell."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agents.authoring import csv_tables, languages, topics
from agents.authoring.csv_tables import BadTable
from agents.models import Project, Topic

COLUMNS = ("name", "answer", "questions", "active", "spoken", "first", "link", "link_title")
# And three for each other language: "answer:de", "questions:de", "spoken:de".
_WORDED = {"answer": "content", "questions": "samples", "spoken": "spoken"}
_LANGUAGE = re.compile(rf"(?:{'|'.join(_WORDED)}):[a-z]{{2,3}}(?:-[a-z]{{2,4}})?")
_YES, _NO = ("yes", "true", "1", "x", "on", "active"), ("no", "false", "0", "off")


@dataclass(frozen=True, slots=True)
class Change:
    """What a file does to one topic."""

    kind: str  # "added", "changed", "same"
    name: str
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()


def write(project: Project) -> bytes:
    def said(yes: bool) -> str:
        return "yes" if yes else "no"

    codes = list(project.agent.wordings)

    def worded(row: Topic) -> list[str]:
        own = [row.wordings.get(code, {}) for code in codes]
        return [cell for words in own for cell in _cells(words)]

    rows = Topic.objects.filter(project=project).order_by("name")
    return csv_tables.write(
        (*COLUMNS, *(f"{column}:{code}" for code in codes for column in _WORDED)),
        (
            (
                row.name,
                row.content,
                "\n".join(row.samples),
                said(row.active),
                row.spoken,
                said(row.first),
                row.link,
                row.link_title,
                *worded(row),
            )
            for row in rows
        ),
    )


def _cells(words: dict[str, Any]) -> list[str]:
    return [words.get("content", ""), "\n".join(words.get("samples", [])), words.get("spoken", "")]


def _wordings(cell: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What a row says in other languages, by language."""
    found: dict[str, dict[str, Any]] = {}
    for column, text in cell.items():
        name, _colon, code = column.partition(":")
        if code and name in _WORDED:
            value: Any = text.strip()
            if name == "questions":
                value = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
            found.setdefault(code, {})[_WORDED[name]] = value
    return found


def read(content: bytes) -> list[dict[str, Any]]:
    """The topics in a file, clean. Raises BadTable with everything that is wrong."""
    header, table = csv_tables.read(content)
    worded = [column for column in header if _LANGUAGE.fullmatch(column)]
    problems = csv_tables.columns(header, ("name", "answer"), (*COLUMNS, *worded))
    if problems:
        raise BadTable(problems)
    if len(table) > topics.TOPICS_MOST:
        raise BadTable([_("At most %d topics at once.") % topics.TOPICS_MOST])
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(table, start=2):
        cell = dict(zip(header, cells, strict=True))
        active = cell.get("active", "").strip().lower() or _YES[0]
        first = cell.get("first", "").strip().lower() or _NO[0]
        row, wrong = topics.clean(
            {
                "name": cell["name"],
                "content": cell["answer"],
                "samples": [" ".join(line.split()) for line in cell.get("questions", "").splitlines()],
                "active": active in _YES,
                **({"spoken": " ".join(cell["spoken"].split())} if "spoken" in cell else {}),
                **({"first": first in _YES} if "first" in cell else {}),
                **{name: " ".join(cell[name].split()) for name in ("link", "link_title") if name in cell},
                **({"wordings": _wordings(cell)} if worded else {}),
            }
        )
        if first not in (*_YES, *_NO):
            wrong.append(_("says “%s” under first; write yes or no") % first[:20])
        if active not in (*_YES, *_NO):
            wrong.append(_("says “%s” under active; write yes or no") % active[:20])
        if row and row["name"] in seen:
            wrong.append(_("has the same name as row %d") % seen[row["name"]])
        if row:
            seen.setdefault(row["name"], number)
        problems += [_("Row %(row)d %(problem)s.") % {"row": number, "problem": one} for one in wrong]
        rows.append(row)
    if problems:
        raise BadTable(problems)
    if not rows:
        raise BadTable([_("The file has no rows below its first one.")])
    return rows


def changes(project: Project, rows: list[dict[str, Any]]) -> list[Change]:
    """What taking in the rows would do. Topics that are not among them stay as they are."""
    kept = {topic.name: topic for topic in Topic.objects.filter(project=project)}
    return [_change(kept.get(row["name"]), row) for row in rows]


def _change(topic: Topic | None, row: dict[str, Any]) -> Change:
    if topic is None:
        return Change("added", row["name"], after=row["content"])
    notes = []
    if topic.samples != row["samples"]:
        notes.append(_("has other example questions"))
    if topic.spoken != row.get("spoken", topic.spoken):
        notes.append(_("has another spoken name"))
    if topic.first != row.get("first", topic.first):
        notes.append(_("goes before all others") if row["first"] else _("no longer goes before all others"))
    if any(getattr(topic, name) != row.get(name, getattr(topic, name)) for name in ("link", "link_title")):
        notes.append(_("shows another link") if row.get("link", topic.link) else _("shows no link any more"))
    wordings = row.get("wordings", {})
    for code in sorted(wordings.keys() | (topic.wordings.keys() if "wordings" in row else set())):
        if topic.wordings.get(code, {}) != wordings.get(code, {}):
            notes.append(_("has other words in %s") % languages.name(code))
    if topic.active != row["active"]:
        notes.append(_("is switched on") if row["active"] else _("is switched off"))
    if topic.content != row["content"]:
        return Change("changed", row["name"], topic.content, row["content"], (*notes, _("now says")))
    return Change("changed" if notes else "same", row["name"], notes=tuple(notes))
