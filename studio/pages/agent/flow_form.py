"""A flow as its form: what was posted as the object that agents/authoring/flows.py checks, and back as rows to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import flow_rules
from agents.brains.flows import plan
from agents.brains.flows.looking import FOUND
from studio.pages.given import number

KINDS: dict[str, Any] = {
    "text": gettext_lazy("Anything, as it is said"),
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone number"),
    "email": gettext_lazy("E-mail address"),
    "date": gettext_lazy("Date"),
    "time": gettext_lazy("Time"),
    "number": gettext_lazy("Number"),
    "amount": gettext_lazy("Amount of money"),
    "choice": gettext_lazy("Choice"),
    "yesno": gettext_lazy("Yes or no"),
    "address": gettext_lazy("Postal address"),
    "code": gettext_lazy("Code, letters and digits"),
}
ENDS: dict[str, Any] = {
    "message": gettext_lazy("Keep it as a message for you"),
    "topic": gettext_lazy("Answer with a topic"),
    "say": gettext_lazy("Say a text"),
    "tool": gettext_lazy("Use a tool, and say what comes of it"),
}
ENDED: dict[str, Any] = {  # the same at the end of a road
    "message": gettext_lazy("Message for you"),
    "topic": gettext_lazy("Answers with a topic"),
    "say": gettext_lazy("Says a text"),
    "tool": gettext_lazy("Uses a tool"),
}
DAYS = tuple(
    map(
        gettext_lazy,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    )
)
WHENS: dict[str, Any] = {
    "future": gettext_lazy("from today on"),
    "past": gettext_lazy("in the past, such as a birthday"),
    "any": gettext_lazy("any"),
}
_LIMITS = ("ahead", "when", "from", "to", "least", "most", "currency", "length")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing to ask for, as its fields show it."""

    place: int
    step: Mapping[str, Any]
    is_open: bool
    known: list[tuple[str, str]] = field(default_factory=list)  # what is known before it: as it is kept, and in words

    @property
    def prefix(self) -> str:
        return f"step-{self.place}"

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def kind(self) -> str:
        return str(self.step.get("kind") or "text")

    @property
    def kind_label(self) -> str:
        if self.kind == "choice":
            return _("Choice of %d") % len(self.step.get("limits", {}).get("options", []))
        return str(KINDS.get(self.kind, self.kind))

    @property
    def condition(self) -> dict[str, str]:
        given = self.step.get("only") or {}
        step = _key(given.get("step", ""))
        name, label = next(((name, label) for name, label in self.known if _key(name) == step), ("", ""))
        return {
            "step": name,
            "label": label,
            "how": "not" if "not" in given else "is",
            "value": given.get("is", given.get("not", "")),
        }

    @property
    def limits(self) -> Mapping[str, Any]:
        return self.step.get("limits") or {}

    @property
    def days(self) -> list[tuple[int, str, bool]]:
        chosen = {int(day) for day in self.limits.get("days") or range(7)}
        return [(number, str(name), number in chosen) for number, name in enumerate(DAYS)]

    @property
    def options(self) -> str:
        """One a line, other words for it behind a bar."""
        lines = []
        for one in self.limits.get("options") or []:
            if isinstance(one, str):
                lines.append(one)
            else:
                lines.append(" | ".join([one["name"], ", ".join(one["also"])]) if one.get("also") else one["name"])
        return "\n".join(lines)


def rows(
    steps: list[dict[str, Any]], opened: int | None = None, parts: Mapping[str, list[str]] | None = None
) -> list[StepRow]:
    """`parts`: what tools that look something up tell, by their names."""
    return [
        StepRow(place, step, place == opened, _known(steps[:place], parts or {})) for place, step in enumerate(steps)
    ]


def _known(steps: list[dict[str, Any]], parts: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    found = []
    for name, tool in [(str(step["name"]), step.get("lookup")) for step in steps if step.get("name")]:
        found.append((name, name))
        if tool:
            found.append((f"{name}.{FOUND}", _("%s: was it found?") % name))
            found += [(f"{name}.{part}", f"{name}: {part}") for part in parts.get(tool, ())]
    return found


def _key(name: str) -> str:
    """A condition's step with its part, however it is written."""
    return ".".join(plan.key_of(part) for part in str(name).split("."))


def read(data: QueryDict) -> dict[str, Any]:
    """What was posted, as `flow_rules.clean` wants it."""
    places = sorted({place for one in data.getlist("place") if (place := number(one)) is not None})
    return {
        "name": data.get("name", ""),
        "starts": [line for line in data.get("starts", "").splitlines() if line.strip()],
        "topics": [name for name in dict.fromkeys(data.getlist("topic")) if name],
        "offer": data.get("offer", ""),
        "steps": [_step(data, f"step-{place}") for place in places[: plan.STEPS_MOST + 1]],
        "read_back": "read_back" in data,
        "active": "active" in data,
        "end": {
            "kind": data.get("end", "message"),
            "text": data.get("end_text", ""),
            "topic": data.get("end_topic", ""),
            "tool": data.get("end_tool", ""),
        },
    }


def _step(data: QueryDict, prefix: str) -> dict[str, Any]:
    def given(name: str) -> str:
        return data.get(f"{prefix}-{name}", "").strip()

    limits: dict[str, Any] = {name: given(name) for name in _LIMITS if given(name)}
    days = [int(day) for day in data.getlist(f"{prefix}-days") if day in "0123456" and len(day) == 1]
    if days and len(days) < 7:
        limits["days"] = days
    if limits.get("when") == "future":
        del limits["when"]
    options = [line for line in given("options").splitlines() if line.strip()]
    if options:
        limits["options"] = options
    step: dict[str, Any] = {
        "name": given("name"),
        "kind": given("kind") or "text",
        "ask": given("ask"),
        "again": given("again"),
        "lookup": given("lookup"),
        "optional": f"{prefix}-optional" in data,
        "limits": {name: value for name, value in limits.items() if name in flow_rules.LIMITS.get(given("kind"), ())},
    }
    if given("only"):
        how = "not" if given("only_how") == "not" else "is"
        step["only"] = {"step": given("only"), how: given("only_value")}
    return step


def changed(item: dict[str, Any], order: str) -> tuple[dict[str, Any], int | None]:
    """The same with one more step, or one moved or taken out ("add", "up:2", "down:2", "remove:2"); which is open."""
    steps = list(item["steps"])
    what, _colon, given = order.partition(":")
    asked = number(given)
    place = -1 if asked is None else asked
    if what == "add" and len(steps) < plan.STEPS_MOST:
        steps.append({"name": "", "kind": "text", "ask": ""})
        return {**item, "steps": steps}, len(steps) - 1
    if what == "remove" and 0 <= place < len(steps):
        del steps[place]
        return {**item, "steps": steps}, None
    other = place - 1 if what == "up" else place + 1
    if what in ("up", "down") and 0 <= place < len(steps) and 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
        return {**item, "steps": steps}, other
    return item, None
