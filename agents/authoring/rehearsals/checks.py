"""What must have happened in a rehearsed call: looked up in what was said, with what there was instead."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.authoring.rehearsals.script import Check, Script
from agents.speech.words import words

TOPIC = "topic:"
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
    events: tuple[str, ...] = ()
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


def judge(script: Script, said: Sequence[Said], cause: str, events: Sequence[str]) -> tuple[Finding, ...]:
    """Every check of the script, in its order; and that all of its lines could be said."""
    findings = []
    for number, line in enumerate(script.lines):
        if not any(turn.who == "caller" and turn.line == number for turn in said):
            findings.append(Finding("said", "", number, passed=False))
            continue
        replies = [turn for turn in said if turn.who == "agent" and turn.line == number]
        findings += [_of_line(check, number, replies) for check in line.checks]
    replies = [turn for turn in said if turn.who == "agent" and turn.line is not None]
    return (*findings, *(_of_call(check, replies, cause, events) for check in script.checks))


def topics_of(source: str) -> list[str]:
    """The names of the topics in a turn's source; none where something else answered."""
    return [part.removeprefix(TOPIC) for part in source.split(_AND + TOPIC)] if source.startswith(TOPIC) else []


def _of_line(check: Check, line: int, replies: Sequence[Said]) -> Finding:
    sources = tuple(reply.source for reply in replies)
    match check.kind:
        case "topic" | "says" | "not_says":
            return _of_words(check, line, replies)
        case "asks":
            return Finding("asks", "", line, "ask" in sources, sources)
        case "unknown":
            return Finding("unknown", "", line, "unknown" in sources, sources)
    return Finding(check.kind, check.value, line, passed=False)


def _of_call(check: Check, replies: Sequence[Said], cause: str, events: Sequence[str]) -> Finding:
    match check.kind:
        case "topic" | "says" | "not_says":
            return _of_words(check, None, replies)
        case "all_known":
            return Finding("all_known", "", None, all(reply.source != "unknown" for reply in replies))
        case "message":
            return Finding("message", "", None, "message_taken" in events)
        case "ends":
            return Finding("ends", "", None, cause == "agent_ended")
    return Finding(check.kind, check.value, None, passed=False)


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
