"""Why a turn changed hands when it did, in an admin's words. The reasons are those of `agents.engine`."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
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
    "half_a_sentence": gettext_lazy("it was half a sentence"),
    "greeting": gettext_lazy("it was only a greeting"),
    "request": gettext_lazy("it was a wish, which may have been all"),
    "statement": gettext_lazy("the words did not tell whether more was to come"),
    "verb_missing": gettext_lazy("the question lacked its verb"),
    "answered": gettext_lazy("there was an answer to it"),
    "answered_surely": gettext_lazy("there was surely an answer to it"),
    "as_expected": gettext_lazy("it was nearly one of your examples"),
    "perhaps_asked": gettext_lazy("it may have been a question that was misheard"),
    "unanswered": gettext_lazy("there was no answer to it as it stood"),
    "thinking": gettext_lazy("the answer was still being looked for"),
    "slow_caller": gettext_lazy("this visitor pauses for long"),
    "words_late": gettext_lazy("the last words came too late"),
    "agent_speaking": gettext_lazy("the agent was speaking"),
}


OVERLAPS: dict[str, Any] = {
    "listening": gettext_lazy("Visitor said “%s” over it; the agent went on"),
    "one_word": gettext_lazy("Visitor said “%s” over it; the agent went on"),
    "unclear": gettext_lazy("The agent held its voice for a word that it hardly made out and went on"),
    "goodbye": gettext_lazy("Visitor said “%s” over it; the agent went on"),
    "own_words": gettext_lazy("The agent heard itself and went on"),
    "no_words": gettext_lazy("The agent held its voice for a noise and went on"),
    "softer": gettext_lazy("The agent held its voice for somebody in the background and went on"),
    "words_late": gettext_lazy("The agent held its voice, made out no words in time, and went on"),
}


DOUBTS: dict[str, Any] = {
    "hangs_on_doubtful": gettext_lazy("The answer hung on words that were heard badly, so the agent asked"),
    "hardly_heard": gettext_lazy("The words were hardly made out, so the agent asked"),
    "another_language": gettext_lazy("Another language was heard, so the agent said which it speaks"),
    "asked_enough": gettext_lazy("Heard badly; the agent had asked often enough and said what it assumed"),
    "stands_without": gettext_lazy("Some words were heard badly; the answer is the same without them"),
    "said_twice": gettext_lazy("Heard badly, but the same twice"),
    "matched_strongly": gettext_lazy("Some words were heard badly; the topic matched all the same"),
}


def corrected(decision: Mapping[str, Any]) -> list[str]:
    """Of a visitor's turn: the words that were put in place of what was made out."""
    pairs = decision.get("heard", {}).get("changed", ())
    return [_("Heard “%(heard)s”, taken for “%(meant)s”") % {"heard": heard, "meant": meant} for heard, meant in pairs]


def doubted(decision: Mapping[str, Any]) -> list[str]:
    """Of an agent's turn: what was made of words that were heard badly; nothing where all were heard well."""
    reasons = decision.get("doubt", {}).get("reasons", ())
    return [str(DOUBTS[name]) for name in reasons if name in DOUBTS]


def went_on(decision: Mapping[str, Any]) -> list[str]:
    """What went over an agent's turn without stopping it, in the order of the call."""
    found = []
    for overlap in decision.get("overlaps", ()):
        reasons = overlap.get("reasons") or [""]
        words = OVERLAPS.get(reasons[0]) if overlap.get("do") == "go_on" else None
        if words:
            found.append(str(words) % overlap.get("text", "") if "%s" in str(words) else str(words))
    return found


def joined(decision: Mapping[str, Any]) -> str:
    """Of a visitor's turn with more than one piece: how the second one was taken."""
    match decision.get("joined", {}).get("do"):
        case "join":
            return _("Went on after a pause: one turn, one answer")
        case "apart":
            return _("Said over the answer before: a turn of its own")
    return ""


def whose_turn(decision: Mapping[str, Any]) -> tuple[str, str]:
    """How long a visitor's silence was waited out, and why; two empty texts where nothing is known."""
    end = decision.get("end")
    if not isinstance(end, dict):
        return "", ""
    reasons = [str(REASONS[name]) for name in end.get("reasons", ()) if name in REASONS]
    waited = _("Waited %s s") % number_format(round(end.get("wait_ms", 0) / 1000, 1), 1)
    why = ", ".join(reasons)
    pieces = [why[:1].upper() + why[1:], joined(decision)]
    return waited, ". ".join(piece for piece in pieces if piece)
