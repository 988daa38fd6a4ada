"""A rehearsal made from a call: what the visitor said, and that what answered then answers again.

A caller's name and numbers are replaced: a rehearsal is read by more people, and kept for longer, than a call.
"""

import re

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from agents.authoring.rehearsals import checks, writing
from agents.authoring.rehearsals.script import LINES_MOST, SAY_MOST, Check, Script, ScriptLine, ScriptRefused
from agents.brains.phrases import phrases
from agents.models import Rehearsal
from calling.models import Conversation, Turn

NAME, NUMBER, MAIL = "Sam Okafor", "020 7946 0112", "sam@example.com"
_DIGITS = re.compile(r"\+?\d(?:[\s,./-]*\d){4,}")
_ADDRESS = re.compile(r"\S+@\S+\.\w+")


def make(call: Conversation, name: str, by: AbstractBaseUser | None) -> Rehearsal:
    """Raises ScriptRefused where nothing was said that could be asked again."""
    script = script_of(call)
    if not script.lines:
        raise ScriptRefused(_("Nothing was said in this call that could be rehearsed."))
    free = writing.free_name(call.project, _even(name))
    return writing.save(call.project, None, free, script, by, variant=call.variant_key)


def script_of(call: Conversation) -> Script:
    asked_name, asked_number = _questions(call.language)
    lines: list[ScriptLine] = []
    before = ""
    for turn in call.turns.order_by("index"):
        if turn.speaker == "agent":
            before = turn.planned or turn.text
            if lines:
                lines[-1] = ScriptLine(lines[-1].say, (*lines[-1].checks, *_checks(turn)))
        elif turn.text.strip() and len(lines) < LINES_MOST:
            say = NAME if asked_name in before else NUMBER if asked_number in before else _even(turn.text)
            lines.append(ScriptLine(say[:SAY_MOST]))
    kept = call.events.filter(name__in=("message_taken", "flow_finished")).values_list("name", "data")
    whole = tuple(
        dict.fromkeys(
            Check("message") if name == "message_taken" else Check("flow", data.get("flow", "")) for name, data in kept
        )
    )
    if lines and not whole and not any(line.checks for line in lines):
        whole = (Check("all_known"),)  # nothing answered then: the least that its author can want
    return Script(tuple(lines), whole)


def _checks(turn: Turn) -> tuple[Check, ...]:
    if turn.source == "ask":
        return (Check("asks"),)
    return tuple(Check("topic", name) for name in checks.topics_of(turn.source))


def _even(text: str) -> str:
    """A text without what could tell who said it."""
    return " ".join(_DIGITS.sub(NUMBER, _ADDRESS.sub(MAIL, text)).split())


def _questions(language: str) -> tuple[str, str]:
    """What an agent asks for a name, and for a number, when it takes a message."""
    words = phrases(language)
    return words.message_name, words.message_number
