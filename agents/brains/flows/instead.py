"""One part of a value in the place of another one: "Maple Grove, not Maple Drive", "nicht Weg, sondern Allee"."""

import re
from collections.abc import Iterator

_NOT_BEHIND = re.compile(r"^(?P<new>.+?)[\s,]+(?:and )?(?:not|nicht)\s+(?P<old>.+?)\W*$", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"\b(?:not|nicht)\s+(?P<old>.+?)(?:[\s,]+(?:but|sondern|it's|es ist)\s+|,\s+)(?P<new>.+?)\W*$", re.IGNORECASE
)
_MEANT = re.compile(
    r"\b(?:said|say|sagte|gesagt)\s+(?P<old>.+?)[\s,.?]+(?:but |and )?(?:i meant?|make it|ich mein\w*|aber|sondern|but)\s+(?P<new>.+?)\W*$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:\W*(?:no|sorry|wait|actually|i said|i meant|i mean|it's|it is|it should be|that's|should be|(?:the|my|our) [\w ]{2,20} (?:is|should be)"
    r"|nein|moment|ich sagte|ich meinte|es ist|das ist|es heißt|(?:die|der|meine?|unsere?) \w{2,20} (?:ist|lautet))\b\W*)+",
    re.IGNORECASE,
)
_LEAST = 2  # letters that are exchanged


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """What was said before and what is said in its place: "not five, nine", "did I say five? I meant nine"."""
    for pattern in (_NOT_FIRST, _MEANT, _NOT_BEHIND):
        if match := pattern.search(text):
            yield match["old"], match["new"]


def exchanged(value: str, text: str) -> str:
    """The value with what was said in the place of what it holds; "" where neither is told."""
    for pattern in (_NOT_FIRST, _NOT_BEHIND):
        if match := pattern.search(text):
            old, new = match["old"].strip(), _LEADS.sub("", match["new"]).strip(" ,")
            found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", value, re.IGNORECASE)
            if found and (shared := _shared(new, value[found.end() :])):
                new = new[: -len(shared)].rstrip()  # "90 Birch Avenue, not 19"
            is_long = len(old) >= _LEAST or old.isdecimal()
            if found and is_long and new and new.casefold() != old.casefold():
                return f"{value[: found.start()]}{new}{value[found.end() :]}"
    return ""


def _shared(new: str, behind: str) -> str:
    """The words at the end of what is new that stand behind the old ones already."""
    said = new.split(" ")
    for count in range(len(said) - 1, 0, -1):
        end = " ".join(said[-count:])
        if re.match(rf"\s*{re.escape(end)}(?!\w)", behind, re.IGNORECASE):
            return end
    return ""
