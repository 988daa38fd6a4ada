"""The real product under test, started as its README says, and pages of strangers that carry its tag."""

import atexit
import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "only-for-browser-tests"  # of the demo's user
READY_S = 120
MODELS = os.environ.get("STUDIO_MODELS_DIR", str(ROOT / "data" / "models"))

T = TypeVar("T")


def until(look: Callable[[], T | None], patience_s: float = 60) -> T:
    """Look again and again until there is something to see."""
    give_up = time.monotonic() + patience_s
    while not (seen := look()):
        if time.monotonic() > give_up:
            raise AssertionError("It never came.")
        time.sleep(0.2)
    return seen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@functools.cache
def prepared() -> Path:
    """Data with tables and the demo project as `serve --demo` makes them, once a process: products begin with a copy.

    Made with scripted speech, on a port of nobody's: neither is kept with it.
    """
    folder = Path(tempfile.mkdtemp(prefix="pickup-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "DJANGO_"))}
    environment = {
        **kept,
        "STUDIO_DATA_DIR": str(folder),
        "STUDIO_MODELS_DIR": MODELS,
        "STUDIO_DEMO_PASSWORD": PASSWORD,
        "STUDIO_SPEECH": "scripted",
    }
    code = "from django.core.management import call_command as call; from studio import demo; " + (
        "call('migrate', verbosity=0); call('collectstatic', interactive=False, verbosity=0); demo.make()"
    )
    start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'studio.settings'; django.setup(); "
    done = subprocess.run(
        [sys.executable, "-c", start + code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"The demo could not be prepared.\n{done.stderr}")
    return folder


class Product:
    """Gateway and worker on a free port, with data of their own and the demo project."""

    def __init__(self, **settings: str) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="pickup-browser-"))
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.site = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "DJANGO_"))}
        self._environment = {
            **kept,
            "STUDIO_DATA_DIR": str(self.data),
            "STUDIO_MODELS_DIR": MODELS,
            "STUDIO_PORT": str(self.port),
            "STUDIO_DEMO_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self._log = self.data / "output.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Product":
        if "DATABASE_URL" not in self._environment and not (self.data / "pickup.sqlite3").exists():
            shutil.copytree(prepared(), self.data, dirs_exist_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--demo"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        give_up = time.monotonic() + READY_S
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError(f"The product did not come up.\n{self.output()}")
            time.sleep(0.2)
        return self

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)

    def output(self, lines: int = 80) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:]) if self._log.exists() else ""

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed.\n{done.stderr}")
        return done.stdout

    def demo(self) -> dict[str, Any]:
        return json.loads(self.manage("demo", "--json"))

    def conversations(self) -> list[dict[str, Any]]:
        return json.loads(self.manage("conversations", "--json"))

    def conversation(self, reference: str) -> dict[str, Any]:
        return next(one for one in self.conversations() if one["reference"] == reference)

    def recording(self, reference: str) -> str:
        """How far the recording of a conversation is."""
        found = self.conversation(reference)
        return found["recording"]["status"] if found["recording"] else ""

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
            return json.load(answer)


class Strangers:
    """A web server for pages of other people's sites: any *.localhost name reaches it."""

    def __init__(self) -> None:
        pages: dict[str, tuple[str, dict[str, str]]] = {"/favicon.ico": ("", {})}
        self._pages = pages

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = pages.get(self.path.partition("?")[0])
                self.send_response(200 if found else 404)
                body, headers = found or ("", {})
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port = self._server.server_address[1]

    def put(self, path: str, body: str, host: str = "shop.localhost", **headers: str) -> str:
        """Puts a page up and says where it is. Header names are written with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[path] = (f"<!doctype html><html lang=en><title>A shop</title><body><h1>A shop</h1>{body}", named)
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: str, kind: str = "text/html") -> str:
        """A file as it is, on every host; its path."""
        self._pages[path] = (body, {"Content-Type": f"{kind}; charset=utf-8"})
        return path

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
