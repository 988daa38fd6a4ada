"""A WebSocket from the browser's side, as little of RFC 6455 as tests need. It can vanish without a goodbye."""

import asyncio
import base64
import os
import struct
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Refused(ConnectionError):
    """The server let nobody in."""


class WebSocket:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.code = 1006  # with which the other end closed it, if it did

    @classmethod
    async def open(cls, url: str, **headers: str) -> "WebSocket":
        """Header names are written with _ for -. Raises OSError."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            raise Refused("closed") from None
        if " 101 " not in head.partition("\r\n")[0]:
            writer.transport.abort()
            raise Refused(head.partition("\r\n")[0])
        return cls(reader, writer)

    async def receive(self) -> str | None:
        """The next text; None when there is no more."""
        whole = b""
        try:
            while True:
                first, second = await self._reader.readexactly(2)
                length = second & 0x7F
                if length >= 126:
                    wide = await self._reader.readexactly(2 if length == 126 else 8)
                    length = int.from_bytes(wide, "big")
                data = await self._reader.readexactly(length)
                match first & 0x0F:
                    case 0x8:
                        self.code = int.from_bytes(data[:2], "big") or 1005
                        self._send(CLOSE, data[:2])
                        self._writer.close()
                        return None
                    case 0x9:
                        self._send(PONG, data)
                    case 0x0 | 0x1:
                        whole += data
                        if first & 0x80:
                            return whole.decode()
        except (asyncio.IncompleteReadError, OSError):
            return None

    def send(self, text: str) -> None:
        self._send(TEXT, text.encode())

    def vanish(self) -> None:
        self._writer.transport.abort()

    def _send(self, kind: int, data: bytes) -> None:
        if self._writer.is_closing():
            return
        length = len(data)
        size = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack("!H", length)
        mask = os.urandom(4)
        masked = bytes(each ^ mask[at % 4] for at, each in enumerate(data))
        self._writer.write(bytes([0x80 | kind]) + size + mask + masked)
