"""The gateway: daphne's server on the event loop of the calls, warmed up before it opens, drained before it ends."""

import asyncio
import re
import resource
import signal
from contextlib import suppress
from typing import Any

import structlog
from daphne import server as daphne_server  # installs the reactor; before anything else of Twisted
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.urls import get_resolver

from studio.running import intake, sockets

log = structlog.get_logger(__name__)

SECRET = re.compile(r"^(/console/invitation/|/test/|/call/)[^/]+")  # whoever has such an address is let in
QUIET = ("/static/", "/healthz", "/readyz", "/health")
FILES_MOST = 65_536
LONGEST_MESSAGE_BYTES = 256 * 1024  # consumers refuse from 32 KB on, with a code; this is the outer wall


daphne_server.HTTPFactory = intake.Door  # what `Server.run` makes; it has no setting for it
daphne_server.WebSocketFactory.protocol = sockets.Socket  # … nor for this


class Server(daphne_server.Server):
    def kill_all_applications(self) -> Any:
        """A socket whose consumer has ended has no application any more; the original trips over it at the end."""
        nothing = asyncio.get_running_loop().create_future()
        nothing.set_result(None)
        for details in self.connections.values():
            details.setdefault("application_instance", nothing)
        return super().kill_all_applications()


class Gateway:
    def __init__(self) -> None:
        self.loop = daphne_server.twisted_loop
        self.server: Server | None = None
        self._warming: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    def run(self) -> int:
        """Serve until a signal comes. Returns the exit status."""
        allow_many_files()
        asyncio.set_event_loop(self.loop)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self.end)
        self._warming = self.loop.create_task(self._warm_up())
        try:
            self.loop.run_until_complete(self._warming)
        except asyncio.CancelledError:  # told to end before it had begun
            return 0
        from studio.asgi import application

        get_resolver().url_patterns  # noqa: B018 - imports every page now: a broken one is found before anybody waits
        self.server = Server(
            application=application,
            endpoints=build_endpoint_description_strings(host=settings.BIND, port=settings.PORT),
            signal_handlers=False,
            action_logger=log_access,
            websocket_max_message_size=LONGEST_MESSAGE_BYTES,
            websocket_max_frame_size=LONGEST_MESSAGE_BYTES,
            ready_callable=self._ready,
            server_name="",
        )
        self.server.run()
        log.info("gateway has ended")
        return 0 if self._ending else 1

    def _ready(self) -> None:
        from calling.gateway import prewarm

        log.info("gateway is ready", url=settings.PUBLIC_URL, port=settings.PORT)
        prewarm.at_start()

    def end(self) -> None:
        """Let running calls say goodbye, then end; asked twice, end at once."""
        if self.server is None:
            if self._warming:
                self._warming.cancel()
        elif self._ending is None:
            self._ending = self.loop.create_task(self._drain())
        else:
            self.server.stop()

    def end_soon(self) -> None:
        """`end`, from another thread."""
        with suppress(RuntimeError):  # the loop is closed: ended already
            self.loop.call_soon_threadsafe(self.end)

    async def _warm_up(self) -> None:
        """Everything a first call would otherwise wait for: models, codecs, certificate."""
        from agents.speech.providers import registry
        from calling.gateway import calls
        from calling.lines.webrtc import connection

        # What is wrong is left out, and the next engine of its kind steps in; the console works in any case.
        for problem in await registry.warm_up(settings.MODELS_DIR, settings.SPEECH):
            log.error("a speech engine is not ready; `python manage.py doctor` tells more", problem=problem)
        await connection.warm_up()
        await calls.start()

    async def _drain(self) -> None:
        from calling.gateway import calls

        assert self.server is not None
        try:
            log.info("gateway is draining")
            await calls.drain()
        finally:
            self.server.stop()


def allow_many_files() -> None:
    """Each connection is a file to the operating system, and its usual limit is for programs that open few."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_MOST if most == resource.RLIM_INFINITY else min(FILES_MOST, most)
    if allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def log_access(protocol: str, action: str, details: dict[str, Any]) -> None:
    """One line a finished request. No address of the visitor, no query string: both may be personal."""
    if protocol != "http" or action != "complete":
        return
    path = SECRET.sub(r"\1…", details["path"].split("?", 1)[0])
    if details["status"] < 400 and path.startswith(QUIET):
        return
    log.info(
        "request",
        method=details["method"],
        path=path,
        status=details["status"],
        ms=round(details["time_taken"] * 1000),
        bytes=details["size"],
    )
