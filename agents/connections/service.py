"""A connection opened for use: what a provider needs to ask a service. It lives in memory only, and tells no key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Service:
    """`settings`: what is asked of it for one use ("model", "voice" …). Its key is never printed."""

    id: int
    kind: str
    name: str
    address: str  # without a slash at its end
    key: str = field(repr=False)
    private: bool = False  # may be in the operator's own network
    settings: Mapping[str, Any] = field(default_factory=dict)
