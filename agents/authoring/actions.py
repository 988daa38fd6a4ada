"""What the agent may do by itself, as its authors choose it: read into its kept form, and what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from agents.authoring import topics
from agents.brains.tools.actions import KINDS

PHONE_MOST = 60
_PHONE = re.compile(r"\+?[\d\s()/.\-–]{3,}")


class BadAction(ValueError):
    """Nothing may be kept. `field` is the one that is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def clean(given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is chosen is in it: an agent that chose nothing has an empty one. Raises BadAction."""
    kept: dict[str, Any] = {kind: True for kind in KINDS if given.get(kind)}
    phone = " ".join(str(given.get("phone") or "").split())
    if phone and (len(phone) > PHONE_MOST or not (_PHONE.fullmatch(phone) or "${variant_" in phone)):
        raise BadAction("phone", _("This is no telephone number."))
    try:
        url = topics.link(str(given.get("url") or ""))
    except ValueError:
        raise BadAction("url", _("Write the whole address of the page, with https://.")) from None
    return {**kept, **({"phone": phone} if phone else {}), **({"url": url} if url else {})}
