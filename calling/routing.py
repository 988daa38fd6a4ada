"""WebSocket paths."""

websocket_paths: list = []
