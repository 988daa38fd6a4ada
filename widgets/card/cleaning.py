"""What somebody sent as a widget's configuration, made into one that may be kept, or what is wrong with it."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from widgets.card import hours, paths
from widgets.card.config import (
    ADDRESSES,
    FLAGS,
    KINDS,
    LANGUAGES,
    MOST,
    NUMBERS,
    ONE_OF,
    PHONE_MOST,
    PICTURES,
    PLACES,
    PRIVACY,
    QUESTION_MOST,
    QUESTIONS_MOST,
    TERMS,
    URL_MOST,
    new,
    put,
    said,
)

# Characters that turn the reading direction around, or cannot be seen, have no place in a label.
_UNSEEN = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufeff]")

Errors = dict[str, str]


def clean(data: Any) -> tuple[dict[str, Any], Errors]:
    """The configuration to keep, with defaults where nothing was said, and errors by field ("words.welcome").

    Fields nobody knows are dropped. A configuration with errors must not be kept.
    """
    errors: Errors = {}
    kind = said(data, "kind")
    config = new(kind if kind in KINDS else KINDS[0])
    for field, most in MOST.items():
        value = said(data, field)
        if value is not None:
            put(config, field, _text(value, most, field, errors))
    for field, choices in ONE_OF.items():
        value = said(data, field)
        if value is not None:
            put(config, field, value)
            if value not in choices:
                errors[field] = _("Choose one of: %s.") % ", ".join(choices)
    for field in FLAGS:
        value = said(data, field)
        if value is not None:
            put(config, field, value)
            if not isinstance(value, bool):
                errors[field] = _("This is either on or off.")
    for field in ADDRESSES:
        value = said(data, field)
        if value is not None:
            put(config, field, _address(value, field, errors))
    _colour(config, "brand", said(data, "style.brand"), errors)
    _colour(config, "call", said(data, "style.call"), errors, may_be_none=True)
    for field, most in NUMBERS.items():
        _number(config, field, said(data, field), most, errors)
    _phone(config, said(data, "contact.phone"), errors)
    _pages(config, data, errors)
    _hours(config, data, errors)
    for field in PICTURES:
        _picture(config, field, said(data, field), errors)
    _languages(config, said(data, "languages"), errors)
    _translations(config, said(data, "texts"), errors)
    if not errors:
        _together(config, errors)
    return config, errors


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
    put(config, field, value)
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
        value = said(data, f"pages.{name}")
        if value is None:
            continue
        try:
            config["pages"][name] = "\n".join(paths.read(value))
        except (AttributeError, ValueError):
            config["pages"][name] = value if isinstance(value, str) else ""
            errors[f"pages.{name}"] = _("Write one path a line, such as /contact or /shop/*; at most 20 lines.")


def _hours(config: dict[str, Any], data: Any, errors: Errors) -> None:
    zone = said(data, "hours.zone")
    if zone is not None:
        config["hours"]["zone"] = zone
        if zone not in hours.zones():
            errors["hours.zone"] = _("Choose a time zone from the list.")
    for day in hours.DAYS:
        value = said(data, f"hours.{day}")
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
    put(config, field, value if isinstance(value, str) else "")
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
