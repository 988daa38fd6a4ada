"""What differs between two configurations of a widget, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import checking
from studio.pages.agent.differences import Difference
from studio.pages.widget import languages
from widgets.card import cleaning, config, look, texts

# In the order of the editor's fields; the texts that each language has of its own come last.
FIELDS = {
    "style.agent_name": gettext_lazy("Agent name"),
    "style.avatar": gettext_lazy("Picture"),
    "style.theme": gettext_lazy("Colour theme"),
    "style.brand": gettext_lazy("Your colour"),
    "style.call": gettext_lazy("Colour of the call button"),
    "style.side": gettext_lazy("Side of the page"),
    "style.offset_x": gettext_lazy("From the side"),
    "style.offset_y": gettext_lazy("From below"),
    "pages.show": gettext_lazy("Only on these pages"),
    "pages.hide": gettext_lazy("Not on these pages"),
    "languages": gettext_lazy("Languages"),
    "language_choice": gettext_lazy("Which language a visitor sees"),
    "consent.enabled": gettext_lazy("Disclaimer and consent"),
    "policies.enabled": gettext_lazy("Company policies"),
    "policies.privacy_url": gettext_lazy("Privacy policy"),
    "policies.terms_url": gettext_lazy("Terms"),
    "recording": gettext_lazy("Recording"),
    "chat.title": gettext_lazy("Title"),
    "chat.header": gettext_lazy("Header image"),
    "chat.header_fit": gettext_lazy("How the header image fills its place"),
    "chat.avatar_fit": gettext_lazy("How the picture fills its place"),
    "chat.bubble_after_s": gettext_lazy("Show the bubble after (seconds)"),
    "chat.unread": gettext_lazy("Count of unread answers"),
    "chat.mode": gettext_lazy("How it opens"),
    "chat.minimise": gettext_lazy("Minimise"),
    "chat.menu": gettext_lazy("Menu"),
    "chat.restart": gettext_lazy("Start new chat"),
    "chat.notice": gettext_lazy("A line that a computer answers"),
    "chat.policies_at": gettext_lazy("Where the policies are"),
    "chat.streams": gettext_lazy("Answers appear as they are written"),
    "chat.talk": gettext_lazy("Talk instead"),
    "contact.phone": gettext_lazy("Phone number"),
    "contact.url": gettext_lazy("Page or form"),
    "hours.enabled": gettext_lazy("Opening hours"),
    "hours.outside": gettext_lazy("At other times"),
    "hours.zone": gettext_lazy("Time zone"),
    "hours.mon": gettext_lazy("Monday"),
    "hours.tue": gettext_lazy("Tuesday"),
    "hours.wed": gettext_lazy("Wednesday"),
    "hours.thu": gettext_lazy("Thursday"),
    "hours.fri": gettext_lazy("Friday"),
    "hours.sat": gettext_lazy("Saturday"),
    "hours.sun": gettext_lazy("Sunday"),
    "rating": gettext_lazy("Rating after the call"),
    "typing": gettext_lazy("Type instead"),
    "audio_to_page": gettext_lazy("The microphone’s sound for your page"),
}
VALUES = {
    "dark": gettext_lazy("dark"),
    "light": gettext_lazy("light"),
    "auto": gettext_lazy("like the visitor’s device"),
    "left": gettext_lazy("left"),
    "right": gettext_lazy("right"),
    "on": gettext_lazy("on"),
    "off": gettext_lazy("off"),
    "after_consent": gettext_lazy("after consent"),
    "first": gettext_lazy("always the main one"),
    "browser": gettext_lazy("the one of their browser"),
    "ask": gettext_lazy("they choose on the card"),
    "closed": gettext_lazy("closed, and the card says so"),
    "welcome": gettext_lazy("calls with another greeting"),
    "hidden": gettext_lazy("no button"),
    "fill": gettext_lazy("fills it"),
    "fit": gettext_lazy("fits in whole"),
    "card": gettext_lazy("a card, full screen on phones"),
    "full": gettext_lazy("always full screen"),
    "never": gettext_lazy("not shown"),
    "always": gettext_lazy("always shown"),
    "menu": gettext_lazy("in the menu"),
    "field": gettext_lazy("under the field"),
}
# What means something else in another place.
_VALUES_OF = {"chat.notice": {"first": gettext_lazy("shown until the first message")}}
CHOSEN = (
    *("style.theme", "style.side", "recording", "language_choice", "hours.outside"),
    *("chat.header_fit", "chat.avatar_fit", "chat.mode", "chat.notice", "chat.policies_at"),
)


def between(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    # What is new in one has its default in the other.
    before, after = cleaning.clean(before)[0], cleaning.clean(after)[0]
    found = []
    for field, label in FIELDS.items():
        old, new = _at(before, field), _at(after, field)
        if old != new:
            found.append(_difference(field, str(label), old, new))
    return found + _texts(before, after)


def _texts(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """A language that goes takes its texts along; that is told by the languages."""
    several = len({*before["languages"], *after["languages"]}) > 1
    looks = look.read(before), look.read(after)
    found = []
    for language in after["languages"]:
        for name, label in languages.LABELS.items():
            old, new = (texts.written(one, language, name) for one in looks)
            if old != new:
                words = languages.in_language(label, language) if several else str(label)
                found.append(_difference(config.PLACES[name], words, old, new))
    return found


def _at(held: dict[str, Any], field: str) -> Any:
    section, _dot, name = field.rpartition(".")
    return (held[section] if section else held)[name]


def _difference(field: str, label: str, old: Any, new: Any) -> Difference:
    if isinstance(new, bool):
        return Difference("changed", label, text=_("is switched on") if new else _("is switched off"))
    if field in config.PICTURES:
        kind = "changed" if old and new else "added" if new else "removed"
        return Difference(kind, label, text=_("is another one") if kind == "changed" else "")
    if isinstance(new, list):
        old, new = (", ".join(checking.language_name(code) for code in codes) for codes in (old, new))
    elif field in CHOSEN:
        values = VALUES | _VALUES_OF.get(field, {})
        old, new = str(values.get(old, old)), str(values.get(new, new))
    elif field.endswith("_s"):
        old, new = f"{old} s", f"{new} s"
    elif isinstance(new, int):
        old, new = f"{old} px", f"{new} px"
    if not new:
        return Difference("removed", label, text=old)
    return Difference("changed", label, before=old, after=new) if old else Difference("added", label, text=new)
