"""The wording a visitor agrees to, and the record of the yes. Wordings never change: a changed one is another row."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override

from widgets import config as looks
from widgets.access import Admission
from widgets.credentials import TICKET_S
from widgets.models import ConsentRecord, ConsentText, Widget
from widgets.refusals import Refused

# An unused yes is good for this long; whoever comes back to the card later is asked again.
YES_S = 3600


@dataclass(frozen=True, slots=True)
class Wording:
    """Exactly what is shown: text with `{privacy}` and `{terms}` in the places of the links, the links, the button."""

    text: str
    links: tuple[dict[str, str], ...]
    button: str
    language: str

    @property
    def digest(self) -> str:
        held = [self.text, list(self.links), self.button, self.language]
        return hashlib.sha256(json.dumps(held, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def shown(self) -> dict[str, Any]:
        """As the frame's settings hold it (docs/wire.md)."""
        return {"digest": self.digest, "text": self.text, "links": list(self.links), "button": self.button}


def wording(config: dict[str, Any]) -> Wording | None:
    """What a published configuration asks visitors to agree to; None when it asks for nothing."""
    consent, policies = config["consent"], config["policies"]
    if not consent["enabled"]:
        return None
    language = config["languages"][0]
    text, links = consent["message"], []
    with override(language):
        for key, variable, url, label in (
            ("privacy", looks.PRIVACY, policies["privacy_url"], gettext("privacy policy")),
            ("terms", looks.TERMS, policies["terms_url"], gettext("terms")),
        ):
            text = text.replace(variable, "{" + key + "}")
            if url and (policies["enabled"] or variable in consent["message"]):
                links.append({"key": key, "label": label, "url": url})
    return Wording(text, tuple(links), consent["button"], language)


def keep(widget: Widget, said: Wording) -> ConsentText:
    """The row of that wording, made when it is the first time."""
    row, _made = ConsentText.objects.get_or_create(
        widget=widget,
        digest=said.digest,
        defaults={"language": said.language, "text": said.text, "button": said.button, "links": list(said.links)},
    )
    return row


def record(admitted: Admission, digest: object, language: object = "") -> ConsentRecord:
    """Keep a visitor's yes. Only to the wording that is published now: an older card has to show the new one first."""
    said = wording(admitted.config)
    if said is None or digest != said.digest:
        raise Refused("CONSENT_INVALID", "not the published wording")
    if language != "" and language not in admitted.config["languages"]:
        raise Refused("INVALID_ARGUMENT", "language")
    text = keep(admitted.widget, said)
    return ConsentRecord.objects.create(text=text, widget=admitted.widget, language=language or said.language)


def check(admitted: Admission, given: object) -> str | None:
    """The consent that a ticket may carry: the id, or None where none is asked for. Refused when it is not enough."""
    return _check(admitted, given, YES_S)


def _check(admitted: Admission, given: object, age_s: int) -> str | None:
    said = wording(admitted.config)
    if said is None:
        return None
    if given is None or given == "":
        raise Refused("CONSENT_REQUIRED")
    found = ConsentRecord.objects.filter(
        pk=_uuid(given),
        widget=admitted.widget,
        text__digest=said.digest,
        conversation=None,
        at__gt=timezone.now() - timedelta(seconds=age_s),
    ).first()
    if found is None:
        raise Refused("CONSENT_INVALID")
    return str(found.pk)


def use(admitted: Admission, given: str | None, conversation: uuid.UUID) -> ConsentRecord | None:
    """Tie the yes to the call that begins now. One yes, one call: of two attempts at once, one succeeds."""
    pk = _check(admitted, given, YES_S + TICKET_S)  # a ticket was given for it within YES_S
    if pk is None:
        return None
    if not ConsentRecord.objects.filter(pk=pk, conversation=None).update(conversation=conversation):
        raise Refused("CONSENT_INVALID", "used already")
    return ConsentRecord.objects.select_related("text").get(pk=pk)


def _uuid(given: object) -> uuid.UUID:
    try:
        return uuid.UUID(given if isinstance(given, str) and len(given) == 36 else "")
    except ValueError:
        raise Refused("CONSENT_INVALID", "not an id") from None
