"""How an answer travels in writing: whole, or in chunks whose joints suit the client that puts them together again.

The published apps join chunks with one space, web clients as they come. Either way the visitor reads what was written:
chunks are cut at single spaces only, never in a line break or an indented list.
"""

import re
from collections.abc import Iterator
from typing import Any

from agents.engine.text import Written

CHUNK_CHARS = 48
JOINED_BY_SPACE = frozenset({"ios", "android"})  # platforms of the published apps

Told = tuple[str, dict[str, Any]]  # type and payload of an event
_JOINT = re.compile(r"(?<=\S) (?=\S)")


def told(
    written: Written, message_id: str, *, streams: bool, platform: str, agent_name: str, avatar_url: str
) -> list[Told]:
    """The events that bring it to a client."""
    beside = {
        "attachments": [],
        "response_suggestions": [{"message_text": chip} for chip in written.chips],
    }
    who = {"agent_name": agent_name, "avatar_url": avatar_url}
    turned = [data["language"] for name, data in written.events if name == "language_changed"]
    found: list[Told] = [("LANGUAGE_CHANGED", {"language_code": language}) for language in turned]
    if not streams:
        whole = {"message_id": message_id, "text": written.text, **beside, "chat_call_actions": []}
        return [*found, ("POLY_AGENT_MESSAGE", whole | {"end_conversation": written.ends} | who)]
    pieces = list(chunks(written.text, spaced=platform not in JOINED_BY_SPACE))
    for index, text in enumerate([*pieces, ""], 1):  # an empty one says that it is complete
        last = index > len(pieces)
        payload: dict[str, Any] = {"message_id": message_id, "text": text, "chunk_index": index, "is_complete": last}
        payload |= beside if last else {"attachments": [], "response_suggestions": []}
        if last and written.ends:
            payload["end_conversation"] = True
        found.append(("POLY_AGENT_MESSAGE_CHUNK", payload | who))
    return found


def chunks(text: str, *, spaced: bool) -> Iterator[str]:
    """Pieces of a text. `spaced`: each holds the space that follows it."""
    held = ""
    for word in _JOINT.split(text):
        if held and len(held) + 1 + len(word) > CHUNK_CHARS:
            yield held + (" " if spaced else "")
            held = word
        else:
            held = f"{held} {word}" if held else word
    if held:
        yield held
