"""Commands to a browser over its debugging socket: WebSocket and JSON, as both CDP and WebDriver BiDi speak them.

Written out because no library that drives today's browsers speaks to one of 2018, or to Firefox as it is packaged.
"""

import base64
import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 30  # for a machine that is busy; nothing asserts how long a thing took


class RemoteError(Exception):
    """The browser could not do what it was told, or is gone."""


class Remote:
    """One socket. Answers are handed to whoever waits for them, events to `on_event(method, params, session)`."""

    def __init__(self, url: str, on_event: Callable[[str, dict[str, Any], str], None]) -> None:
        self._on_event = on_event
        self._answers: dict[int, dict[str, Any]] = {}
        self._news = threading.Condition()
        self._last = 0
        self._gone = False
        self._socket = _connected(url)
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        with self._news:
            self._last += 1
            at = self._last
            message = {"id": at, "method": method, "params": params}
            if session:
                message["sessionId"] = session
            self._socket.sendall(_framed(json.dumps(message).encode()))
            if not self._news.wait_for(lambda: at in self._answers or self._gone, PATIENCE_S):
                raise RemoteError(f"{method}: no answer")
            answer = self._answers.pop(at, None)
        if answer is None:
            raise RemoteError(f"{method}: the browser is gone")
        if "error" in answer:
            raise RemoteError(f"{method}: {answer.get('message') or answer['error']}")
        return answer["result"]

    def close(self) -> None:
        # Where the browser has closed already there is nothing to do.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        try:
            for text in _messages(self._socket):
                message = json.loads(text)
                if message.get("id") is None:
                    self._on_event(message["method"], message["params"], message.get("sessionId", ""))
                    continue
                with self._news:
                    self._answers[message["id"]] = message
                    self._news.notify_all()
        except OSError:
            pass  # closed by either side: said below
        with self._news:
            self._gone = True
            self._news.notify_all()


def until(look: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Look again and again until there is something to see."""
    give_up = time.monotonic() + patience_s
    while not (seen := look()):
        if time.monotonic() > give_up:
            raise AssertionError(f"It never came: {what}")
        time.sleep(0.1)
    return seen


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    made = socket.create_connection((parts.hostname, parts.port), PATIENCE_S)
    key = base64.b64encode(os.urandom(16)).decode()
    made.sendall(
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _exactly(made, 1)  # not one byte of the first message
    if b" 101 " not in head.split(b"\r\n", 1)[0]:
        raise RemoteError(f"The browser refused its socket: {head.decode(errors='replace')}")
    made.settimeout(None)
    return made


def _framed(data: bytes, opcode: int = 1) -> bytes:
    """One whole masked frame, as a client has to send it."""
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", 128 | opcode, 128 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 128 | opcode, 128 | 126, size)
    else:
        head = struct.pack("!BBQ", 128 | opcode, 128 | 127, size)
    mask = os.urandom(4)
    pattern = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(data, "big") ^ int.from_bytes(pattern, "big")).to_bytes(size, "big")


def _messages(connection: socket.socket) -> Iterator[bytes]:
    parts = b""
    while True:
        first, size = _exactly(connection, 2)
        size &= 127
        if size == 126:
            (size,) = struct.unpack("!H", _exactly(connection, 2))
        elif size == 127:
            (size,) = struct.unpack("!Q", _exactly(connection, 8))
        data, opcode = _exactly(connection, size), first & 15
        if opcode == 8:
            return
        if opcode == 9:
            connection.sendall(_framed(data, 10))
        elif opcode in (0, 1):
            parts += data
            if first & 128:
                yield parts
                parts = b""


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(min(65536, size - len(data)))
        if not piece:
            raise OSError("closed")
        data += piece
    return bytes(data)
