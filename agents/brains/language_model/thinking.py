"""What a conversation thinks with: a model, what it is told, on which terms, and how long it is waited for."""

from dataclasses import dataclass

from agents.brains.language_model.base import Limits, Model
from agents.brains.language_model.meter import Meter, OwnMeter, Terms
from agents.brains.language_model.prompt import Brief
from agents.brains.language_model.resting import Rest


@dataclass(slots=True)
class Thinking:
    """What a conversation thinks with. One object a service and process may serve many conversations."""

    model: Model
    brief: Brief
    terms: Terms
    meter: Meter
    rest: Rest
    limits: Limits


def thinking(
    model: Model,
    brief: Brief,
    *,
    terms: Terms | None = None,
    meter: Meter | None = None,
    rest: Rest | None = None,
    limits: Limits | None = None,
) -> Thinking:
    """With what is usual where nothing is given."""
    usual = Limits(first_s=8.0, between_s=5.0, all_s=18.0) if brief.written else Limits()
    return Thinking(model, brief, terms or Terms(), meter or OwnMeter(), rest or Rest(), limits or usual)
