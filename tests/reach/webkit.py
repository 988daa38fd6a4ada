"""WebKitGTK's MiniBrowser as Debian packages it, driven over WebDriver: Safari's engine, as near as Linux gets to it.

It wants a display: one is made that nobody sees.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.reach.remote import PATIENCE_S, RemoteError, until

# Kept by each document from its beginning: WebDriver has no word for the console.
LISTEN = """
if (!window.__said) {
  window.__said = [];
  window.addEventListener('error', (event) => window.__said.push('error: ' + event.message));
  window.addEventListener('unhandledrejection', (event) => window.__said.push('error: ' + event.reason));
}
"""


def find() -> str | None:
    """The browser itself, where driver and display are there too."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
    return str(found[0]) if found and shutil.which("WebKitWebDriver") and shutil.which("Xvfb") else None


class WebKit:
    """A running browser with one page."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="pickup-reach-"))
        self._session = ""
        read, write = os.pipe()
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._endpoint = f"http://127.0.0.1:{port}"
        home = str(self._home)
        self._log = (self._home / "stderr").open("wb")
        self._driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env={
                **os.environ,
                "DISPLAY": f":{number}",
                "HOME": home,
                "XDG_RUNTIME_DIR": home,
                "GDK_BACKEND": "x11",
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # containers have no user namespaces; pages are ours
            },
            stdout=self._log,
            stderr=self._log,
        )
        until(self._up, "the driver")
        browser = {"binary": find(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser}}
        made = self._ask("POST", "/session", capabilities=wanted)
        self._session = f"/session/{made['sessionId']}"
        self.version = "{browserName} {browserVersion}".format(**made["capabilities"])
        self._ask("POST", "/window/rect", width=1280, height=900)

    def _up(self) -> bool:
        try:
            return self._ask("GET", "/status")["ready"]
        except OSError:
            return False

    def _ask(self, method: str, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self._endpoint}{self._session}{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = json.load(error)["value"]
            raise RemoteError(f"{method} {path}: {said['error']} {said['message']}") from None

    @property
    def console(self) -> list[str]:
        return self.run("return window.__said || []")

    def visit(self, url: str) -> None:
        self._ask("POST", "/url", url=url)
        self.run(LISTEN)

    def run(self, body: str, *, card: bool = False) -> Any:
        """What the body of a function gives, in the page or in the card."""
        if not self._enter(card):
            return None
        return self._ask("POST", "/execute/sync", script=f"return (async function () {{ {body} }})()", args=[])

    def click(self, find: str, *, card: bool = False) -> None:
        """A real press in the middle of what the expression finds."""
        rect = f"const r = ({find}).getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2];"
        x, y = self.run(rect, card=card)
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "origin": "viewport"},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self._enter(card)
        self._ask("POST", "/actions", actions=[mouse])

    def picture(self, path: Path) -> None:
        self._enter(False)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def _enter(self, card: bool) -> bool:
        self._ask("POST", "/frame", id=None)
        if not card:
            return True
        frames = self._ask("POST", "/elements", using="css selector", value="iframe[allow^=microphone][src]")
        if frames:
            self._ask("POST", "/frame", id=frames[0])
        return bool(frames)

    def stop(self) -> None:
        if self._session:
            self._ask("DELETE", "")
        for process in (self._driver, self._display):
            process.terminate()
            process.wait(10)
        self._log.close()
        shutil.rmtree(self._home, ignore_errors=True)
