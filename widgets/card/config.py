"""What an owner decides about a widget's looks and words: defaults, limits and cleaning.

This is the form it is kept in; look.py reads it."""

import copy
import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from widgets.card import hours, paths
from widgets.card.default_words import WORDS

AGENT_NAME_MOST = 50
LABEL_MOST = 100
LAUNCHER_LABEL_MOST = 24
DISCLAIMER_MOST = 500
CLOSED_MOST = 200
URL_MOST = 500
PHONE_MOST = 30
QUESTIONS_MOST, QUESTION_MOST = 3, 80
OFFSET_PX, OFFSET_MOST_PX = 20, 300

TITLE_MOST, GREETING_MOST, FIELD_MOST, BUBBLE_MOST = 50, 200, 40, 90
SURVEY_TITLE_MOST, SURVEY_QUESTION_MOST = 60, 200
BUBBLE_AFTER_S, BUBBLE_AFTER_MOST_S = 8, 600

KINDS = ("phone", "chat")
FITS = ("fill", "fit")
MODES = ("card", "full")  # of a chat: a card, full screen on phones; or always full screen
NOTICES = ("never", "first", "always")  # how long a chat says that a computer answers
PLACES_OF_POLICIES = ("menu", "field")
THEMES = ("dark", "light", "auto")
SIDES = ("right", "left")
RECORDINGS = ("on", "off", "after_consent")
LANGUAGES = ("en", "de", "fr", "es", "ar")  # static/widget/frame/strings has the words of each
OUTSIDE = ("welcome", "closed", "hidden")  # of the opening hours: other words, no calls, no button
CHOICES = ("first", "browser", "ask")  # of the visitor's language: the first one, the browser's, or the visitor's own

# A new widget asks for no consent and shows no policies: its owner switches on what the law asks of them.
DEFAULTS: dict[str, Any] = {
    "kind": "phone",
    "style": {
        "agent_name": "",
        "avatar": "",
        "brand": "#4a4ae0",
        "call": "",  # the colour of what places a call; empty: green
        "theme": "dark",
        "launcher_label": "",
        "side": "right",
        "offset_x": OFFSET_PX,  # from that side
        "offset_y": OFFSET_PX,  # from below
    },
    "words": {
        name: WORDS["en"][name] for name in ("welcome", "start_label", "end_label", "questions", "closed", "contact")
    },
    "contact": {"phone": "", "url": ""},  # for visitors who cannot call from here
    "pages": {"show": "", "hide": ""},  # of the site: where the button is; paths, one a line
    "hours": {
        "enabled": False,
        "zone": "UTC",
        "outside": "closed",
        **{day: "09:00–17:00" if day in hours.DAYS[:5] else "" for day in hours.DAYS},
    },
    "consent": {"enabled": False, "message": WORDS["en"]["message"], "button": WORDS["en"]["button"]},
    "policies": {"enabled": False, "privacy_url": "", "terms_url": ""},
    "recording": "on",
    "rating": False,
    "typing": True,  # callers may type instead
    "audio_to_page": False,
    "languages": ["en"],  # the first one stands in for the others
    "language_choice": "browser",
    "chat": {
        "title": "",  # the first line of the card; empty: who answers
        "header": "",  # the picture that opens the conversation, as style.avatar
        "header_fit": "fill",
        "avatar_fit": "fill",
        "greeting": "",  # empty: the agent's own
        "field": WORDS["en"]["field"],
        "bubble": "",
        "bubble_after_s": BUBBLE_AFTER_S,
        "unread": True,
        "mode": "card",
        "minimise": True,
        "menu": True,
        "restart": True,
        "notice": "first",
        "policies_at": "menu",
        "streams": True,  # answers appear as they are written
        "talk": True,  # visitors may go on aloud
        "survey_title": WORDS["en"]["survey_title"],
        "survey_question": WORDS["en"]["survey_question"],
    },
    "texts": {},  # of the other languages, by the names in PLACES; the first one's stand in their places
}

PRIVACY, TERMS = "{{privacyPolicyUrl}}", "{{termsUrl}}"

# The texts that each language has of its own, and where the first language has them. Read by widgets/card/texts.py.
PLACES = {
    "welcome": "words.welcome",
    "start_label": "words.start_label",
    "end_label": "words.end_label",
    "launcher_label": "style.launcher_label",
    "questions": "words.questions",
    "closed": "words.closed",
    "contact": "words.contact",
    "message": "consent.message",
    "button": "consent.button",
    "greeting": "chat.greeting",
    "field": "chat.field",
    "bubble": "chat.bubble",
    "survey_title": "chat.survey_title",
    "survey_question": "chat.survey_question",
}
# What may be left empty may be left to us: texts.py says what stands in.
MOST = {
    "style.agent_name": AGENT_NAME_MOST,
    "style.launcher_label": LAUNCHER_LABEL_MOST,
    "words.welcome": LABEL_MOST,
    "words.start_label": LABEL_MOST,
    "words.end_label": LABEL_MOST,
    "words.questions": QUESTIONS_MOST * (QUESTION_MOST + 1),
    "words.closed": CLOSED_MOST,
    "words.contact": LABEL_MOST,
    "consent.message": DISCLAIMER_MOST,
    "consent.button": LABEL_MOST,
    "chat.title": TITLE_MOST,
    "chat.greeting": GREETING_MOST,
    "chat.field": FIELD_MOST,
    "chat.bubble": BUBBLE_MOST,
    "chat.survey_title": SURVEY_TITLE_MOST,
    "chat.survey_question": SURVEY_QUESTION_MOST,
}
_CHOICES = {
    "kind": KINDS,
    "style.theme": THEMES,
    "style.side": SIDES,
    "recording": RECORDINGS,
    "language_choice": CHOICES,
    "hours.outside": OUTSIDE,
    "chat.header_fit": FITS,
    "chat.avatar_fit": FITS,
    "chat.mode": MODES,
    "chat.notice": NOTICES,
    "chat.policies_at": PLACES_OF_POLICIES,
}
_FLAGS = (
    *("consent.enabled", "policies.enabled", "hours.enabled", "rating", "typing", "audio_to_page"),
    *(f"chat.{name}" for name in ("unread", "minimise", "menu", "restart", "streams", "talk")),
)
_ADDRESSES = ("policies.privacy_url", "policies.terms_url", "contact.url")
_NUMBERS = {
    "style.offset_x": OFFSET_MOST_PX,
    "style.offset_y": OFFSET_MOST_PX,
    "chat.bubble_after_s": BUBBLE_AFTER_MOST_S,
}
PICTURES = ("style.avatar", "chat.header")
# Characters that turn the reading direction around, or cannot be seen, have no place in a label.
_UNSEEN = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufeff]")

Errors = dict[str, str]


def new(kind: str = "phone") -> dict[str, Any]:
    """What a widget begins with. Words that are wrong for its kind have others of ours in their place."""
    config = copy.deepcopy(DEFAULTS)
    config["kind"] = kind
    for name, place in PLACES.items():
        _put(config, place, WORDS["en"].get(f"{kind}_{name}", _said(config, place)))
    return config


def clean(data: Any) -> tuple[dict[str, Any], Errors]:
    """The configuration to keep, with defaults where nothing was said, and errors by field ("words.welcome").

    Fields nobody knows are dropped. A configuration with errors must not be kept.
    """
    errors: Errors = {}
    kind = _said(data, "kind")
    config = new(kind if kind in KINDS else KINDS[0])
    for field, most in MOST.items():
        value = _said(data, field)
        if value is not None:
            _put(config, field, _text(value, most, field, errors))
    for field, choices in _CHOICES.items():
        value = _said(data, field)
        if value is not None:
            _put(config, field, value)
            if value not in choices:
                errors[field] = _("Choose one of: %s.") % ", ".join(choices)
    for field in _FLAGS:
        value = _said(data, field)
        if value is not None:
            _put(config, field, value)
            if not isinstance(value, bool):
                errors[field] = _("This is either on or off.")
    for field in _ADDRESSES:
        value = _said(data, field)
        if value is not None:
            _put(config, field, _address(value, field, errors))
    _colour(config, "brand", _said(data, "style.brand"), errors)
    _colour(config, "call", _said(data, "style.call"), errors, may_be_none=True)
    for field, most in _NUMBERS.items():
        _number(config, field, _said(data, field), most, errors)
    _phone(config, _said(data, "contact.phone"), errors)
    _pages(config, data, errors)
    _hours(config, data, errors)
    for field in PICTURES:
        _picture(config, field, _said(data, field), errors)
    _languages(config, _said(data, "languages"), errors)
    _translations(config, _said(data, "texts"), errors)
    if not errors:
        _together(config, errors)
    return config, errors


def _said(data: Any, field: str) -> Any:
    for part in field.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _put(config: dict[str, Any], field: str, value: Any) -> None:
    section, _dot, name = field.rpartition(".")
    (config[section] if section else config)[name] = value


def seen(text: str) -> str:
    return _UNSEEN.sub("", text)


def _text(value: Any, most: int, field: str, errors: Errors) -> str:
    if not isinstance(value, str):
        errors[field] = _("This must be text.")
        return ""
    value = seen(value.replace("\r\n", "\n")).strip()
    if field.endswith("questions"):
        return _questions(value, field, errors)
    if len(value) > most:
        errors[field] = _("At most %(most)d characters; this has %(has)d.") % {"most": most, "has": len(value)}
    return value


def _questions(value: str, field: str, errors: Errors) -> str:
    """One a line."""
    lines = list(dict.fromkeys(" ".join(line.split()) for line in value.split("\n") if line.strip()))
    if len(lines) > QUESTIONS_MOST or any(len(line) > QUESTION_MOST for line in lines):
        errors[field] = _("At most %(count)d questions, one a line, of at most %(most)d characters.") % {
            "count": QUESTIONS_MOST,
            "most": QUESTION_MOST,
        }
    return "\n".join(lines)


def _address(value: Any, field: str, errors: Errors) -> str:
    if not isinstance(value, str):
        errors[field] = _("This must be text.")
        return ""
    value = value.strip()
    if not value:
        return ""
    if re.match(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)", value):  # as people write addresses
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        usable = parts.scheme == "https" and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        parts, usable = None, False
    if parts is not None and parts.scheme == "http":
        errors[field] = _("Links need https. Use https://%s.") % value.partition("://")[2]
    elif not usable or re.search(r"[\s<>\"'\\`{}]", value) or _UNSEEN.search(value):
        errors[field] = _("This is not a complete address. It must start with https://.")
    elif len(value) > URL_MOST:
        errors[field] = _("At most %(most)d characters; this has %(has)d.") % {"most": URL_MOST, "has": len(value)}
    return value


def _colour(config: dict[str, Any], name: str, value: Any, errors: Errors, *, may_be_none: bool = False) -> None:
    if value is None:
        return
    config["style"][name] = colour = value.strip().lower() if isinstance(value, str) else "?"
    if not re.fullmatch(r"#[0-9a-f]{6}", colour) and not (may_be_none and not colour):
        errors[f"style.{name}"] = _("Write the colour like #4a4ae0.")


def _number(config: dict[str, Any], field: str, value: Any, most: int, errors: Errors) -> None:
    if value is None:
        return
    _put(config, field, value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        errors[field] = _("Write a whole number from 0 to %d.") % most


def _phone(config: dict[str, Any], value: Any, errors: Errors) -> None:
    if value is None:
        return
    number = " ".join(value.split()) if isinstance(value, str) else "?"
    config["contact"]["phone"] = number
    if number and (
        len(number) > PHONE_MOST or not re.fullmatch(r"\+?[0-9 ()/.-]*[0-9][0-9 ()/.-]*[0-9][0-9 ()/.-]*", number)
    ):
        errors["contact.phone"] = _("Write the number as it is dialled, such as +1 212 555 0100.")


def _pages(config: dict[str, Any], data: Any, errors: Errors) -> None:
    for name in config["pages"]:
        value = _said(data, f"pages.{name}")
        if value is None:
            continue
        try:
            config["pages"][name] = "\n".join(paths.read(value))
        except (AttributeError, ValueError):
            config["pages"][name] = value if isinstance(value, str) else ""
            errors[f"pages.{name}"] = _("Write one path a line, such as /contact or /shop/*; at most 20 lines.")


def _hours(config: dict[str, Any], data: Any, errors: Errors) -> None:
    zone = _said(data, "hours.zone")
    if zone is not None:
        config["hours"]["zone"] = zone
        if zone not in hours.zones():
            errors["hours.zone"] = _("Choose a time zone from the list.")
    for day in hours.DAYS:
        value = _said(data, f"hours.{day}")
        if value is None:
            continue
        try:
            config["hours"][day] = hours.written(hours.read(value))
        except (TypeError, ValueError):
            config["hours"][day] = value if isinstance(value, str) else ""
            errors[f"hours.{day}"] = _("Write it like 09:00–17:00, or 09:00–12:00, 13:00–17:00. Empty means closed.")


def _picture(config: dict[str, Any], field: str, value: Any, errors: Errors) -> None:
    """The digest of a picture (widgets/card/pictures.py), or nothing."""
    if value is None:
        return
    _put(config, field, value if isinstance(value, str) else "")
    if not isinstance(value, str) or not re.fullmatch(r"(?:[0-9a-f]{64})?", value):
        errors[field] = _("This is not a picture of ours. Upload it again.")


def _languages(config: dict[str, Any], value: Any, errors: Errors) -> None:
    if value is None:
        return
    if not isinstance(value, list) or not value or not all(one in LANGUAGES for one in value):
        errors["languages"] = _("Choose from: %s.") % ", ".join(LANGUAGES)
    else:
        config["languages"] = list(dict.fromkeys(value))


def _translations(config: dict[str, Any], value: Any, errors: Errors) -> None:
    """Texts of languages that are not offered now are kept: whoever offers one again finds them."""
    if value is None:
        return
    if not isinstance(value, dict):
        errors["texts"] = _("This must be text.")
        return
    for language in LANGUAGES:
        given = value.get(language)
        if [language] == config["languages"][:1] or not isinstance(given, dict):
            continue
        texts = {
            name: _text(given[name], MOST[place], f"texts.{language}.{name}", errors)
            for name, place in PLACES.items()
            if given.get(name) is not None
        }
        texts = {name: text for name, text in texts.items() if text}
        if texts:
            config["texts"][language] = texts


def _together(config: dict[str, Any], errors: Errors) -> None:
    """What only shows when fields are read together."""
    consent, policies = config["consent"], config["policies"]
    others = (config["texts"].get(language, {}).get("message", "") for language in config["languages"][1:])
    messages = " ".join([consent["message"], *others])
    needs_privacy = policies["enabled"] or (consent["enabled"] and PRIVACY in messages)
    needs_terms = consent["enabled"] and TERMS in messages
    if needs_privacy and not policies["privacy_url"]:
        errors["policies.privacy_url"] = _("Add the address of your privacy policy: it is shown to visitors.")
    if needs_terms and not policies["terms_url"]:
        errors["policies.terms_url"] = _("Add the address of your terms: the disclaimer links to them.")
