"""A way to servers on loopback, for what is tested against real ones."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from agents.brains.language_model.base import NotSent


class _Response:
    def __init__(self, inner: aiohttp.ClientResponse) -> None:
        self._inner = inner
        self.status = inner.status
        self.headers = {name.lower(): value for name, value in inner.headers.items()}

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner.content.iter_any():
                yield chunk
        except aiohttp.ClientError as error:
            raise NotSent("UNREACHABLE", type(error).__name__) from None


class LoopbackTransport:
    async def __aenter__(self) -> "LoopbackTransport":
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float
    ) -> AsyncIterator[_Response]:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_s)
        try:
            inner = await self._session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)
        except aiohttp.ClientError as error:
            raise NotSent("UNREACHABLE", type(error).__name__) from None
        try:
            yield _Response(inner)
        finally:
            inner.close()
