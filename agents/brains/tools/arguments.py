"""What a tool is told: values that somebody gave, checked one by one and put into the form that its kind asks for."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from agents.brains.tools.plan import JSON, Parameter, Tool

VALUE_MOST = 500  # characters
ARGUMENTS_MOST = 100_000  # characters of what a language model wrote, before it is read
_YES, _NO = frozenset({"yes", "true", "1", "ja"}), frozenset({"no", "false", "0", "nein"})
SHAPE_MOST = 8_000  # characters of a list or an object
Value = str | int | float | bool | list[Any] | dict[str, Any]


class BadArguments(ValueError):
    """Nothing may be asked with these. `key` is the one that is wrong."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key, self.why = key, why


def checked(tool: Tool, given: Mapping[str, Any], filled: Mapping[str, str] | None = None) -> dict[str, Value]:
    """Every value that the tool knows of, in its form. `filled`: those that nobody is asked for.

    Raises BadArguments.
    """
    found: dict[str, Value] = {}
    for one in tool.parameters:
        value = (filled or {}).get(one.key, "") if one.value else given.get(one.key)
        if value is None or value == "":
            if one.required:
                raise BadArguments(one.key, "missing")
            continue
        found[one.key] = _read(one, value)
    return found


def from_json(text: str) -> dict[str, Any]:
    """Arguments as a language model writes them. Raises BadArguments."""
    if len(text) > ARGUMENTS_MOST:
        raise BadArguments("", "too long")
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise BadArguments("", "not JSON") from None
    if not isinstance(given, dict):
        raise BadArguments("", "not an object")
    return given


def _read(one: Parameter, value: Any) -> Value:
    if one.kind == JSON:
        return _shaped(one, value)
    if not isinstance(value, str | int | float | bool):
        raise BadArguments(one.key, "neither a text nor a number")
    text = str(value).strip()
    if len(text) > VALUE_MOST:
        raise BadArguments(one.key, "too long")
    if not text.isprintable():  # a line break in a value is nobody's answer, and may be the end of a header elsewhere
        raise BadArguments(one.key, "has signs that nobody says")
    match one.kind:
        case "number":
            return _number(one, text)
        case "yesno":
            if text.lower() in _YES | _NO:
                return text.lower() in _YES
            raise BadArguments(one.key, "neither yes nor no")
        case "date":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise BadArguments(one.key, "no date") from None
        case "choice":
            same = [option for option in one.options if option.casefold() == text.casefold()]
            if not same:
                raise BadArguments(one.key, "none of the choices")
            return same[0]
    return text


def _number(one: Parameter, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise BadArguments(one.key, "no number") from None
    if not math.isfinite(number):
        raise BadArguments(one.key, "no number")
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _shaped(one: Parameter, value: Any) -> Value:
    """A list or an object, as it is or written as JSON. What stands in it is the server's to check."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
        size = len(json.dumps(found, allow_nan=False))
    except (ValueError, TypeError, RecursionError):
        raise BadArguments(one.key, "not JSON") from None
    wanted = {"array": list, "object": dict}.get(str(one.shape.get("type")), (list, dict))
    if not isinstance(found, wanted):
        raise BadArguments(one.key, "of another shape")
    if size > SHAPE_MOST:
        raise BadArguments(one.key, "too long")
    shaped: Value = found
    return shaped


def shown(arguments: Mapping[str, Value]) -> dict[str, str]:
    """As they stand in an address or a sentence."""
    return {key: _shown(value) for key, value in arguments.items()}


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
