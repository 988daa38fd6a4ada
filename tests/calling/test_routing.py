"""WebSocket paths: what is there, and what is not."""

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from calling.gateway.routing import websocket_paths


@pytest.mark.parametrize("path", ["/", "/api/v1/webrtc/signal/", "/api/v1/webrtc", "/wss", "/%ff", "/" + "x" * 5000])
async def test_a_socket_on_a_path_that_is_not_there_is_refused_in_a_line(caplog, path):
    socket = WebsocketCommunicator(URLRouter(websocket_paths), path)
    assert (await socket.connect(timeout=20))[0] is False
    await socket.wait(timeout=20)
    assert [record.levelname for record in caplog.records] == ["INFO"] and not caplog.records[0].exc_info
