"""The OpenAPI document as a page that people can read: made on the server, no script, nothing of another host."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

DESCRIBED = "calling.gateway.chat.described"


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    socket = "ws" + settings.PUBLIC_URL.removeprefix("http") + "/ws"
    return render(
        request, "widgets/api.html", {"operations": operations(), "url": settings.PUBLIC_URL, "socket": socket}
    )


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; the same as long as the process lives."""
    made: dict[str, Any] = SchemaGenerator(urlconf=DESCRIBED).get_schema(request=None, public=True)
    return made


def operations() -> list[dict[str, Any]]:
    schema = document()
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "headers": [
                (one["name"], one.get("description", ""))
                for one in operation.get("parameters", ())
                if one["in"] == "header"
            ],
            "bearer": bool(operation.get("security") and any(operation["security"])),
            "fields": _fields(schema, operation.get("requestBody", {})),
            "answers": [(status, _fields(schema, answer)) for status, answer in operation["responses"].items()],
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def _fields(schema: dict[str, Any], holder: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, kind, choices and meaning of each field of a JSON body."""
    body = holder.get("content", {}).get("application/json", {}).get("schema", {})
    body = _resolved(schema, body)
    return [
        {
            "name": name,
            "kind": _resolved(schema, field).get("type", "string"),
            "choices": [one for one in _choices(schema, field) if one],
            "default": field.get("default", ""),
            "meaning": field.get("description", "").partition("\n")[0] if "allOf" not in field else "",
        }
        for name, field in body.get("properties", {}).items()
    ]


def _choices(schema: dict[str, Any], field: dict[str, Any]) -> list[str]:
    several = [field, *field.get("allOf", ()), *field.get("oneOf", ())]
    return [choice for one in several for choice in _resolved(schema, one).get("enum", ())]


def _resolved(schema: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    name = held.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else held
    return found
