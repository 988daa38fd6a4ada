"""What a chat knows of page and visitor beside the words: what page or app told, what their site signed, and in which
words the widget greets. Within the transaction of a step that holds the chat."""

import json
from typing import Any

from calling.lines.context import Context
from calling.models import Chat, ChatEvent
from calling.record import identity
from calling.record.store import chat_limits
from calling.record.store import chat_rows as rows
from widgets.admission import limits, vouched
from widgets.card import look, texts

NAMES_MOST = 50  # of the page's data, in all


def of(chat: Chat) -> dict[str, Any]:
    """All of it by name; what was signed wins over what anybody can write."""
    return chat.page | (chat.vault or {})


def keep(chat: Chat, about: Context) -> None:
    """Keep what was told. A signed context takes the place of the one before; one that is not good changes nothing."""
    if not about:
        return
    size = 2 * len(json.dumps(about.data)) + len(about.token) + chat_limits.ROW_BYTES  # in the chat, and as an event
    chat_limits.check_length(chat, size)
    limits.draw(limits.of_visitor("message", chat.visitor))
    chat_limits.draw(chat, size)
    if about.data:
        room = NAMES_MOST - len(chat.page)
        new = [name for name in about.data if name not in chat.page][room:]
        chat.page = chat.page | {name: value for name, value in about.data.items() if name not in new}
        _note(chat, "page_info", {"text": "", "data": about.data})
    if about.token:
        _keep_signed(chat, about.token)
    chat.kept_bytes += size
    chat.save(update_fields=["page", "vault", "kept_bytes"])


def _keep_signed(chat: Chat, token: str) -> None:
    start = ChatEvent.objects.filter(chat=chat, type="SESSION_START").first()
    context_id = start.payload.get("context_id", "") if start else ""
    if chat.widget is None:
        return
    try:
        chat.vault = vouched.read(chat.widget, token, context_id)
    except vouched.NotVouched as refused:
        _note(chat, "context_refused", {"why": refused.why})
    else:
        _note_signed(chat)


def arrived(chat: Chat) -> None:
    """The agent has come: what was told before it did is written down now."""
    if chat.page:
        _note(chat, "page_info", {"text": "", "data": chat.page})
    if chat.vault is not None:
        _note_signed(chat)


def _note_signed(chat: Chat) -> None:
    """The record has the names of what was signed; who the visitor is stands beside it, to be found by."""
    _note(chat, "context_verified", {"names": sorted(chat.vault or {})})
    if chat.conversation is not None:
        identity.keep(chat.conversation, chat.vault or {})


def _note(chat: Chat, name: str, data: dict[str, Any]) -> None:
    """In the conversation; what comes before the agent has no place there yet."""
    if chat.conversation is not None:
        rows.note(chat.conversation, name, rows.second(chat.conversation), data)


def greeting(chat: Chat) -> str:
    """The widget's own in the chat's language, with its variables; empty where it has none."""
    widget = chat.widget
    if widget is None:
        return ""
    held = look.read(widget.published if widget.published is not None else widget.draft)
    offered = texts.possible(held)
    languages = (chat.language if chat.language in offered else offered[0], held.languages[0])
    return next((text for one in languages if (text := texts.written(held, one, "greeting"))), "")
