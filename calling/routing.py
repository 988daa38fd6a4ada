"""WebSocket paths."""

from django.urls import path

from calling.consumers import SignalConsumer

websocket_paths = [path("api/v1/webrtc/signal", SignalConsumer.as_asgi())]
