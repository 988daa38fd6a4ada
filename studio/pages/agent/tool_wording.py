"""How calls of tools are told to people: what came of them, and what they were told."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calling.models import ToolCall

FAILED: dict[str, Any] = {
    "NOT_ALLOWED": gettext_lazy("This address may not be asked: it lies inside a network."),
    "UNKNOWN_NAME": gettext_lazy("No server has this name."),
    "CERTIFICATE": gettext_lazy("The server’s certificate is not valid."),
    "UNREACHABLE": gettext_lazy("Nobody answers at this address, or the connection broke."),
    "TOO_SLOW": gettext_lazy("The system did not answer in time."),
    "GARBLED": gettext_lazy("The answer cannot be read: it is too long, or no JSON."),
    "REDIRECT": gettext_lazy("The address points elsewhere. A key is sent to no other place."),
    "KEY_REFUSED": gettext_lazy("The system refused the key."),
    "NO_KEY": gettext_lazy("The key is missing. Type it again."),
    "TOO_MANY": gettext_lazy("The system takes no more requests at the moment."),
    "NOT_UNDERSTOOD": gettext_lazy("The system did not understand the request."),
    "UNAVAILABLE": gettext_lazy("The system has trouble of its own."),
    "NOT_RUNNING": gettext_lazy("The demo’s order desk is not running. “make run” starts it."),
    "BAD_VALUE": gettext_lazy("A value was missing, or not of its kind. Nothing was sent."),
    "GONE": gettext_lazy("The tool was not there. Nothing was sent."),
    "NOT_WRITTEN": gettext_lazy("It could not be written down before, so nothing was sent."),
    "INTERRUPTED": gettext_lazy("It was interrupted, and nobody can tell whether it went through."),
    "BROKEN": gettext_lazy("Something went wrong here, after it was sent."),
}
ACTIONS: dict[str, tuple[Any, Any]] = {
    "message": (
        gettext_lazy("The model may take a message"),
        gettext_lazy("It is read back, and kept when the visitor says yes."),
    ),
    "hand_over": (
        gettext_lazy("The model may hand over to a person"),
        gettext_lazy("By telling the number and showing the page below, in words of the agent’s own."),
    ),
    "end_call": (
        gettext_lazy("The model may end the call"),
        gettext_lazy("Only when the visitor has said goodbye, thanks or no."),
    ),
    "show": (
        gettext_lazy("The model may show a page"),
        gettext_lazy("One that a topic shows, and no other."),
    ),
    "phone": (
        gettext_lazy("Number of a person"),
        gettext_lazy("Told to whoever wants to talk to somebody, with a model or without. ${variant_phone} works."),
    ),
    "url": (
        gettext_lazy("Page where a person helps"),
        gettext_lazy("Shown likewise."),
    ),
}
OWN: dict[str, Any] = {
    "take_message": gettext_lazy("The model began a message"),
    "hand_over": gettext_lazy("The model handed over to a person"),
    "end_call": gettext_lazy("The model ended the conversation"),
    "show_page": gettext_lazy("The model showed a page"),
}
STATES: dict[str, tuple[Any, str]] = {
    "done": (gettext_lazy("It worked"), "good"),
    "refused": (gettext_lazy("The answer was no"), "warn"),
    "failed": (gettext_lazy("It failed"), "bad"),
    "unknown": (gettext_lazy("Nobody can tell whether it went through"), "bad"),
    "trial": (gettext_lazy("Nothing was sent, as it would change something. It counts as having worked"), "warn"),
}
VALUES_SHOWN = 12


def result(state: str, code: str) -> tuple[str, str]:
    """What came of a call, in words, and its tone."""
    label, tone = STATES.get(state, STATES["unknown"])
    why = FAILED.get(code)
    return (f"{label}. {why}" if why else str(label)), tone


def of_call(call: ToolCall) -> str:
    """A call of a tool in one line of a conversation."""
    outcome = call.outcome or {"state": "unknown", "code": "INTERRUPTED"}
    told = _pairs(call.arguments)
    words = _("Tool “%s”") % call.tool + (f" ({told})" if told else "")
    came = result(str(outcome.get("state", "")), str(outcome.get("code", "")))[0].rstrip(".")
    answer = _pairs(outcome.get("values") or {})
    line = f"{words}: {came}" + (f" ({answer})" if answer else "")
    ms = outcome.get("ms")
    return f"{line}, {ms / 1000:.1f} s" if isinstance(ms, int | float) and ms else line


def of_turn(decision: dict[str, Any]) -> list[str]:
    """What tools had to do with an agent's turn."""
    told = decision.get("tools")
    found = []
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict):
            if one.get("own"):
                found.append(_own(one))
                continue
            came = result(str(one.get("state", "")), str(one.get("code", "")))[0].rstrip(".")
            words = _("Tool “%(name)s”: %(came)s") % {"name": one.get("name", ""), "came": came}
            again = _("it had been done before, and was not done again")
            found.append(f"{words}, {again}" if one.get("again") else words)
    return found


def _own(one: dict[str, Any]) -> str:
    """What the agent did by itself because a model asked for it."""
    given = one.get("given")
    told = _pairs(given) if isinstance(given, dict) else ""
    words = str(OWN.get(str(one.get("name", "")), one.get("name", ""))) + (f" ({told})" if told else "")
    return words if one.get("state") == "done" else _("%s: not done, the visitor had not said goodbye") % words


def never_sent(decision: dict[str, Any]) -> list[str]:
    """Of those that came to nothing before they were sent: there is no call of them to be shown."""
    told = decision.get("tools")
    kept = [one for one in told if isinstance(one, dict) and not one.get("key")] if isinstance(told, list) else []
    return of_turn({"tools": kept})


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')}: {_short(value)}" for name, value in list(values.items())[:VALUES_SHOWN]
    )


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
