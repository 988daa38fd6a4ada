"""WebSocket paths."""

from typing import Any

import structlog
from django.urls import path, re_path

from calling.gateway.chat.consumer import ChatConsumer
from calling.gateway.checking import CheckConsumer
from calling.gateway.consumers import SignalConsumer

log = structlog.get_logger(__name__)


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Any other path: refused before it is accepted. The router would raise, and the log would have it at length."""
    log.info("socket refused", code="UNKNOWN_PATH")
    await receive()
    await send({"type": "websocket.close"})


websocket_paths = [
    path("api/v1/webrtc/signal", SignalConsumer.as_asgi()),
    path("api/v1/webrtc/check", CheckConsumer.as_asgi()),
    path("ws", ChatConsumer.as_asgi()),
    re_path(r"", nowhere),
]
