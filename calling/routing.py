"""WebSocket paths."""

from django.urls import path

from calling.checking import CheckConsumer
from calling.consumers import SignalConsumer

websocket_paths = [
    path("api/v1/webrtc/signal", SignalConsumer.as_asgi()),
    path("api/v1/webrtc/check", CheckConsumer.as_asgi()),
]
