"""One part of a value in the place of another one: "Maple Grove, not Maple Drive", "nicht Weg, sondern Allee"."""

import re

_NOT_BEHIND = re.compile(r"^(?P<new>.+?)[\s,]+(?:and )?(?:not|nicht)\s+(?P<old>.+?)\W*$", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"\b(?:not|nicht)\s+(?P<old>.+?)[\s,]+(?:but|sondern|it's|es ist)\s+(?P<new>.+?)\W*$", re.IGNORECASE
)
_LEADS = re.compile(
    r"^(?:\W*(?:no|sorry|wait|actually|i said|i meant|i mean|it's|it is|it should be|that's|should be|nein|moment|ich sagte|ich meinte|es ist|das ist|es heißt)\b\W*)+",
    re.IGNORECASE,
)
_LEAST = 2  # letters that are exchanged


def exchanged(value: str, text: str) -> str:
    """The value with what was said in the place of what it holds; "" where neither is told."""
    for pattern in (_NOT_FIRST, _NOT_BEHIND):
        if match := pattern.search(text):
            old, new = match["old"].strip(), _LEADS.sub("", match["new"]).strip(" ,")
            found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", value, re.IGNORECASE)
            if found and len(old) >= _LEAST and new and new.casefold() != old.casefold():
                return f"{value[: found.start()]}{new}{value[found.end() :]}"
    return ""
