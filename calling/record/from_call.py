"""A rehearsal made from a call: what the visitor said, and that what answered then answers again.

What tells who the caller is, is replaced (calling/record/redaction.py), and it goes when the call is erased.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from agents.authoring.rehearsals import checks, writing
from agents.authoring.rehearsals.script import LINES_MOST, SAY_MOST, Check, Script, ScriptLine, ScriptRefused
from agents.models import Rehearsal
from calling.models import Conversation, Turn
from calling.record.redaction import Redaction


def make(call: Conversation, name: str, by: AbstractBaseUser | None) -> Rehearsal:
    """Raises ScriptRefused where nothing was said that could be asked again."""
    told = list(call.events.filter(name__in=("message_taken", "flow_finished")).values_list("name", "data"))
    config = call.version.config if call.version else {}
    redaction = Redaction(call.language, config, [data for _name, data in told])
    script = _script_of(call, redaction, told)
    if not script.lines:
        raise ScriptRefused(_("Nothing was said in this call that could be rehearsed."))
    free = writing.free_name(call.project, redaction.even(name))
    return writing.save(call.project, None, free, script, by, variant=call.variant_key, made_from=call.pk)


def _script_of(call: Conversation, redaction: Redaction, told: list[tuple[str, dict[str, Any]]]) -> Script:
    lines: list[ScriptLine] = []
    before = ""
    for turn in call.turns.order_by("index"):
        if turn.speaker == "agent":
            before = turn.planned or turn.text
            if lines:
                lines[-1] = ScriptLine(lines[-1].say, (*lines[-1].checks, *_checks(turn)))
        elif turn.text.strip() and len(lines) < LINES_MOST:
            lines.append(ScriptLine(redaction.said(turn.text, before)[:SAY_MOST]))
    whole = tuple(
        dict.fromkeys(
            Check("message") if name == "message_taken" else Check("flow", data.get("flow", "")) for name, data in told
        )
    )
    if lines and not whole and not any(line.checks for line in lines):
        whole = (Check("all_known"),)  # nothing answered then: the least that its author can want
    return Script(tuple(lines), whole)


def _checks(turn: Turn) -> tuple[Check, ...]:
    if turn.source == "ask":
        return (Check("asks"),)
    return tuple(Check("topic", name) for name in checks.topics_of(turn.source))
