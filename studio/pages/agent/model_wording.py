"""How a language model's tests, failures and costs are told to people."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.brains.language_model.probe import PROMPT_S, Probed

FAILED: dict[str, Any] = {
    "KEY_REFUSED": gettext_lazy("The service refused the key."),
    "NOT_FOUND": gettext_lazy("The service knows no such address, or no such model."),
    "NOT_UNDERSTOOD": gettext_lazy("The service did not understand the question."),
    "TOO_MANY": gettext_lazy("The service takes no more questions at the moment, or the account has no credit left."),
    "UNAVAILABLE": gettext_lazy("The service has trouble of its own."),
    "UNREACHABLE": gettext_lazy("Nobody answers at this address."),
    "NOT_ALLOWED": gettext_lazy("This address may not be asked: it lies inside a network, or points elsewhere."),
    "TOO_SLOW": gettext_lazy("The service did not answer in time."),
    "CUT": gettext_lazy("The service broke off."),
    "GARBAGE": gettext_lazy("Something answers at this address, but it does not speak like OpenAI’s services."),
    "TOO_LARGE": gettext_lazy("The answer came to no end."),
    "SEALED": gettext_lazy("The key that is kept cannot be read any more. Paste it again."),
}
SKIPPED: dict[str, Any] = {
    "conversation": gettext_lazy("Without the language model: the conversation had used what it may"),
    "day": gettext_lazy("Without the language model: the day’s limit was reached"),
    "resting": gettext_lazy("Without the language model: the service had failed just before"),
}
WITHHELD: dict[str, Any] = {
    "figures": gettext_lazy("The model named a figure, a link or an address that stands nowhere. It was not said."),
    "instructions": gettext_lazy("The model began to tell its instructions. It was not said."),
    "marks": gettext_lazy("The model wrote signs that are not for visitors. It was not said."),
    "promise": gettext_lazy("The model said that something was done which no tool had done. It was not said."),
    "human": gettext_lazy("The model said it was a person. It was not said."),
}


def failed(code: str) -> str:
    return str(FAILED.get(code, FAILED["UNAVAILABLE"]))


def seconds(ms: float) -> str:
    return f"{ms / 1000:.2f}"


def tested(probed: Probed) -> str:
    """How a test went, in a sentence or two."""
    if probed.code:
        return failed(probed.code)
    return _("It answered “%(said)s” First word after %(first)s s, all of it after %(whole)s s, %(n)d tokens.") % {
        "said": probed.said,
        "first": seconds(probed.first_ms),
        "whole": seconds(probed.whole_ms),
        "n": probed.usage.all,
    }


def pace(first_ms: float) -> tuple[str, str]:
    """What a first word's time means in a call, and its tone."""
    if first_ms <= PROMPT_S * 1000:
        return _("It works"), "good"
    if first_ms <= 2500:
        return _("It works, with a pause before each answer"), "warn"
    return _("It works, too slowly for calls"), "warn"


def of_turn(decision: dict[str, Any]) -> list[str]:
    """What a language model had to do with an agent's turn, and what it cost."""
    told = decision.get("model")
    if not isinstance(told, dict):
        return []
    if told.get("skipped"):
        return [str(SKIPPED.get(told["skipped"], SKIPPED["resting"]))]
    n = int(told.get("read", 0)) + int(told.get("written", 0))
    words = [_("%(model)s, %(n)d tokens") % {"model": told.get("name", ""), "n": n}]
    if isinstance(told.get("first_ms"), int | float):
        words.append(_("its first words after %s s") % seconds(told["first_ms"]))
    if isinstance(told.get("cost"), int | float):
        words.append(_("cost %s") % f"{told['cost']:.4f}")
    return [", ".join(words)]
