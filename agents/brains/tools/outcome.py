"""What came of a call of a tool: its answer, or why there is none, as plain values that may be said and kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.brains.tools.plan import Tool
from agents.speech.plain_text import plain

State = Literal["done", "refused", "failed", "unknown", "trial"]
# done: it answered. refused: it said no (nothing found, taken). failed: nothing was done. unknown: nobody can tell.
# trial: it was not asked, and counts as having worked.
VALUE_MOST = 200  # characters of a value that is said or kept
TEXT_MOST = 2_000  # of an answer that a language model is shown
LISTED_MOST = 5
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code`: why it failed, of docs/tools.md. `text`: the whole answer where no parts of it were chosen, shortened."""

    state: State
    values: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    status: int = 0
    ms: int = 0
    text: str = ""
    again: bool = False  # it had been done before, and was not done a second time

    def of_turn(self, name: str, key: str = "") -> dict[str, Any]:
        """What is kept with the turn; arguments and answer are kept with the call of the tool."""
        told: dict[str, Any] = {"name": name, "state": self.state, "ms": self.ms, "key": key}
        if self.code:
            told["code"] = self.code
        if self.again:
            told["again"] = True
        return told

    def to_json(self) -> dict[str, Any]:
        kept = {"state": self.state, "values": dict(self.values), "code": self.code, "status": self.status,
                "ms": self.ms, "text": self.text}  # fmt: skip
        return {name: value for name, value in kept.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], *, again: bool = True) -> "Outcome":
        known = {name: kept[name] for name in ("values", "code", "status", "ms", "text") if name in kept}
        return cls(kept["state"], again=again, **known)


def of_body(tool: Tool, body: bytes, content_type: str) -> tuple[dict[str, str], str]:
    """The chosen parts of an answer, and the whole of it, shortened. Raises ValueError where it cannot be read."""
    text = body.decode("utf-8", errors="replace")
    if not tool.fields:
        return {}, bare(text, TEXT_MOST)
    if not text.strip():
        return {}, ""
    if "json" not in content_type and not text.lstrip().startswith(("{", "[")):
        raise ValueError("the answer is not JSON")
    try:
        whole = json.loads(text)
    except RecursionError:
        raise ValueError("the answer is too deep") from None
    found = {one.key: told for one in tool.fields if (told := _told(_at(whole, one.path)))}
    return found, bare(json.dumps(whole, ensure_ascii=False), TEXT_MOST)


def bare(text: str, most: int = VALUE_MOST) -> str:
    """Without markup, and without signs that steer a screen or a terminal."""
    return " ".join(plain(_CONTROLS.sub(" ", text[: most * 4])).split())[:most]


def _at(whole: Any, path: str) -> Any:
    """What stands there; None where nothing does. "items.0.name" is the name of the first."""
    found = whole
    for part in path.split("."):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def _told(value: Any) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return bare(", ".join(filter(None, (_told(one) for one in value[:LISTED_MOST]))))
    return bare(str(value))
