"""A database that is away is told to visitors as a refusal with a code, not as a fault of the page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from widgets.refusals import Refused

# The calling room knows how the database is, and registers itself at start-up, since this room cannot import it.
_is_away: Callable[[], bool] | None = None
_failed: Callable[[Exception], None] | None = None


def register(*, is_away: Callable[[], bool], failed: Callable[[Exception], None]) -> None:
    """`is_away` says whether anybody should ask it now; `failed` is told of errors that look as if it were away."""
    global _is_away, _failed
    _is_away, _failed = is_away, failed


@contextmanager
def told() -> Iterator[None]:
    """Raises UNAVAILABLE in the place of what the driver raises, and at once while it is known that it is away.

    May stand over a function, too.
    """
    if _is_away and _is_away():
        raise Refused("UNAVAILABLE", "the database is away")
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if _failed:
            _failed(error)
        raise Refused("UNAVAILABLE", type(error).__name__) from error
