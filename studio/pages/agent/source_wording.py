"""Sources in words: how one stands, what was left out, what changed, and what an answer was taken from."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.authoring.sources.reasons import told
from agents.models import Source

HOW = {
    "added": gettext_lazy("New page"),
    "removed": gettext_lazy("Page is gone"),
    "changed": gettext_lazy("Changed"),
}


@dataclass(frozen=True, slots=True)
class Stand:
    tone: str
    text: str
    why: str = ""
    done: int = 0
    all: int = 0


def stand(source: Source) -> Stand:
    """How a source stands, as its row and its page tell it."""
    if source.reading:
        return _reading(source)
    if source.state == Source.State.FAILED:
        why = told(source.reason)
        if source.round:
            return Stand("warn", _("Could not be read again"), _("%s It answers from what was read before.") % why)
        return Stand("bad", _("Could not be read"), why)
    if not source.kept:
        return Stand("warn", _("Not kept yet"))
    return Stand("good", _("In use")) if source.active else Stand("", _("Off"))


def _reading(source: Source) -> Stand:
    walk = source.work.get("walk")
    if source.work.get("stage") == "read" and walk:
        done, in_all = walk["done"], min(walk["most"], walk["done"] + len(walk["todo"]))
        words = ngettext("Reading: %(done)d of %(all)d page", "Reading: %(done)d of %(all)d pages", in_all)
        return Stand("now", words % {"done": done, "all": in_all}, done=done, all=in_all)
    if source.work.get("stage") == "index":
        rows = source.all_pages.filter(round=source.reading)
        done, in_all = rows.exclude(vectors=None).count(), rows.count()
        words = ngettext("Learning: %(done)d of %(all)d page", "Learning: %(done)d of %(all)d pages", in_all)
        return Stand("now", words % {"done": done, "all": in_all}, done=done, all=in_all)
    return Stand("now", _("Reading"))


def size(source: Source) -> str:
    if not source.round:
        return ""
    words = ngettext("%(n)d page", "%(n)d pages", source.pages) % {"n": source.pages}
    more = ngettext("%(n)d passage", "%(n)d passages", source.passages) % {"n": source.passages}
    return f"{words}, {more}"


def left_out(source: Source) -> list[tuple[str, str]]:
    """Pages that were not read, and why."""
    found = []
    for where, what in source.left_out:
        if where == "pages_without_text":
            words = ngettext("%(n)d page is a picture without text.", "%(n)d pages are pictures without text.", what)
            found.append(("", words % {"n": what}))
        else:
            found.append((where, told(what)))
    return found


def changes(source: Source) -> list[dict[str, Any]]:
    return [{**one, "how": HOW.get(one["how"], "")} for one in source.changes.get("pages", ())]


def changed(source: Source) -> str:
    """What the last reading found changed, in one line."""
    counts = source.changes
    told = [
        ngettext("%(n)d page changed", "%(n)d pages changed", n) % {"n": n} if (n := counts.get("changed")) else "",
        ngettext("%(n)d page new", "%(n)d pages new", n) % {"n": n} if (n := counts.get("added")) else "",
        ngettext("%(n)d page gone", "%(n)d pages gone", n) % {"n": n} if (n := counts.get("removed")) else "",
    ]
    return ", ".join(each for each in told if each)


def cited(decision: Any) -> dict[str, Any] | None:
    """What an answer was taken from, as it was kept with its turn."""
    found = decision.get("cited") if isinstance(decision, dict) else None
    if not isinstance(found, dict):
        return None
    number = found.get("number") or 0
    place = ""
    if number:
        place = (_("row %d") if found.get("kind") == "csv" else _("page %d")) % number
    address = str(found.get("address", ""))
    named = [str(found.get("source", "")), str(found.get("page", "")) if address else "", place]
    return {
        "title": ", ".join(dict.fromkeys(part for part in named if part)),
        "address": address if address.startswith(("https://", "http://")) else "",
        "words": str(found.get("words", "")),
    }


def without_citation(text: str) -> str:
    """An answer that was read, without its last line, which names the page."""
    said, gap, last = text.rpartition("\n\n")
    return said if gap and last.startswith(("*", "[")) else text
