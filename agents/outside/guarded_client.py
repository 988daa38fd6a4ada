"""The one guarded client: asks other people's servers for pages, on behalf of somebody who typed an address.

Whoever can make a server fetch can make it knock at doors that only it can reach. So: https and public addresses only;
the name is resolved once, every address it has is looked at, and the connection goes to one of exactly these (a second
resolution could say something else); each redirect starts over; time, size and the size after unpacking are limited.
STUDIO_FETCH_PRIVATE lifts the rule about addresses, and allows http, for installations inside a company's network.
"""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from agents.outside.addresses import NotFetched, Target, is_public, target
from agents.outside.origins import is_ip

BODY_MOST = 2 * 1024 * 1024
ALL_S = 10.0
CONNECT_S = 5.0
REDIRECTS_MOST = 5
ADDRESSES_MOST = 4  # tried one after the other
AT_ONCE = 4  # further ones wait, within their time
_PIECE = 64 * 1024

Resolve = Callable[[str, int], list[str]]
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")


@dataclass(frozen=True, slots=True)
class Fetched:
    url: str  # the last one, after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case
    body: bytes  # unpacked, and at most BODY_MOST of it
    cut: bool  # whether there was more

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key == name.lower()]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def text(self) -> str:
        charset = self.one("content-type").lower().partition("charset=")[2].split(";")[0].strip(" \"'")
        try:
            return self.body.decode(charset or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")


def fetch(
    url: str,
    *,
    all_s: float = ALL_S,
    most: int = BODY_MOST,
    private: bool | None = None,
    resolve: Resolve | None = None,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """GET a page. Raises NotFetched. Never call it on the event loop: it waits.

    `private`, `resolve` and `tls` stand for the setting, the system's resolver and its certificates.
    """
    job = _Job(
        deadline=time.monotonic() + all_s,
        most=most,
        private=settings.FETCH_PRIVATE if private is None else private,
        resolve=resolve or _system_resolve,
        tls=tls or ssl.create_default_context(),
    )
    # In a thread of its own, because nothing ends a name server's silence from outside.
    work = _threads.submit(job.run, url)
    try:
        return work.result(all_s + 1)
    except NotInTime:
        work.cancel()
        job.close()
        raise NotFetched("TOO_SLOW", url, "no answer") from None


def _system_resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class _Job:
    """One fetch with all its redirects, against one clock."""

    def __init__(self, *, deadline: float, most: int, private: bool, resolve: Resolve, tls: ssl.SSLContext) -> None:
        self.deadline = deadline
        self.most = most
        self.private = private
        self.resolve = resolve
        self.tls = tls
        self.late = False
        self._socket: socket.socket | None = None

    def run(self, url: str) -> Fetched:
        # A server that sends a byte now and then never runs into a socket's timeout; this ends it.
        alarm = threading.Timer(max(0.0, self.deadline - time.monotonic()), self.close)
        alarm.daemon = True
        alarm.start()
        try:
            for _hop in range(REDIRECTS_MOST + 1):
                answer = self._get(target(url, self.private))
                place = answer.one("location")
                if answer.status not in (301, 302, 303, 307, 308) or not place:
                    return answer
                url = urljoin(url, place)
            raise NotFetched("REDIRECTS", url)
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Time is up. Shutting the socket down wakes whoever reads from it."""
        self.late = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was closed just now

    def _left_s(self, url: str) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0 or self.late:
            raise NotFetched("TOO_SLOW", url)
        return left

    def _get(self, target: Target) -> Fetched:
        connection = http.client.HTTPConnection(target.host, target.port)
        response: http.client.HTTPResponse | None = None
        try:
            connection.sock = self._connect(target)
            connection.request("GET", target.path, headers=_headers(target))
            response = connection.getresponse()
            headers = tuple((name.lower(), value) for name, value in response.getheaders())
            if 300 <= response.status < 400:
                return Fetched(target.url, response.status, headers, b"", False)
            body, cut = self._body(response)
            if self.late:
                raise NotFetched("TOO_SLOW", target.url)
            return Fetched(target.url, response.status, headers, body, cut)
        except (http.client.HTTPException, zlib.error, ValueError) as error:
            code = "TOO_SLOW" if self.late else "NOT_HTTP"
            raise NotFetched(code, target.url, type(error).__name__) from None
        except TimeoutError:
            raise NotFetched("TOO_SLOW", target.url) from None
        except OSError as error:
            raise NotFetched("TOO_SLOW" if self.late else "UNREACHABLE", target.url, type(error).__name__) from None
        finally:
            self._socket = None
            connection.close()
            if response is not None:
                response.close()

    def _connect(self, target: Target) -> socket.socket:
        problem = NotFetched("UNREACHABLE", target.url)
        for address in self._addresses(target)[:ADDRESSES_MOST]:
            try:
                plain = socket.create_connection((address, target.port), min(CONNECT_S, self._left_s(target.url)))
            except OSError as error:
                problem = NotFetched("UNREACHABLE", target.url, type(error).__name__)
                continue
            self._socket = plain
            plain.settimeout(self._left_s(target.url))
            if target.scheme == "http":
                return plain
            try:
                self._socket = self.tls.wrap_socket(plain, server_hostname=target.host.strip("[]"))
                return self._socket
            except ssl.SSLCertVerificationError as error:
                plain.close()
                raise NotFetched("CERTIFICATE", target.url, error.verify_message) from None
            except OSError as error:
                plain.close()
                problem = NotFetched("UNREACHABLE", target.url, type(error).__name__)
        raise problem

    def _addresses(self, target: Target) -> list[str]:
        """Where the name leads, all of it public: a name with one inner address among them is refused as a whole."""
        bare = target.host.strip("[]")
        if is_ip(target.host):
            found = [bare]
        else:
            try:
                found = self.resolve(bare, target.port)
            except OSError:
                found = []
            self._left_s(target.url)
        if not found:
            raise NotFetched("UNKNOWN_NAME", target.url)
        if not self.private and not all(is_public(address) for address in found):
            raise NotFetched("PRIVATE", target.url)
        return found

    def _body(self, response: http.client.HTTPResponse) -> tuple[bytes, bool]:
        """At most `most` bytes, counted after unpacking; what is packed tighter than that is never unpacked."""
        packed = (response.getheader("Content-Encoding") or "").strip().lower()
        unpack: Any = None
        if packed in ("gzip", "x-gzip", "deflate"):
            unpack = zlib.decompressobj(wbits=47 if packed != "deflate" else 15)
        elif packed not in ("", "identity"):
            raise ValueError("an encoding that was not asked for")
        kept, read = bytearray(), 0
        while piece := response.read1(_PIECE):
            read += len(piece)
            kept += unpack.decompress(piece, self.most + 1 - len(kept)) if unpack else piece
            if len(kept) > self.most or read > self.most:
                return bytes(kept[: self.most]), True
        return bytes(kept), False


def _headers(target: Target) -> dict[str, str]:
    return {
        "Host": target.site,
        "User-Agent": f"Pickup site check (+{settings.PUBLIC_URL})",
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
