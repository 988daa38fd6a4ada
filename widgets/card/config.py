"""What an owner decides about a widget's looks and words: defaults and limits.

This is the form it is kept in; cleaning.py takes in what somebody sent, and look.py reads it."""

import copy
from typing import Any

from widgets.card import hours
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
ONE_OF = {
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
FLAGS = (
    *("consent.enabled", "policies.enabled", "hours.enabled", "rating", "typing", "audio_to_page"),
    *(f"chat.{name}" for name in ("unread", "minimise", "menu", "restart", "streams", "talk")),
)
ADDRESSES = ("policies.privacy_url", "policies.terms_url", "contact.url")
NUMBERS = {
    "style.offset_x": OFFSET_MOST_PX,
    "style.offset_y": OFFSET_MOST_PX,
    "chat.bubble_after_s": BUBBLE_AFTER_MOST_S,
}
PICTURES = ("style.avatar", "chat.header")


def new(kind: str = "phone", language: str = "en") -> dict[str, Any]:
    """What a widget begins with. Words that are wrong for its kind have others of ours in their place.

    `language` is the card's first, where the card has it. The words stay: texts.py reads ours in any language.
    """
    config = copy.deepcopy(DEFAULTS)
    config["kind"] = kind
    short = language.split("-")[0].lower()
    if short in LANGUAGES:
        config["languages"] = [short]
    for name, place in PLACES.items():
        put(config, place, WORDS["en"].get(f"{kind}_{name}", said(config, place)))
    return config


def said(data: Any, field: str) -> Any:
    for part in field.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def put(config: dict[str, Any], field: str, value: Any) -> None:
    section, _dot, name = field.rpartition(".")
    (config[section] if section else config)[name] = value
