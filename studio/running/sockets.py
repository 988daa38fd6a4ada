"""Sockets that are refused before they are accepted say why by the status of the handshake, where an application names
one; the server below knows 403 only.

A message that is too large for us ends with the documented close, where the server below would only break off.
"""

from typing import Any

from daphne.ws_protocol import ConnectionDeny, WebSocketProtocol
from twisted.web import http


class Socket(WebSocketProtocol):
    def handle_reply(self, message: dict[str, Any]) -> None:
        if message.get("type") == "websocket.close" and "status" in message and self.state == self.STATE_CONNECTING:
            status = int(message["status"])
            reason = http.RESPONSES.get(status, b"Refused").decode()
            self.handshake_deferred.errback(ConnectionDeny(code=status, reason=reason))
            return
        super().handle_reply(message)

    def _max_message_size_exceeded(self, size: int, most: int, reason: str) -> None:
        self.failByDrop = False  # a close frame of 1009; who does not answer it is hung up on a second later
        super()._max_message_size_exceeded(size, most, reason)
        self.transport.pauseProducing()  # the rest is not read: it stays where it comes from
