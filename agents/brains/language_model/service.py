"""From a connection that was opened for a conversation to what it thinks with."""

from dataclasses import replace
from typing import Any

from agents.brains.language_model.base import Limits
from agents.brains.language_model.client import Client
from agents.brains.language_model.meter import Meter, Terms
from agents.brains.language_model.prompt import Brief
from agents.brains.language_model.resting import Rest
from agents.brains.language_model.thinking import Thinking, thinking
from agents.brains.language_model.transport import ServiceTransport
from agents.brains.language_model.wire import Habits
from agents.brains.snapshot import AgentSnapshot
from agents.connections.service import Service

KEPT_MOST = 200  # services that are remembered; one begins anew beyond that
_known: dict[tuple[Any, ...], tuple[Habits, Rest]] = {}  # what calls of one process learn from each other


def terms(settings: Any) -> Terms:
    """What an owner allows and pays, as it is kept with a connection."""
    usual = Terms()
    given = {name: settings.get(name) for name in Terms.__dataclass_fields__}
    fine: Any = {name: value for name, value in given.items() if isinstance(value, int | float) and value >= 0}
    return replace(usual, **fine)


def client(service: Service, limits: Limits | None = None) -> Client:
    """One conversation's way to it; it is closed with the conversation."""
    habits, _rest = _learned(service)
    return Client(str(service.settings.get("model", "")), ServiceTransport(service), limits, habits)


def thinking_with(service: Service, snapshot: AgentSnapshot, meter: Meter, *, written: bool = False) -> Thinking:
    """What an agent thinks with in one conversation."""
    brief = Brief(snapshot.name, snapshot.persona, snapshot.rules, written)
    return thinking(client(service), brief, terms=terms(service.settings), meter=meter, rest=_learned(service)[1])


def _learned(service: Service) -> tuple[Habits, Rest]:
    which = (service.id, service.address, hash(service.key), service.settings.get("model"))
    if which not in _known:
        if len(_known) >= KEPT_MOST:
            _known.clear()
        _known[which] = (Habits(), Rest())
    return _known[which]
