"""A rehearsal in plain words: what a caller says, line by line, and what must then happen.

Kept as JSON: lines [{"say", "over"?, "checks": [{"kind", "value"}]}], and checks of the call as a whole. A kind that
is added needs an entry in KINDS and one in agents/authoring/rehearsals/checks.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agents.locks import mark

NAME_MOST = 100
LINES_MOST = 30
SAY_MOST = 500
CHECKS_MOST = 10  # of a line, and of the call
VALUE_MOST = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of check: where it may stand, and whether it needs a word."""

    of_line: bool
    of_call: bool
    needs: bool = False


KINDS: dict[str, Kind] = {
    "topic": Kind(of_line=True, of_call=True, needs=True),
    "says": Kind(of_line=True, of_call=True, needs=True),
    "not_says": Kind(of_line=True, of_call=True, needs=True),
    "asks": Kind(of_line=True, of_call=False),
    "unknown": Kind(of_line=True, of_call=False),
    "stops": Kind(of_line=True, of_call=False),
    "all_known": Kind(of_line=False, of_call=True),
    "message": Kind(of_line=False, of_call=True),
    "flow": Kind(of_line=False, of_call=True, needs=True),
    "collects": Kind(of_line=False, of_call=True, needs=True),
    "ends": Kind(of_line=False, of_call=True),
    "quick": Kind(of_line=False, of_call=True),
    "one_turn": Kind(of_line=False, of_call=True),
}


@dataclass(frozen=True, slots=True)
class Check:
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    say: str
    checks: tuple[Check, ...] = ()
    over: bool = False  # into the answer before, by somebody who does not wait for its end


@dataclass(frozen=True, slots=True)
class Script:
    lines: tuple[ScriptLine, ...]
    checks: tuple[Check, ...] = ()  # of the call as a whole

    @property
    def mark(self) -> str:
        """The same for the same script: what was found for another one says nothing of this one."""
        return mark([self.lines_json(), self.checks_json()])

    def lines_json(self) -> list[dict[str, Any]]:
        return [
            {"say": line.say, **({"over": True} if line.over else {}), "checks": _json(line.checks)}
            for line in self.lines
        ]

    def checks_json(self) -> list[dict[str, str]]:
        return _json(self.checks)


class ScriptRefused(ValueError):
    """A rehearsal cannot be kept like this, in words for its author."""


def read(lines: Iterable[Mapping[str, Any]], checks: Iterable[Mapping[str, Any]]) -> Script:
    """A script as it is kept."""
    return Script(
        tuple(
            ScriptLine(str(line["say"]), _checks(line.get("checks", ())), line.get("over") is True) for line in lines
        ),
        _checks(checks),
    )


def clean(script: Script) -> Script:
    """The script without what is empty. Raises ScriptRefused."""
    lines = []
    for line in script.lines:
        say = " ".join(line.say.split())
        checks = _cleaned(line.checks)
        if say:
            lines.append(ScriptLine(say, checks, line.over and bool(lines)))  # before the first there is no answer
        elif checks:
            raise ScriptRefused(_("A check stands where the caller says nothing. Write what they say, or remove it."))
    if not lines:
        raise ScriptRefused(_("Write at least one thing that the caller says."))
    if len(lines) > LINES_MOST:
        raise ScriptRefused(_("At most %(most)d lines; these are %(has)d.") % {"most": LINES_MOST, "has": len(lines)})
    long = next((line.say for line in lines if len(line.say) > SAY_MOST), None)
    if long:
        raise ScriptRefused(_("“%(start)s…” is too long to be said in one go.") % {"start": long[:40]})
    cleaned = Script(tuple(lines), _cleaned(script.checks))
    if not cleaned.checks and not any(line.checks for line in lines):
        raise ScriptRefused(_("Say what must happen: a rehearsal without a check always passes."))
    _refuse_misplaced(cleaned)
    if any(check.kind == "stops" for line in lines if not line.over for check in line.checks):
        raise ScriptRefused(_("“Stops for it” belongs to a line that interrupts."))
    return cleaned


def _refuse_misplaced(script: Script) -> None:
    for line in script.lines:
        if any(check.kind not in KINDS or not KINDS[check.kind].of_line for check in line.checks):
            raise ScriptRefused(_("A check of a line is not known."))
    if any(check.kind not in KINDS or not KINDS[check.kind].of_call for check in script.checks):
        raise ScriptRefused(_("A check of the call is not known."))


def _cleaned(checks: Iterable[Check]) -> tuple[Check, ...]:
    found = []
    for check in checks:
        value = " ".join(check.value.split())
        kind = KINDS.get(check.kind)
        if kind and kind.needs and not value:
            continue  # a row that was opened and left empty
        if len(value) > VALUE_MOST:
            raise ScriptRefused(_("A check has at most %d characters.") % VALUE_MOST)
        found.append(Check(check.kind, value if kind is None or kind.needs else ""))
    unique = tuple(dict.fromkeys(found))
    if len(unique) > CHECKS_MOST:
        raise ScriptRefused(_("At most %d checks in one place.") % CHECKS_MOST)
    return unique


def _checks(given: Iterable[Mapping[str, Any]]) -> tuple[Check, ...]:
    return tuple(Check(str(check["kind"]), str(check.get("value", ""))) for check in given)


def _json(checks: Iterable[Check]) -> list[dict[str, str]]:
    return [{"kind": check.kind, "value": check.value} for check in checks]
