"""What must have happened in a rehearsed call: looked up in what was said, with what there was instead."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from agents.authoring.rehearsals.script import Check, Script
from agents.speech.words import words

Events: TypeAlias = Sequence[tuple[str, dict[str, Any]]]  # docs/events.md

TOPIC = "topic:"
QUICK_MS = 1500  # people start to wonder whether anybody is there
_AND = " + "  # between the topics of two questions in one breath


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a rehearsed call. `line`: which one of the script's it is, or answers; None before the first."""

    who: str  # "caller" or "agent"
    text: str
    at_s: float
    line: int | None = None
    source: str = ""
    score: float | None = None
    meant: str = ""  # what a caller said who was heard like that
    waited_ms: float | None = None  # from the caller's last sound to this; nothing where nobody speaks
    interrupted: bool = False  # the agent did not say all of it


@dataclass(frozen=True, slots=True)
class Finding:
    """Of one check. `line`: whose it is; None: of the call. `instead`: sources that answered, where it tells more."""

    kind: str
    value: str
    line: int | None
    passed: bool
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """A call as it went."""

    said: tuple[Said, ...]
    cause: str  # of its end, as agents.engine.notes.Ending has it
    findings: tuple[Finding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return all(finding.passed for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        return {
            "said": [asdict(turn) for turn in self.said],
            "cause": self.cause,
            "findings": [asdict(finding) | {"instead": list(finding.instead)} for finding in self.findings],
        }


def judge(script: Script, said: Sequence[Said], cause: str, events: Events) -> tuple[Finding, ...]:
    """Every check of the script, in its order; and that all of its lines could be said."""
    findings = []
    for number, line in enumerate(script.lines):
        if not any(turn.who == "caller" and turn.line == number for turn in said):
            findings.append(Finding("said", "", number, passed=False))
            continue
        replies = [turn for turn in said if turn.who == "agent" and turn.line == number]
        before = [turn for turn in said if turn.who == "agent" and turn.line == number - 1]
        findings += [_of_line(check, number, replies, before) for check in line.checks]
    return (*findings, *(_of_call(check, said, cause, events) for check in script.checks))


def topics_of(source: str) -> list[str]:
    """The names of the topics in a turn's source; none where something else answered."""
    return [part.removeprefix(TOPIC) for part in source.split(_AND + TOPIC)] if source.startswith(TOPIC) else []


def _of_line(check: Check, line: int, replies: Sequence[Said], before: Sequence[Said]) -> Finding:
    """`before`: what the agent said to the line before."""
    sources = tuple(reply.source for reply in replies)
    match check.kind:
        case "topic" | "says" | "not_says":
            return _of_words(check, line, replies)
        case "asks":
            return Finding("asks", "", line, "ask" in sources, sources)
        case "unknown":
            return Finding("unknown", "", line, "unknown" in sources, sources)
        case "stops":
            return Finding("stops", "", line, any(turn.interrupted for turn in before))
    return Finding(check.kind, check.value, line, passed=False)


def _of_call(check: Check, said: Sequence[Said], cause: str, events: Events) -> Finding:
    replies = [turn for turn in said if turn.who == "agent" and turn.line is not None]
    match check.kind:
        case "topic" | "says" | "not_says":
            return _of_words(check, None, replies)
        case "all_known":
            return Finding("all_known", "", None, all(reply.source != "unknown" for reply in replies))
        case "message":
            return Finding("message", "", None, any(name == "message_taken" for name, _data in events))
        case "flow":
            return Finding(
                "flow", check.value, None, any(data.get("flow") == check.value for data in _finished(events))
            )
        case "collects":
            values = [str(value) for data in _finished(events) for _name, value in data.get("said", ())]
            return Finding("collects", check.value, None, any(_has(value, check.value) for value in values))
        case "ends":
            return Finding("ends", "", None, cause == "agent_ended")
        case "quick":
            return Finding("quick", "", None, all((reply.waited_ms or 0) <= QUICK_MS for reply in replies))
        case "one_turn":
            lines = [turn.line for turn in said if turn.who == "caller"]
            return Finding("one_turn", "", None, len(lines) == len(set(lines)))
    return Finding(check.kind, check.value, None, passed=False)


def _finished(events: Events) -> list[dict[str, Any]]:
    """What flows have collected, by those that reached their end."""
    return [data for name, data in events if name == "flow_finished"]


def _of_words(check: Check, line: int | None, replies: Sequence[Said]) -> Finding:
    if check.kind == "topic":
        sources = tuple(reply.source for reply in replies)
        passed = any(check.value in topics_of(source) for source in sources)
        return Finding("topic", check.value, line, passed, () if passed else sources)
    heard = any(_has(reply.text, check.value) for reply in replies)
    return Finding(check.kind, check.value, line, heard is (check.kind == "says"))


def _has(text: str, wanted: str) -> bool:
    """Do these words stand in the text side by side, whatever their case and punctuation?"""
    there, sought = words(text), words(wanted)
    return bool(sought) and any(there[at : at + len(sought)] == sought for at in range(len(there) - len(sought) + 1))
