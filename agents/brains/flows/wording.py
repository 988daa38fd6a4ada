"""A flow in another language than its author's first: other words around the same answers.

What is kept stays what it is in the first language: keys, conditions and the names of choices. Only what is said, and
what may be said for a choice, is another language's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.brains.flows.plan import Flow, Step
from agents.speech.plain_text import plain


def is_whole(steps: Any, words: Mapping[str, Any]) -> bool:
    """Whether every thing that a flow's rows ask for has a name and a question of its own."""
    own = words.get("steps", {})
    return all(own.get(step["key"], {}).get("name") and own[step["key"]].get("ask") for step in steps)


def in_language(flow: Flow, language: str) -> Flow:
    """The flow in that language; where it is not written in it, as it is, and marked so."""
    words = flow.wordings.get(language)
    if words is None:
        return replace(flow, unworded=True)
    return replace(
        flow,
        called=plain(words.get("called", "")),
        starts=tuple(words.get("starts", ())) or flow.starts,
        offer=plain(words.get("offer", "")),
        text=plain(words.get("text", "")),
        steps=tuple(_step(step, words["steps"][step.key]) for step in flow.steps),
    )


def _step(step: Step, words: Mapping[str, Any]) -> Step:
    limits = dict(step.limits)
    if limits.get("options"):
        limits["options"] = [_option(one, words.get("options", {}).get(one["name"], {})) for one in limits["options"]]
    return replace(
        step, name=plain(words["name"]), ask=plain(words["ask"]), again=plain(words.get("again", "")), limits=limits
    )


def _option(one: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    name = words.get("name", "")
    also = [*([name] if name else []), *words.get("also", ()), *one.get("also", ())]
    return {"name": one["name"], "also": also, "said": name or one["name"]}
