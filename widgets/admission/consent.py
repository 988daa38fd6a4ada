"""The wording a visitor agrees to, and the record of the yes. Wordings never change: a changed one is another row."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from widgets.admission.access import Admission
from widgets.admission.credentials import TICKET_S
from widgets.card import config as looks
from widgets.card import texts
from widgets.card.default_words import WORDS
from widgets.card.look import Look
from widgets.models import ConsentRecord, ConsentText, Widget
from widgets.refusals import Refused

# An unused yes is good for this long; whoever comes back to the card later is asked again.
YES_S = 3600


@dataclass(frozen=True, slots=True)
class Wording:
    """Exactly what is shown: text with `{privacy}` and `{terms}` in the places of the links, the links, the button.

    `language` is that of the text, which is not the card's where a text of the first language stands in.
    """

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
        return {
            "digest": self.digest,
            "text": self.text,
            "links": list(self.links),
            "button": self.button,
            "language": self.language,
        }


def wording(look: Look, language: str = "", variant: dict[str, str] | None = None) -> Wording | None:
    """What a look asks the visitors of a card in this language (else its first) to agree to; None: nothing."""
    if not look.consent.enabled:
        return None
    shown = texts.rendered(look, language or look.languages[0], variant)
    consent, policies = shown.consent, shown.policies
    text, links, words = consent.message, [], WORDS[consent.language]
    for key, variable, url in (
        ("privacy", looks.PRIVACY, policies.privacy_url),
        ("terms", looks.TERMS, policies.terms_url),
    ):
        if url and (policies.enabled or variable in text):
            label = words[key]
            if variable not in text:  # it stands by itself, behind the text
                label = label[0].upper() + label[1:]
            links.append({"key": key, "label": label, "url": url})
        text = text.replace(variable, "{" + key + "}")
    return Wording(text, tuple(links), consent.button, consent.language)


def shown_to(admitted: Admission, language: str) -> Wording | None:
    """What a card in this language asks visitors who were admitted so."""
    return wording(admitted.shown.look, language, admitted.shown.variant)


def keep(widget: Widget, said: Wording) -> ConsentText:
    """The row of that wording, made when it is the first time."""
    row, _made = ConsentText.objects.get_or_create(
        widget=widget,
        digest=said.digest,
        defaults={"language": said.language, "text": said.text, "button": said.button, "links": list(said.links)},
    )
    return row


def record(admitted: Admission, digest: object, language: object = "") -> ConsentRecord:
    """Keep a visitor's yes to what a card in that language shows now: an older card has to show the new words first."""
    offered = texts.possible(admitted.shown.look)
    language = offered[0] if language == "" else language
    if not admitted.shown.look.consent.enabled:
        raise Refused("CONSENT_INVALID", "nothing is asked")
    if not isinstance(language, str) or language not in offered:
        raise Refused("INVALID_ARGUMENT", "language")
    said = shown_to(admitted, language)
    if said is None or digest != said.digest:
        raise Refused("CONSENT_INVALID", "not the published wording")
    text = keep(admitted.widget, said)
    return ConsentRecord.objects.create(text=text, widget=admitted.widget, language=language)


def check(admitted: Admission, given: object) -> str | None:
    """The consent that a ticket may carry: the id, or None where none is asked for. Refused when it is not enough."""
    return _check(admitted, given, YES_S)


def check_again(admitted: Admission, given: str | None) -> None:
    """Whether the yes of a ticket still holds. It is used when the call begins."""
    _check(admitted, given, YES_S + TICKET_S)


def _check(admitted: Admission, given: object, age_s: int) -> str | None:
    if not admitted.shown.look.consent.enabled:
        return None
    if given is None or given == "":
        raise Refused("CONSENT_REQUIRED")
    found = ConsentRecord.objects.select_related("text").filter(
        pk=_uuid(given),
        widget=admitted.widget,
        conversation=None,
        at__gt=timezone.now() - timedelta(seconds=age_s),
    )
    row = found.first()
    if row is None or row.language not in texts.possible(admitted.shown.look):
        raise Refused("CONSENT_INVALID")
    said = shown_to(admitted, row.language)
    if said is None or row.text.digest != said.digest:
        raise Refused("CONSENT_INVALID", "words that were replaced since")
    return str(row.pk)


def check_used(admitted: Admission, given: ConsentRecord | None) -> None:
    """Whether the yes that a conversation began with still holds for what is asked now. Raises Refused."""
    if not admitted.shown.look.consent.enabled:
        return
    if given is None:
        raise Refused("CONSENT_REQUIRED")
    said = shown_to(admitted, given.language)
    if said is None or given.text.digest != said.digest:
        raise Refused("CONSENT_INVALID", "words that were replaced since")


def use(admitted: Admission, given: str | None, conversation: uuid.UUID) -> ConsentRecord | None:
    """Tie the yes to the call that begins now. One yes, one call: of two attempts at once, one succeeds."""
    pk = _check(admitted, given, YES_S + 2 * TICKET_S)  # a ticket was given within YES_S, and a line opened with it
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
