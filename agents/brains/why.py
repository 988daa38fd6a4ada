"""What is kept with an agent's turn, so that people can ask later why it was said: bounded, as plain JSON."""

from typing import Any

from agents.brains.base import Reply

NEAR_MOST, VALUES_MOST, LETTERS_MOST = 5, 20, 80


def kept(reply: Reply) -> dict[str, Any]:
    """Its decision; what came close ("near"), with how likely it was; and where a flow stands after it ("flow")."""
    found = dict(reply.decision)
    if reply.near:
        found["near"] = [[name, round(float(score), 3)] for name, score in reply.near[:NEAR_MOST]]
    if reply.flow:
        values = list((reply.flow.get("values") or {}).items())[:VALUES_MOST]
        found["flow"] = {
            "name": reply.flow.get("flow", ""),
            "step": reply.flow.get("step", ""),
            "values": [[key, str(value)[:LETTERS_MOST]] for key, value in values],
        }
    return found
