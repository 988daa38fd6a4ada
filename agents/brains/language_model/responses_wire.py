"""The documented wire of Responses, for services that know no Chat Completions: the same question, in other words."""

from typing import Any

from agents.brains.language_model.base import Delta, Limits, Message, ModelError, Words
from agents.brains.language_model.wire import DETAIL_MOST, Habits, Reader, parsed

_COUNTED = ("input_tokens", "output_tokens")


def request(
    model: str, messages: list[Message], tools: list[dict[str, Any]] | None, limits: Limits, habits: Habits
) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "model": model,
        "input": [item for one in messages for item in _items(one)],
        "stream": True,
        "max_output_tokens": limits.tokens,
        "temperature": 0.3,
        "store": False,  # what visitors say stays with nobody
    }
    if tools:
        wanted["tools"] = [{"type": "function", **tool} for tool in tools]
    return {name: value for name, value in wanted.items() if name not in habits.without}


def _items(one: Message) -> list[dict[str, Any]]:
    if one.answers:
        return [{"type": "function_call_output", "call_id": one.answers, "output": one.content}]
    said = [{"role": one.role, "content": one.content}] if one.content else []
    calls = [
        {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
        for call in one.calls
    ]
    return [*said, *calls]


class ResponsesReader(Reader):
    """Reads one answer, event by event; events of other kinds are passed over, as the documentation says."""

    def read(self, data: str) -> list[Words]:
        event = parsed(data)
        kind = event.get("type")
        if "output" in event and kind is None:  # it does not stream
            return self._whole(event)
        if not isinstance(kind, str):
            raise ModelError("GARBAGE", "an event without a type")
        if kind == "response.output_text.delta":
            return self._said(event.get("delta"))
        if kind == "response.output_item.added":
            self._begin(event.get("output_index"), event.get("item"))
        elif kind == "response.function_call_arguments.delta":
            self._argue(self._call(event.get("output_index")), str(event.get("delta") or ""))
        elif kind in ("response.completed", "response.incomplete"):
            self._end(event.get("response"))
        elif kind in ("response.failed", "error"):
            raise ModelError("UNAVAILABLE", _reason(event))
        return []

    def finish(self) -> list[Delta]:
        if self._calls and self._reason == "stop":
            self._reason = "tool_calls"
        return super().finish()

    def _begin(self, place: Any, item: Any) -> None:
        if not isinstance(item, dict):
            raise ModelError("GARBAGE", "an item of another shape")
        if item.get("type") == "function_call":
            call = self._call(place)
            call["id"], call["name"] = str(item.get("call_id") or "")[:200], str(item.get("name") or "")[:200]
            self._argue(call, str(item.get("arguments") or ""))

    def _end(self, response: Any) -> None:
        if not isinstance(response, dict):
            raise ModelError("GARBAGE", "an end of another shape")
        self._count(response.get("usage"), _COUNTED)
        why = response.get("incomplete_details")
        cut = why.get("reason") if isinstance(why, dict) else None
        self._reason = {None: "stop", "max_output_tokens": "length"}.get(cut, str(cut))
        self.ended = True

    def _whole(self, response: dict[str, Any]) -> list[Words]:
        output = response["output"]
        if response.get("error") or not isinstance(output, list):
            raise ModelError("UNAVAILABLE", _reason({"response": response}))
        words = []
        for place, item in enumerate(output):
            self._begin(place, item)
            parts = item.get("content")
            for part in parts if isinstance(parts, list) else ():
                if isinstance(part, dict) and part.get("type") == "output_text":
                    words += self._said(part.get("text"))
        self._end(response)
        return words


def _reason(event: dict[str, Any]) -> str:
    """What it says went wrong, in one line: in the event, or in the response that it brings."""
    response = event.get("response")
    error = event.get("error") or (response.get("error") if isinstance(response, dict) else None) or event
    said = (error.get("message") or error.get("code") or "") if isinstance(error, dict) else error
    return " ".join(str(said).split())[:DETAIL_MOST]
