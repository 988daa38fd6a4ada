"""What a grammar is: it looks for one kind of thing in what somebody said, and tells what is missing or unclear.

`Asking` is what it knows of the question. Asked for, a bare "three" is a time; in passing only "at three" is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# none: nothing of it was said. part: it goes on (`part` is what there is). which: one of `options`.
Problem = Literal["", "none", "part", "which", "past", "future", "closed", "least", "most", "length", "house", "unseen"]


@dataclass(frozen=True, slots=True)
class Asking:
    now: datetime
    language: str = "en"
    limits: Mapping[str, Any] = field(default_factory=dict)
    asked: bool = True
    about: str = ""  # the thing's name and its question: what it is counted in
    part: str = ""  # what an earlier answer left open
    name: str = ""  # of the thing alone

    @property
    def german(self) -> bool:
        return self.language.lower().startswith("de")


@dataclass(frozen=True, slots=True)
class Heard:
    """`value` as it is kept; where in the text it stood; or why there is none."""

    value: str = ""
    start: int = 0
    end: int = 0
    problem: Problem = ""
    options: tuple[str, ...] = ()
    part: str = ""

    @property
    def fine(self) -> bool:
        return not self.problem


NOTHING = Heard(problem="none")
