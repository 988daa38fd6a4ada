"""Rehearsals in an author's words: what must happen, and what happened instead."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring.rehearsals.script import KINDS
from agents.speech.words import words
from studio.pages.calls import wording

# What can be chosen, in this order.
LABELS: dict[str, Any] = {
    "topic": gettext_lazy("Answers from the topic"),
    "says": gettext_lazy("Says"),
    "not_says": gettext_lazy("Does not say"),
    "asks": gettext_lazy("Asks back"),
    "unknown": gettext_lazy("Does not know it"),
    "stops": gettext_lazy("Stops for it"),
    "all_known": gettext_lazy("Has an answer to everything"),
    "message": gettext_lazy("Takes a message"),
    "flow": gettext_lazy("Reaches the end of the flow"),
    "collects": gettext_lazy("Collects, as it is read back"),
    "ends": gettext_lazy("Says goodbye and ends the call"),
    "quick": gettext_lazy("Answers within 1.5 s (by voice)"),
    "one_turn": gettext_lazy("Takes each line as one turn (by voice)"),
}
_WITH_VALUE: dict[str, Any] = {
    "topic": gettext_lazy("Answers from “%s”"),
    "says": gettext_lazy("Says “%s”"),
    "not_says": gettext_lazy("Does not say “%s”"),
    "flow": gettext_lazy("Reaches the end of “%s”"),
    "collects": gettext_lazy("Collects “%s”"),
}
PROBLEMS: dict[str, Any] = {
    "slow": gettext_lazy("The call took too long and was given up."),
    "lost": gettext_lazy("The call broke off twice and was given up."),
    "speechless": gettext_lazy("No sound connection came up on this machine."),
}


def choices(*, of_call: bool) -> list[tuple[str, Any, bool]]:
    """The kinds of checks of a line, or of the call: value, label, and whether it needs words."""
    kinds = [(name, KINDS[name]) for name in LABELS]
    return [(name, LABELS[name], kind.needs) for name, kind in kinds if (kind.of_call if of_call else kind.of_line)]


def check(kind: str, value: str) -> str:
    """What must happen."""
    if kind == "said":
        return _("The caller can say this")
    return str(_WITH_VALUE[kind]) % value if kind in _WITH_VALUE else str(LABELS.get(kind, kind))


def instead(finding: Mapping[str, Any]) -> str:
    """Why a check failed, as far as it is known."""
    if finding["passed"]:
        return ""
    if finding["kind"] == "said":
        return _("The call was over before.")
    answered = [wording.what_answered(source) for source in finding.get("instead", ()) if source]
    return _("What answered: %s") % ", ".join(dict.fromkeys(answered)) if answered else ""


def lines(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The turns of a call, each of the agent's last before the next line with what failed there."""
    findings: Sequence[Mapping[str, Any]] = result.get("findings", ())
    said = result.get("said", ())
    shown = []
    for place, turn in enumerate(said):
        is_last = place + 1 == len(said) or said[place + 1]["line"] != turn["line"]
        failed = [each for each in findings if not each["passed"] and each["line"] == turn["line"] is not None]
        shown.append(
            {
                "agent": turn["who"] == "agent",
                "text": turn["text"],
                "at_s": turn["at_s"],
                "meant": "" if words(turn.get("meant", "")) == words(turn["text"]) else turn.get("meant", ""),
                "waited_ms": turn.get("waited_ms"),
                "interrupted": turn.get("interrupted", False),
                "answered": wording.what_answered(turn["source"]) if turn["source"] else "",
                "score": None if turn["score"] is None else round(turn["score"] * 100),
                "failed": [(check(each["kind"], each["value"]), instead(each)) for each in failed] if is_last else [],
            }
        )
    return shown


def findings(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every check of a call, failed ones first."""
    said = {turn["line"]: turn["text"] for turn in result.get("said", ()) if turn["who"] == "caller"}
    rows = [
        {
            "passed": each["passed"],
            "words": check(each["kind"], each["value"]),
            "after": said.get(each["line"], "") if each["line"] is not None else "",
            "instead": instead(each),
        }
        for each in result.get("findings", ())
    ]
    return sorted(rows, key=lambda row: row["passed"])
