"""A widget's configuration as it is read: typed, frozen, whole. This is the one reader of what config.py keeps.

Whoever shows a card or begins a call reads it once, and asks fields after that. Forms and writes hold the kept form.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from widgets.card import config


@dataclass(frozen=True, slots=True)
class Style:
    agent_name: str
    avatar: str  # the digest of a picture (pictures.py), or nothing
    brand: str
    theme: str
    launcher_label: str
    side: str


@dataclass(frozen=True, slots=True)
class Words:
    welcome: str
    start_label: str
    end_label: str


@dataclass(frozen=True, slots=True)
class Consent:
    enabled: bool
    message: str
    button: str
    language: str = ""  # of the message, once it is rendered (texts.py)


@dataclass(frozen=True, slots=True)
class Policies:
    enabled: bool
    privacy_url: str
    terms_url: str


@dataclass(frozen=True, slots=True)
class Look:
    """What an owner decided about looks and words."""

    style: Style
    words: Words
    consent: Consent
    policies: Policies
    recording: str
    rating: bool
    audio_to_page: bool
    languages: tuple[str, ...]  # the first one stands in for the others
    language_choice: str
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def at(self, place: str) -> str:
        """The text in one of config.PLACES."""
        section, _dot, name = place.partition(".")
        text: str = getattr(getattr(self, section), name)
        return text


def read(kept: Any) -> Look:
    """Cleaned, with defaults for what is newer than it. What was published before there was a choice of languages
    shows its first one."""
    whole, _errors = config.clean(kept)
    choice = whole["language_choice"] if isinstance(kept, dict) and "language_choice" in kept else "first"
    return Look(
        style=Style(**whole["style"]),
        words=Words(**whole["words"]),
        consent=Consent(**whole["consent"]),
        policies=Policies(**whole["policies"]),
        recording=whole["recording"],
        rating=whole["rating"],
        audio_to_page=whole["audio_to_page"],
        languages=tuple(whole["languages"]),
        language_choice=choice,
        texts=whole["texts"],
    )


def public(rendered: Look, agent_name: str) -> dict[str, Any]:
    """Only what a visitor's browser may know of a rendered look (texts.py), as docs/wire.md has it.

    The wording of consent travels apart, with its digest.
    """
    policies = rendered.policies
    return {
        "style": asdict(rendered.style) | {"agent_name": rendered.style.agent_name or agent_name},
        "words": asdict(rendered.words),
        "languages": list(rendered.languages),
        "policies": (
            {"privacy_url": policies.privacy_url, "terms_url": policies.terms_url} if policies.enabled else None
        ),
        "consent": rendered.consent.enabled,
        "recording": rendered.recording,
        "rating": rendered.rating,
    }
