"""The guarded client of connections: asks the services that a project uses, over HTTP and WebSockets. No Django.

The same rule as for pages (addresses.py): TLS and public addresses, unless the operator allows more. What is looked at
is the address that the socket goes to, so that a name which leads elsewhere a second time leads nowhere. Redirects are
not followed: a key goes to the address it was given for, and to no other.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from agents.outside.addresses import NotFetched, is_public, target

CONNECT_S = 5.0
ANSWER_MOST = 32 * 1024 * 1024  # bytes of a body, or of one message
ERROR_MOST = 4096  # read of what a service says to a refusal


class Refusal(Exception):
    """The service answered, and said no. `status` is HTTP's, and so is `retry_after`."""

    def __init__(self, status: int, body: bytes = b"", retry_after: str = "") -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.retry_after = retry_after
        self.body = body  # may hold anything: for deciding, never for logs


class ServiceClient:
    """One service, for one call or one test. Connections stay open between requests; `close` ends them all."""

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str] | None = None,
        *,
        private: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`headers` go with every request; a key stands in them and nowhere else."""
        self._address = address.rstrip("/")
        self._headers = dict(headers or {})
        self._private = private
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def request(
        self, method: str, path: str, *, within_s: float, encoded: bool = False, **given: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """A request whose answer is read inside. Raises NotFetched, and Refusal for every status but 2xx.

        It is sent once. `encoded`: the path goes out sign by sign as it is given.
        `given` is aiohttp's: json, data, params, headers.
        """
        url = self._url(path)
        timeout = aiohttp.ClientTimeout(total=within_s, connect=CONNECT_S)
        try:
            to = URL(url, encoded=encoded)
            async with self._opened().request(method, to, allow_redirects=False, timeout=timeout, **given) as response:
                if not 200 <= response.status < 300:
                    said = await response.content.read(ERROR_MOST)
                    raise Refusal(response.status, said, response.headers.get("Retry-After", ""))
                yield response
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _told(error, url) from None

    async def read(self, response: aiohttp.ClientResponse, most: int = ANSWER_MOST) -> bytes:
        """The whole body. Raises NotFetched where it is longer than that, or breaks off."""
        body = bytearray()
        try:
            async for piece in response.content.iter_any():
                body += piece
                if len(body) > most:
                    raise NotFetched("NOT_HTTP", str(response.url.origin()), "too long")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _told(error, str(response.url.origin())) from None
        return bytes(body)

    async def pieces(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        """The body as it comes. Raises NotFetched where it breaks off."""
        try:
            async for piece in response.content.iter_any():
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _told(error, str(response.url.origin())) from None

    async def open_socket(
        self, path: str, *, within_s: float = CONNECT_S, **given: Any
    ) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket. Raises NotFetched, and Refusal where the handshake is refused."""
        url = self._url(path)
        try:
            async with asyncio.timeout(within_s):
                return await self._opened().ws_connect(
                    url, max_msg_size=ANSWER_MOST, timeout=aiohttp.ClientWSTimeout(ws_close=1.0), **given
                )
        except aiohttp.WSServerHandshakeError as error:
            raise Refusal(error.status) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _told(error, url) from None

    async def close(self) -> None:
        """Twice is once."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _url(self, path: str) -> str:
        url = f"{self._address}/{path.lstrip('/')}"
        asked = target(url, self._private)
        bare = asked.host.strip("[]")
        if not self._private and _is_address(bare) and not is_public(bare):  # such a one is not looked up
            raise NotFetched("PRIVATE", url)
        return url

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=self._tls or True, resolver=_Resolver(self._private), socket_factory=self._socket, limit=16
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"User-Agent": "Pickup", **self._headers},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
            self._session._retry_connection = False  # else GET, PUT and DELETE are sent again where a connection broke
        return self._session

    def _socket(self, info: Any) -> socket.socket:
        """The last door: asked for every connection, with the address it really goes to."""
        family, kind, protocol, _name, address = info
        if not self._private and not is_public(str(address[0])):
            raise PrivateAddress
        return socket.socket(family, kind, protocol)


class _Resolver(ThreadedResolver):
    """The system's. A name with one inner address among its own is refused as a whole."""

    def __init__(self, private: bool) -> None:
        super().__init__()
        self._private = private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if not self._private and not all(is_public(one["host"]) for one in found):
            raise PrivateAddress
        return found


class PrivateAddress(OSError):
    """A name led into a network where nobody of outside belongs."""


def _is_address(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


def _told(error: Exception, url: str) -> NotFetched:
    """What aiohttp says, in our few codes, and without anything that was sent."""
    kind = type(error).__name__
    inner = getattr(error, "os_error", None)
    if isinstance(error, PrivateAddress) or isinstance(inner, PrivateAddress):
        return NotFetched("PRIVATE", url)
    if isinstance(error, TimeoutError):
        return NotFetched("TOO_SLOW", url, kind)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NotFetched("UNKNOWN_NAME", url)
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return NotFetched("CERTIFICATE", url, kind)
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError | ValueError):
        return NotFetched("NOT_HTTP", url, kind)
    return NotFetched("UNREACHABLE", url, kind)
