"""What a line of the audit changed: before and after, word by word where both are texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import AuditEntry, Environment, Role

WORDS_MOST = 600  # of two texts that are compared word by word; longer ones stand one after the other

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "greeting": gettext_lazy("Greeting"),
    "disclaimer": gettext_lazy("Spoken disclaimer"),
    "voice": gettext_lazy("Voice"),
    "language": gettext_lazy("Language"),
    "manner": gettext_lazy("Manner"),
    "persona": gettext_lazy("How it is"),
    "rules": gettext_lazy("Rules"),
    "content": gettext_lazy("Answer"),
    "samples": gettext_lazy("Example questions"),
    "refused": gettext_lazy("Everyday phrasings switched off"),
    "spoken": gettext_lazy("Spoken as"),
    "first": gettext_lazy("Goes first"),
    "active": gettext_lazy("Active"),
    "enabled": gettext_lazy("Switched on"),
    "environment": gettext_lazy("Environment"),
    "services": gettext_lazy("Services"),
    "actions": gettext_lazy("What it can do by itself"),
    "kind": gettext_lazy("Kind"),
    "address": gettext_lazy("Address"),
    "settings": gettext_lazy("Settings"),
    "expires_at": gettext_lazy("Ends"),
    "recordings_days": gettext_lazy("Days recordings are kept"),
    "conversations_days": gettext_lazy("Days conversations are kept"),
    "role": gettext_lazy("Role"),
}
_CHOICES = {**dict(Environment.choices), **dict(Role.choices)}


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str  # "same", "gone", "new"
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    pieces: list[Piece]


def changes(entry: AuditEntry) -> list[Change]:
    """In the order of the fields; none where a line says all there is."""
    return [Change(label, pieces(was, now)) for label, was, now in _pairs(entry) if was != now]


def _pairs(entry: AuditEntry) -> Iterator[tuple[str, str, str]]:
    details = entry.details
    if "before" not in details:
        return
    before = details["before"]
    after = details.get("after", details.get("role", details.get("name")))
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            yield str(LABELS.get(name, name.replace("_", " "))), _told(before.get(name)), _told(after.get(name))
    else:
        yield "", _told(before), _told(after)


def _told(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_told(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_told(one)}" for name, one in value.items())
    return str(_CHOICES.get(value, value)) if isinstance(value, str) else str(value)


def pieces(before: str, after: str) -> list[Piece]:
    """One text with what went and what came; the whole of both where they have too little in common."""
    was, now = before.split(), after.split()
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if max(len(was), len(now)) > WORDS_MOST or matcher.ratio() < 0.3:
        return [Piece(kind, text) for kind, text in (("gone", before), ("new", after)) if text]
    found = []
    for same, a, b, c, d in matcher.get_opcodes():
        if same == "equal":
            found.append(Piece("same", " ".join(was[a:b])))
            continue
        parts = (("gone", was[a:b]), ("new", now[c:d]))
        found += [Piece(kind, " ".join(words)) for kind, words in parts if words]
    return found
