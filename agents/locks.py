"""One writer at a time: a write that depends on what is there takes its row first, and reads it anew.

What a page has loaded is as old as the page. So a write that reads before it writes is `locked`: it runs in a
transaction that holds the row it is given, as it is now and not as it was loaded. PostgreSQL holds that one row; with
SQLite the transaction (IMMEDIATE) holds the whole database from its beginning on, and a second one waits there. Either
way what was read before is stale: read inside.

Where a write is about several rows, it holds the one that all such writes share: the project for its members, topics,
variants and versions; the widget for its sites, its pages and its links. The project goes before anything in it.

A page that shows a whole form sends back what nobody touched, too, and would undo what somebody else did meanwhile. So
a *mark* of what was shown travels with the form, and under the lock it is compared with what is there (`check_mark`).
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Given = ParamSpec("Given")
Kept = TypeVar("Kept")


class Gone(LookupError):
    """Nothing was written: what it was about has been deleted meanwhile."""


class Stale(Exception):
    """Nothing was written: somebody else changed it since it was shown. `now` is the mark of how it is now."""

    def __init__(self, now: str | int) -> None:
        super().__init__("changed by somebody else meanwhile")
        self.now = now


def hold(row: Model) -> None:
    """The row as it is now, nobody else's to change until the transaction ends. Raises Gone."""
    try:
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
    except type(row).DoesNotExist:
        raise Gone(f"{row._meta.label} {row.pk}") from None


def locked(write: Callable[Concatenate[Row, Given], Kept]) -> Callable[Concatenate[Row, Given], Kept]:
    """Makes of a write one that first holds the row it is given; all of it happens, or nothing. Raises Gone."""

    @wraps(write)
    def held(row: Row, *args: Given.args, **kwargs: Given.kwargs) -> Kept:
        with transaction.atomic():
            hold(row)
            return write(row, *args, **kwargs)

    held.locks = True
    return held


def mark(shown: Any) -> str:
    """What somebody was shown, in a few letters: the same for the same."""
    held = json.dumps(shown, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(held.encode()).hexdigest()[:24]


def mark_of(row: Model, fields: Iterable[str]) -> str:
    return mark({name: getattr(row, name) for name in fields})


def check_mark(seen: str | None, now: str) -> None:
    """Whether what somebody was shown is what there is, for a write that holds it. None: they replace whatever it is.

    Raises Stale.
    """
    if seen is not None and seen != now:
        raise Stale(now)
