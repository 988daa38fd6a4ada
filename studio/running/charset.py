"""Requests are read as UTF-8, whatever they say: browsers send our forms in it, and Python knows "charsets" that crash
whoever decodes with them, before any middleware has a say."""

from collections.abc import Awaitable, Callable
from typing import Any


class Utf8:
    """Around Django: what a request's content type says of its charset is not passed on."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = [
            (name, _without_charset(value) if name == b"content-type" else value) for name, value in scope["headers"]
        ]
        await self.application({**scope, "headers": headers}, receive, send)


def _without_charset(value: bytes) -> bytes:
    kind, *parameters = value.split(b";")
    kept = [one for one in parameters if one.partition(b"=")[0].strip().lower().rstrip(b"*") != b"charset"]
    return b";".join([kind, *kept])
