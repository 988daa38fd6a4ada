"""A widget's configuration as it is read: typed, frozen, whole. This is the one reader of what config.py keeps.

Whoever shows a card or begins a call reads it once, and asks fields after that. Forms and writes hold the kept form.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from widgets.card import cleaning, hours, paths
from widgets.card.hours import Hours


@dataclass(frozen=True, slots=True)
class Style:
    agent_name: str
    avatar: str  # the digest of a picture (pictures.py), or nothing
    brand: str
    call: str  # the colour of what places a call; empty: ours
    theme: str
    launcher_label: str
    side: str
    offset_x: int
    offset_y: int


@dataclass(frozen=True, slots=True)
class Words:
    welcome: str
    start_label: str
    end_label: str
    questions: str  # that a visitor may begin with, one a line
    closed: str  # said outside the opening hours
    contact: str  # the label of contact.url


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
class Contact:
    """Another way to the owner, for visitors who cannot call from here."""

    phone: str
    url: str

    @property
    def address(self) -> str:
        """Where a press leads that cannot begin a call."""
        return f"tel:{re.sub(r'[^0-9+]', '', self.phone)}" if self.phone else self.url


@dataclass(frozen=True, slots=True)
class Chat:
    """What only a chat has."""

    title: str  # the first line of the card; empty: who answers
    header: str  # the digest of the picture that opens the conversation, or nothing
    header_fit: str
    avatar_fit: str
    greeting: str  # empty: the agent's own
    field: str  # in the empty field
    bubble: str  # beside the button, to invite
    bubble_after_s: int
    unread: bool
    mode: str
    minimise: bool
    menu: bool
    restart: bool
    notice: str
    policies_at: str
    streams: bool
    talk: bool
    survey_title: str
    survey_question: str


@dataclass(frozen=True, slots=True)
class Look:
    """What an owner decided about looks and words."""

    kind: str
    style: Style
    words: Words
    consent: Consent
    policies: Policies
    contact: Contact
    chat: Chat
    hours: Hours
    pages: str  # what a page's path has to match to have the button (paths.py); empty: every page
    recording: str
    rating: bool
    typing: bool
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
    whole, _errors = cleaning.clean(kept)
    choice = whole["language_choice"] if isinstance(kept, dict) and "language_choice" in kept else "first"
    return Look(
        kind=whole["kind"],
        style=Style(**whole["style"]),
        words=Words(**whole["words"]),
        consent=Consent(**whole["consent"]),
        policies=Policies(**whole["policies"]),
        contact=Contact(**whole["contact"]),
        chat=Chat(**whole["chat"]),
        hours=_hours(whole["hours"]),
        pages=_pages(whole["pages"]),
        recording=whole["recording"],
        rating=whole["rating"],
        typing=whole["typing"],
        audio_to_page=whole["audio_to_page"],
        languages=tuple(whole["languages"]),
        language_choice=choice,
        texts=whole["texts"],
    )


def _hours(kept: dict[str, Any]) -> Hours:
    """What cannot be read is closed; nothing that cannot be read is kept."""

    def spans(text: str) -> tuple[hours.Span, ...]:
        try:
            return hours.read(text)
        except ValueError:
            return ()

    return Hours(
        kept["enabled"] is True and kept["zone"] in hours.zones(),
        kept["zone"],
        kept["outside"],
        tuple(spans(kept[day]) for day in hours.DAYS),
    )


def _pages(kept: dict[str, str]) -> str:
    try:
        return paths.pattern(kept["show"], kept["hide"])
    except ValueError:
        return ""


# A chat's own texts: they stand among the words, which differ between languages.
CHAT_WORDS = ("greeting", "field", "bubble", "survey_title", "survey_question")


def public(rendered: Look, agent_name: str, *, after_hours: bool = False) -> dict[str, Any]:
    """Only what a visitor's browser may know of a rendered look (texts.py), as docs/wire.md has it.

    The wording of consent travels apart, with its digest.
    """
    policies, contact = rendered.policies, rendered.contact
    style = asdict(rendered.style) | {"agent_name": rendered.style.agent_name or agent_name}
    return {
        "style": {name: value for name, value in style.items() if not name.startswith("offset_")},
        "words": words(rendered, after_hours=after_hours),
        "contact": asdict(contact) if contact.address else None,
        "languages": list(rendered.languages),
        "policies": (
            {"privacy_url": policies.privacy_url, "terms_url": policies.terms_url} if policies.enabled else None
        ),
        "consent": rendered.consent.enabled,
        "recording": rendered.recording,
        "rating": rendered.rating,
        **({"chat": _of_chat(rendered.chat)} if rendered.kind == "chat" else {"typing": rendered.typing}),
    }


def _of_chat(chat: Chat) -> dict[str, Any]:
    return {name: value for name, value in asdict(chat).items() if name not in CHAT_WORDS}


def words(rendered: Look, *, after_hours: bool = False) -> dict[str, Any]:
    """Its texts as the card has them; those that few cards have only where they are.

    A question begins a call at once, so where a Phone asks for consent there is none.
    """
    own = rendered.words
    welcome = own.closed if after_hours and own.closed and rendered.hours.outside == "welcome" else own.welcome
    rare = {
        "questions": []
        if rendered.consent.enabled and rendered.kind == "phone"
        else [line for line in own.questions.split("\n") if line],
        "closed": own.closed if rendered.hours.enabled else "",
        "contact": own.contact if rendered.contact.url else "",
    }
    return {
        "welcome": welcome,
        "start_label": own.start_label,
        "end_label": own.end_label,
        **{name: getattr(rendered.chat, name) for name in CHAT_WORDS if rendered.kind == "chat"},
        **{name: value for name, value in rare.items() if value},
    }
