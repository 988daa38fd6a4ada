"""The exact words that a visitor agreed to, as they are shown and exported."""

from calling.models import Conversation
from widgets.models import ConsentRecord


def consent_parts(call: Conversation) -> list[dict[str, str]]:
    """The exact words that were agreed to, cut at the places of the links: {text} or {text, url}."""
    return _parts(call.consent) if call.consent else []


def agreed_words(consent: ConsentRecord) -> str:
    """The same as plain text, with the addresses behind what they were linked to."""
    return "".join(part["text"] + (f" ({part['url']})" if part["url"] else "") for part in _parts(consent))


def _parts(consent: ConsentRecord) -> list[dict[str, str]]:
    wording = consent.text
    parts = [{"text": wording.text, "url": ""}]
    for link in wording.links:
        place = "{" + link.get("key", "") + "}"
        cut: list[dict[str, str]] = []
        for part in parts:
            pieces = part["text"].split(place) if not part["url"] else [part["text"]]
            for number, piece in enumerate(pieces):
                if number:
                    cut.append({"text": link["label"], "url": link["url"]})
                cut.append({"text": piece, "url": part["url"]})
        if not any(part["url"] == link["url"] for part in cut):  # it stood behind the text
            cut += [{"text": " ", "url": ""}, {"text": link["label"], "url": link["url"]}]
        parts = cut
    return [part for part in parts if part["text"]]
