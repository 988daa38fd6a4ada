"""WebSocket paths."""

from django.urls import path

from calling.gateway.checking import CheckConsumer
from calling.gateway.consumers import SignalConsumer

websocket_paths = [
    path("api/v1/webrtc/signal", SignalConsumer.as_asgi()),
    path("api/v1/webrtc/check", CheckConsumer.as_asgi()),
]
