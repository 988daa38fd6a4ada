"""HTTP and WebSocket entry of the gateway process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # sets Django up; what follows needs it

from channels.routing import ProtocolTypeRouter, URLRouter

from calling.gateway.routing import websocket_paths
from studio.running.charset import Utf8
from studio.running.hosts import SocketsApart

application = ProtocolTypeRouter({"http": Utf8(http), "websocket": SocketsApart(URLRouter(websocket_paths))})
