"""What an agent can do by itself, without any system of its owner's: which of it a language model may begin, and who
helps where the agent cannot. Part of the draft and of versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MESSAGE, HAND_OVER, END_CALL, SHOW = "message", "hand_over", "end_call", "show"
KINDS = (MESSAGE, HAND_OVER, END_CALL, SHOW)


@dataclass(frozen=True, slots=True)
class Actions:
    """`allowed`: what a model may begin. `phone`, `url`: where somebody helps further, told with a model or without."""

    allowed: frozenset[str] = frozenset()
    phone: str = ""
    url: str = ""

    @property
    def has_way(self) -> bool:
        return bool(self.phone or self.url)


def read(kept: Mapping[str, Any]) -> Actions:
    return Actions(
        frozenset(one for one in KINDS if kept.get(one)), str(kept.get("phone", "")), str(kept.get("url", ""))
    )
