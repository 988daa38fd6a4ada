"""A database that is away is told to visitors as a refusal with a code, not as a fault of the page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from widgets.refusals import Refused


@contextmanager
def told() -> Iterator[None]:
    """Raises UNAVAILABLE in the place of what the driver raises. May stand over a function, too."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Refused("UNAVAILABLE", type(error).__name__) from error
