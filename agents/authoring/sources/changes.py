"""What differs between two readings of a source, in numbers and a few words: whose topics say something else now?"""

from collections.abc import Sequence
from typing import Any

from agents.models import SourcePage

TOLD_MOST = 10  # pages that are named
WORDS_MOST = 200  # characters of what stood and what stands there


def between(old: Sequence[SourcePage], new: Sequence[SourcePage]) -> dict[str, Any]:
    """Empty where nothing changed."""
    before, after = {row.key: row for row in old}, {row.key: row for row in new}
    added = [row for key, row in after.items() if key not in before]
    removed = [row for key, row in before.items() if key not in after]
    changed = [(before[key], row) for key, row in after.items() if key in before and before[key].mark != row.mark]
    if not (added or removed or changed):
        return {}
    told: list[dict[str, str]] = []
    for one, other in changed:
        was, now = _differing(one, other)
        told.append({"how": "changed", "title": other.title, "was": was, "now": now})
    told += [{"how": "added", "title": row.title} for row in added]
    told += [{"how": "removed", "title": row.title} for row in removed]
    return {"added": len(added), "removed": len(removed), "changed": len(changed), "pages": told[:TOLD_MOST]}


def _differing(one: SourcePage, other: SourcePage) -> tuple[str, str]:
    """The first passage that is gone, and the first that is new."""
    was = [text for _heading, text, _row in one.passages]
    now = [text for _heading, text, _row in other.passages]
    gone = next((text for text in was if text not in now), "")
    come = next((text for text in now if text not in was), "")
    return _from_difference(gone, come)


def _from_difference(gone: str, come: str) -> tuple[str, str]:
    """Both from the word on in which they differ."""
    at = 0
    for at, (a, b) in enumerate(zip(gone, come, strict=False)):  # noqa: B007
        if a != b:
            break
    start = max(gone.rfind(" ", 0, max(0, at - 40)) + 1, 0) if at > 60 else 0
    return tuple(f"{'… ' if start else ''}{text[start : start + WORDS_MOST]}" for text in (gone, come))  # type: ignore[return-value]
