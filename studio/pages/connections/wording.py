"""How a service and a test of it are told to people."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.connections.kinds import HEARING, KINDS, MODEL, VOICE
from agents.connections.model import Connection

USES: dict[str, Any] = {
    HEARING: gettext_lazy("Hearing"),
    VOICE: gettext_lazy("Voice"),
    MODEL: gettext_lazy("Language model"),
}
FAILED: dict[str, Any] = {
    "KEY": gettext_lazy("The service refused the key. Paste it again, or make a new one where you got it."),
    "GONE": gettext_lazy("The service knows no such model, voice or address."),
    "BUSY": gettext_lazy("The service takes no more at the moment: too much at once, or nothing left to pay with."),
    "BROKEN": gettext_lazy("The service has a fault of its own. Try again later."),
    "GARBLED": gettext_lazy("What answers there is not this kind of service. Check kind and address."),
    "DEAF": gettext_lazy("The service answered, and understood nothing of a spoken sentence."),
    "TOO_SLOW": gettext_lazy("The service did not answer in time."),
    "UNREACHABLE": gettext_lazy("Nobody answers at this address, or the connection broke."),
    "UNKNOWN_NAME": gettext_lazy("There is no server of this name."),
    "PRIVATE": gettext_lazy("The name leads into a private network, where this server may not ask."),
    "CERTIFICATE": gettext_lazy("The server’s certificate is not valid."),
    "SEALED": gettext_lazy("The kept key cannot be read any more. Type it again."),
}


def result(code: str, ms: int, heard: str = "") -> str:
    """How a test went, in a sentence."""
    if code:
        return str(FAILED.get(code, FAILED["BROKEN"]))
    seconds = f"{max(ms / 1000, 0.1):.1f}"
    if heard:
        return _("It heard “%(words)s” after %(seconds)s s.") % {"words": heard[:100], "seconds": seconds}
    return _("It answered within %s s.") % seconds


def price(connection: Connection, use: str) -> str:
    """What a minute costs, and who says so."""
    own = connection.of(use).get("price")
    if own is not None:
        return _("$%s a minute") % f"{own:g}"
    listed = KINDS[connection.kind].price(use)
    chosen = connection.of(use).get("model", KINDS[connection.kind].model(use))
    if chosen != KINDS[connection.kind].model(use):  # the list is about another model
        return ""
    if listed is None or connection.address != KINDS[connection.kind].address:  # a server of one's own has no list
        return ""
    return _("about $%s a minute by public lists") % f"{listed:g}"
