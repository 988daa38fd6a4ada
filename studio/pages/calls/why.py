"""Why the agent said this: of one of its turns, what was heard, whose turn it was, what came close, what was chosen by
which rule, and where the time went. Told from what was kept with the turns, and no more than that."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calling.models import Conversation, Turn
from studio.pages.agent import source_wording, tool_wording
from studio.pages.calls import turn_wording, wording

# Each a part of the time from the visitor's last sound to the agent's first, in its order.
STAGES: tuple[tuple[str, Any], ...] = (
    ("waiting", gettext_lazy("Waiting")),
    ("hearing", gettext_lazy("Hearing")),
    ("thinking", gettext_lazy("Deciding")),
    ("voice", gettext_lazy("Voice")),
)
# By what rule, for each kind of source (agents/brains/base.py): more about it is in the words beside it.
RULES: dict[str, Any] = {
    "greeting": gettext_lazy("Every call begins with it."),
    "disclaimer": gettext_lazy("It is said before anything else."),
    "topic": gettext_lazy("The topic was the likeliest by far, so it answered."),
    "model": gettext_lazy("A language model worded it, from what came close."),
    "source": gettext_lazy("No topic was likely enough, and a passage of a source was."),
    "ask": gettext_lazy("It was not certain enough to answer, so the agent asked first."),
    "unknown": gettext_lazy("Nothing came close enough, so the agent said that it does not know."),
    "message": gettext_lazy("A message was being taken: what is missing is asked for, one thing after the other."),
    "flow": gettext_lazy("A flow was collecting: the first thing that is missing is asked for."),
    "flow_finished": gettext_lazy("Everything was collected and confirmed, so the flow came to its end."),
    "tool": gettext_lazy("Something was being done when the visitor went on talking: what came of it is told first."),
    "small_talk": gettext_lazy("It was small talk, which has fixed answers."),
    "language": gettext_lazy("The visitor seemed to speak another language."),
    "silence": gettext_lazy("Nothing was heard for a while."),
    "time_limit": gettext_lazy("The longest time of a call was reached."),
    "goodbye": gettext_lazy("The visitor had said goodbye, or nobody was there any more."),
    "failure": gettext_lazy("A part of the agent did not work at that moment."),
}


@dataclass(frozen=True, slots=True)
class Close:
    """A topic or flow that came close, and how likely it was, of 100."""

    name: str
    percent: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    label: str
    ms: int
    x: float  # of a bar that is 336 wide
    width: float


@dataclass(slots=True)
class Why:
    """As much of it as is known."""

    index: int
    at_s: float
    chosen: str
    rule: str
    heard: str = ""
    sure: str = ""
    notes: list[str] = field(default_factory=list)
    waited: str = ""
    waited_why: str = ""
    near: list[Close] = field(default_factory=list)
    flow: str = ""
    asked: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)  # by tools
    stages: list[Stage] = field(default_factory=list)
    first_sound_ms: int | None = None
    cited: dict[str, Any] | None = None


def of_turn(call: Conversation, asked: object) -> Why | None:
    """Of the turn with this number; None where the agent has no such turn."""
    if not (isinstance(asked, str) and asked.isascii() and asked.isdigit() and len(asked) < 7):
        return None
    turn = call.turns.filter(index=int(asked), speaker="agent").first()
    if turn is None:
        return None
    before = call.turns.filter(index__lt=turn.index).order_by("-index").first()
    return _why(call, turn, before if before is not None and before.speaker == "visitor" else None)


def _why(call: Conversation, turn: Turn, before: Turn | None) -> Why:
    decision = turn.decision if isinstance(turn.decision, dict) else {}
    kind = turn.source.partition(":")[0]
    found = Why(turn.index, turn.started_s, wording.what_answered(turn.source), str(RULES.get(kind, "")))
    if before is not None:
        found.heard = before.text
        found.sure, found.notes = _heard(before.decision)
        found.waited, found.waited_why = turn_wording.whose_turn(before.decision)
    found.near = _near(decision, turn)
    found.cited = source_wording.cited(decision)
    found.doubts = turn_wording.doubted(decision)
    found.done = _done(call, decision)
    flow = decision.get("flow")
    if isinstance(flow, dict):
        names = _steps(call, str(flow.get("name", "")))
        found.flow, found.asked = str(flow.get("name", "")), _step(names, flow.get("step"))
        found.values = [(_step(names, key), str(value)) for key, value in flow.get("values", ())]
    found.stages, found.first_sound_ms = _stages(turn.timings)
    return found


def _done(call: Conversation, decision: dict[str, Any]) -> list[str]:
    """What tools did for it: as the calls of them were written down, and what came to nothing before."""
    told = decision.get("tools")
    keys = [one.get("key") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    rows = call.tool_calls.filter(key__in=[key for key in keys if key])
    return [*map(tool_wording.of_call, rows), *tool_wording.never_sent(decision)]


def _steps(call: Conversation, flow: str) -> dict[str, str]:
    """The names of what it collects, by their keys, in the version that was talking."""
    config = call.version.config if call.version else {}
    found = next((row for row in config.get("flows", ()) if row.get("name") == flow), {})
    return {str(step.get("key")): str(step.get("name")) for step in found.get("steps", ())}


def _step(names: dict[str, str], key: object) -> str:
    """What is asked for, in words: a step of the flow, or one of its own questions."""
    own = {"offer": _("whether to begin"), "check": _("whether all of it is right"), "fix": _("what to change")}
    name, _dot, part = str(key or "").partition(".")
    if part and name in names:  # what was found out about an answer
        return f"{names[name]}: {part}"
    return names.get(str(key)) or str(own.get(str(key), key or ""))


def _heard(decision: dict[str, Any]) -> tuple[str, list[str]]:
    """How certain the words were, and what was put in place of some."""
    heard = decision.get("heard")
    if not isinstance(heard, dict):
        return "", []
    sure, doubtful = heard.get("certainty"), heard.get("doubtful") or ()
    told = ""
    if isinstance(sure, int | float):
        percent = round(sure * 100)
        told = _("Sure of every word, %d of 100.") if not doubtful else _("Not sure of every word, %d of 100.")
        told %= percent
    return told, turn_wording.corrected(decision)


def _near(decision: dict[str, Any], turn: Turn) -> list[Close]:
    """What came close, as it was kept; of turns from before that was kept, what was chosen at least."""
    chosen = set(wording.topics_of(turn.source)) | {turn.source.partition(":")[2]}
    near = [pair for pair in decision.get("near", ()) if len(pair) == 2]
    if not near and turn.score is not None:
        near = [(name, turn.score) for name in wording.topics_of(turn.source)]
    return [Close(str(name), round(100 * score), name in chosen) for name, score in near]


def _stages(timings: dict[str, Any]) -> tuple[list[Stage], int | None]:
    """The times of a turn as parts of one bar. Hearing happens within the wait for the end of the turn."""
    ms = {name: float(value) for name, value in (timings or {}).items() if isinstance(value, int | float)}
    hearing = ms.get("hearing", 0.0)
    ms["waiting"] = max(0.0, ms.get("end_of_speech", 0.0) - hearing)
    whole = sum(ms.get(name, 0.0) for name, _label in STAGES)
    found, x = [], 0.0
    for name, label in STAGES:
        if ms.get(name, 0.0) > 0 and whole:
            width = 336 * ms[name] / whole
            found.append(Stage(name, str(label), round(ms[name]), round(x, 1), round(max(1.0, width - 2), 1)))
            x += width
    first = ms.get("first_sound")
    return found, round(first) if first is not None else None
