"""Why a turn changed hands when it did, in an admin's words. The reasons are those of `agents.engine`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS: dict[str, Any] = {
    # The end of a visitor's turn (agents/engine/turn_words.py, turn_rules.py)
    "no_words": gettext_lazy("no words were made out yet"),
    "digits_complete": gettext_lazy("all digits that were asked for were there"),
    "digits_too_many": gettext_lazy("more digits were heard than were asked for"),
    "digits_missing": gettext_lazy("digits were missing"),
    "digits_many": gettext_lazy("the number may have been complete"),
    "digits_open": gettext_lazy("a number was being said"),
    "email_complete": gettext_lazy("the e-mail address was complete"),
    "email_open": gettext_lazy("the e-mail address was not complete"),
    "yes_or_no": gettext_lazy("it was a yes or a no to what was asked"),
    "answer": gettext_lazy("it was an answer to what was asked"),
    "half_a_name": gettext_lazy("it may have been half a name"),
    "open_word": gettext_lazy("nobody ends with the last word"),
    "lead_in": gettext_lazy("a question was announced"),
    "spelled": gettext_lazy("something was being spelled"),
    "comma": gettext_lazy("the sentence went on"),
    "question": gettext_lazy("it was a whole question"),
    "question_begun": gettext_lazy("a question had only begun"),
    "question_short": gettext_lazy("it may have been half a question"),
    "greeting": gettext_lazy("it was only a greeting"),
    "statement": gettext_lazy("the words did not tell whether more was to come"),
    "slow_caller": gettext_lazy("this visitor pauses for long"),
    "words_late": gettext_lazy("the last words came too late"),
    "agent_speaking": gettext_lazy("the agent was speaking"),
}


def whose_turn(decision: Mapping[str, Any]) -> tuple[str, str]:
    """How long a visitor's silence was waited out, and why; two empty texts where nothing is known."""
    end = decision.get("end")
    if not isinstance(end, dict):
        return "", ""
    reasons = [str(REASONS[name]) for name in end.get("reasons", ()) if name in REASONS]
    waited = _("Waited %.1f s") % (end.get("wait_ms", 0) / 1000)
    return waited, (", ".join(reasons)[:1].upper() + ", ".join(reasons)[1:])
