"""The way to a model service: the guarded client of connections, and its failures in a model's terms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from agents.brains.language_model.base import ModelError, Response
from agents.brains.language_model.wire import refusal
from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient

_REFUSED_BY_US = frozenset({"PRIVATE", "ADDRESS", "HTTPS_ONLY"})


class ServiceTransport:
    """One service. Connections stay open between requests, until `close`."""

    def __init__(self, service: Service) -> None:
        headers = {"Authorization": f"Bearer {service.key}"} if service.key else {}
        self._client = ServiceClient(service.address, headers, private=service.private)

    @asynccontextmanager
    async def post(self, path: str, body: bytes, *, within_s: float) -> AsyncIterator[Response]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        try:
            async with self._client.request("POST", path, within_s=within_s, data=body, headers=headers) as response:
                yield _Body(response)
        except Refusal as refused:
            raise refusal(refused.status, refused.body, refused.retry_after) from None
        except NotFetched as failed:
            raise _told(failed) from None

    async def close(self) -> None:
        await self._client.close()


class _Body:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.content_type = response.content_type

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except TimeoutError:
            raise ModelError("TOO_SLOW", "it went on for too long") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ModelError("UNREACHABLE", type(error).__name__) from None


def _told(failed: NotFetched) -> ModelError:
    if failed.code in _REFUSED_BY_US:
        return ModelError("NOT_ALLOWED", failed.code, permanent=True)
    if failed.code == "TOO_SLOW":
        return ModelError("TOO_SLOW", "no connection in time")
    if failed.code == "NOT_HTTP":
        return ModelError("GARBAGE", failed.detail)
    return ModelError("UNREACHABLE", f"{failed.code} {failed.detail}".strip())
