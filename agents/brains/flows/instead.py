"""One part of a value in the place of another one: "Maple Grove, not Maple Drive", "nicht Weg, sondern Allee"."""

import re
from collections.abc import Callable, Iterator

_NOT_BEHIND = re.compile(r"^(?P<new>.+?)[\s,]+(?:and )?(?:not|nicht)\s+(?P<old>.+?)\W*$", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"\b(?:not|nicht)\s+(?P<old>.+?)(?:[\s,]+(?:but|sondern|it's|es ist)\s+|,\s+)(?P<new>.+?)\W*$", re.IGNORECASE
)
_MEANT = re.compile(
    r"\b(?:said|say|sagte|gesagt)\s+(?P<old>.+?)[\s,.?]+(?:but |and )?(?:i meant?|make it|ich mein\w*|aber|sondern|but)\s+(?P<new>.+?)\W*$",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"(?:^|\b(?:no|nein|actually)\W+)(?P<new>.+?)\s+(?:would be |is |wäre |ist |passt )?(?:better|besser) (?:than|als) (?P<old>.+?)\W*$",
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
    for pattern in (_NOT_FIRST, _MEANT, _NOT_BEHIND, _BETTER):
        if match := pattern.search(text):
            yield match["old"], match["new"]


def exchanged(value: str, text: str, as_read: Callable[[str], str] = str) -> str:
    """The value with what was said in the place of what it holds; "" where neither is told. `as_read`: what is new
    as its kind reads it."""
    for pattern in (_NOT_FIRST, _NOT_BEHIND):
        if match := pattern.search(text):
            old, new = match["old"].strip(), as_read(_LEADS.sub("", match["new"]).strip(" ,"))
            found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", value, re.IGNORECASE)
            if found and (shared := _shared(new, value[found.end() :])):
                new = new[: -len(shared)].rstrip()  # "90 Birch Avenue, not 19"
            if found:
                new = _without_lead(new, value[: found.start()])  # "Rosenweg 19 nicht 9"
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


def _without_lead(new: str, before: str) -> str:
    """Without the words at its beginning that stand before the old ones already."""
    said = new.split(" ")
    for count in range(len(said) - 1, 0, -1):
        if re.search(rf"(?<!\w){re.escape(' '.join(said[:count]))}\s*$", before, re.IGNORECASE):
            return " ".join(said[count:])
    return new
