"""The documented wire of Chat Completions: what is sent, and how what comes back is read. No network in it.

Services differ in what they take: an option that one refuses by name is left out or renamed for it from then on.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from agents.brains.language_model.base import Delta, Done, Limits, Message, ModelError, ToolCall, Usage, Words

END = "[DONE]"
DETAIL_MOST = 200  # characters of what a service says about a refusal
_CHARACTERS_A_TOKEN = 4  # where a service does not count
_TOOLS_MOST = 16  # calls in one answer …
_PLACES_MOST = 128  # … and its parts
_RENAMED = {"max_tokens": "max_completion_tokens"}


@dataclass(slots=True)
class Habits:
    """What a service was found not to take."""

    without: set[str] = field(default_factory=set)
    renamed: set[str] = field(default_factory=set)
    responses: bool = False  # it is asked over the other wire (responses_wire.py): it knows no Chat Completions

    def learn(self, refusal: str, sent: dict[str, Any]) -> bool:
        """From the words of a refusal. True: it is worth asking again."""
        for option, other in _RENAMED.items():
            if option in sent and option in refusal:
                self.renamed.add(option)
                self.without.discard(other)
                return True
        for option in ("stream_options", "temperature", "max_completion_tokens", "max_output_tokens", "store"):
            if option in sent and option in refusal:
                self.without.add(option)
                return True
        return False


def request(
    model: str, messages: list[Message], tools: list[dict[str, Any]] | None, limits: Limits, habits: Habits
) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "model": model,
        "messages": [_message(one) for one in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": limits.tokens,
        "temperature": 0.3,
    }
    if tools:
        wanted["tools"] = [{"type": "function", "function": tool} for tool in tools]
    named = {_RENAMED[name] if name in habits.renamed else name: value for name, value in wanted.items()}
    return {name: value for name, value in named.items() if name not in habits.without}


def _message(one: Message) -> dict[str, Any]:
    sent: dict[str, Any] = {"role": one.role, "content": one.content}
    if one.calls:
        sent["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in one.calls
        ]
    if one.answers:
        sent["tool_call_id"] = one.answers
    return sent


def refusal(status: int, body: bytes, retry_after: str) -> ModelError:
    """What a status other than 200 means."""
    detail = f"{status} {what_it_says(body)}".strip()
    if status in (401, 403):
        return ModelError("KEY_REFUSED", detail, permanent=True, status=status)
    if status == 404:
        return ModelError("NOT_FOUND", detail, permanent=True, status=status)
    if status == 429:
        return ModelError("TOO_MANY", detail, status=status, retry_after_s=_seconds(retry_after))
    if status == 408 or status >= 500:
        return ModelError("UNAVAILABLE", detail, status=status, retry_after_s=_seconds(retry_after))
    if 300 <= status < 400:
        return ModelError("NOT_ALLOWED", f"{status} it points elsewhere", permanent=True, status=status)
    return ModelError("NOT_UNDERSTOOD", detail, permanent=True, status=status)


class Reader:
    """Reads one answer, event by event."""

    def __init__(self, limits: Limits, asked_characters: int) -> None:
        self._limits = limits
        self._asked = asked_characters
        self._written = 0
        self._arguments = 0
        self._usage: Usage | None = None
        self._reason = ""
        self._calls: dict[int, dict[str, str]] = {}
        self.ended = False

    def read(self, data: str) -> list[Words]:
        """The words in one event. Raises ModelError."""
        if data.strip() == END:
            self.ended = True
            return []
        event = parsed(data)
        if event.get("error"):
            raise ModelError("UNAVAILABLE", what_it_says(data.encode()))
        self._count(event.get("usage"))
        choices = event.get("choices")
        if not isinstance(choices, list):
            raise ModelError("GARBAGE", "no choices")
        if not choices:  # the last one, with what it cost
            return []
        choice = choices[0]
        delta = (choice.get("delta") or choice.get("message") or {}) if isinstance(choice, dict) else None
        if not isinstance(delta, dict):
            raise ModelError("GARBAGE", "a choice of another shape")
        self._reason = str(choice.get("finish_reason") or self._reason)
        self._take_calls(delta.get("tool_calls"))
        return self._said(delta.get("content"))

    def _said(self, text: Any) -> list[Words]:
        if not text:
            return []
        if not isinstance(text, str):
            raise ModelError("GARBAGE", "content that is no text")
        self._written += len(text)
        if self._written > self._limits.characters:
            raise ModelError("TOO_LARGE", f"over {self._limits.characters} characters")
        return [Words(text)]

    def finish(self) -> list[Delta]:
        """What is known at the end of the body. Raises ModelError where that came too soon."""
        if not self.ended and not self._reason:
            raise ModelError("CUT", "no end was sent")
        calls = [ToolCall(one["id"], one["name"], one["arguments"]) for _, one in sorted(self._calls.items())]
        return [*calls, Done(self._reason or "stop", self.usage)]

    @property
    def began(self) -> bool:
        """Is there a first word, or the beginning of a tool's call?"""
        return bool(self._written or self._calls)

    @property
    def usage(self) -> Usage:
        """What it has cost so far."""
        if self._usage is not None:
            return self._usage
        return Usage(
            -(-self._asked // _CHARACTERS_A_TOKEN),
            -(-(self._written + self._arguments) // _CHARACTERS_A_TOKEN),
            estimated=True,
        )

    def _count(self, usage: Any, names: tuple[str, str] = ("prompt_tokens", "completion_tokens")) -> None:
        if isinstance(usage, dict):
            read, written = (usage.get(name) for name in names)
            if isinstance(read, int) and isinstance(written, int) and read >= 0 and written >= 0:
                self._usage = Usage(read, written)

    def _take_calls(self, pieces: Any) -> None:
        for piece in pieces if isinstance(pieces, list) else ():
            function = piece.get("function") if isinstance(piece, dict) else None
            if not isinstance(function, dict):
                raise ModelError("GARBAGE", "a tool call of another shape")
            call = self._call(piece.get("index", 0))
            call["id"] = str(piece.get("id") or call["id"])[:200]
            call["name"] = (call["name"] + str(function.get("name") or ""))[:200]
            self._argue(call, str(function.get("arguments") or ""))

    def _call(self, index: Any) -> dict[str, str]:
        if not isinstance(index, int) or not 0 <= index < _PLACES_MOST:
            raise ModelError("TOO_LARGE", "a tool call at an impossible place")
        call = self._calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        if len(self._calls) > _TOOLS_MOST:
            raise ModelError("TOO_LARGE", f"over {_TOOLS_MOST} tool calls")
        return call

    def _argue(self, call: dict[str, str], more: str) -> None:
        self._arguments += len(more)
        if self._arguments > self._limits.arguments:
            raise ModelError("TOO_LARGE", f"over {self._limits.arguments} characters of arguments")
        call["arguments"] += more


def parsed(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (json.JSONDecodeError, RecursionError):
        raise ModelError("GARBAGE", "not JSON") from None
    if not isinstance(event, dict):
        raise ModelError("GARBAGE", "not an object")
    return event


def what_it_says(body: bytes) -> str:
    """What a service says about its refusal, in one line."""
    text = body.decode("utf-8", errors="replace")
    try:
        error = json.loads(text)["error"]
        text = str(error.get("message") or error.get("code") or "") if isinstance(error, dict) else str(error)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return " ".join(text.split())[:DETAIL_MOST]


def _seconds(header: str) -> float | None:
    """Of a Retry-After in seconds; dates are not read: no call waits for one."""
    try:
        found = float(header)
    except ValueError:
        return None
    return found if 0 <= found < 86_400 else None
