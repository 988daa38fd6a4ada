"""Chromium of any age, driven over its debugging protocol with the commands that it has had since 2018."""

import base64
import json
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.reach.remote import Remote, RemoteError, until

CARD = "/frame?host="
FLAGS = (
    "--no-sandbox",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--mute-audio",
    # One process for page and card, so that one debugging session reaches both.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--window-size=1280,900",
)


class Chrome:
    """A running browser with one page."""

    def __init__(self, program: Path, *flags: str, before: str = "") -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="pickup-reach-"))
        self._log = (self._profile / "stderr").open("wb")
        self._process = subprocess.Popen(
            [program, *FLAGS, *flags, f"--user-data-dir={self._profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        self.console: list[str] = []
        self._contexts: dict[str, int] = {}  # of a frame
        endpoint = until(self._endpoint, "the browser's debugging port")
        self.version = json.load(urllib.request.urlopen(f"{endpoint}/json/version"))["Browser"]
        pages = json.load(urllib.request.urlopen(f"{endpoint}/json/list"))
        self._remote = Remote(next(one["webSocketDebuggerUrl"] for one in pages if one["type"] == "page"), self._hear)
        for domain in ("Page", "Runtime", "Log"):
            self._remote.tell(f"{domain}.enable")
        self._script = ""
        self.become(before)

    def become(self, before: str, agent: str = "") -> None:
        """From the next document on: a script that runs before its own, and another name for the browser."""
        if self._script:
            self._remote.tell("Page.removeScriptToEvaluateOnNewDocument", identifier=self._script)
        self._script = self._remote.tell("Page.addScriptToEvaluateOnNewDocument", source=before)["identifier"]
        self._remote.tell("Network.setUserAgentOverride", userAgent=agent)
        self.console.clear()

    def _endpoint(self) -> str:
        if self._process.poll() is not None:
            words = (self._profile / "stderr").read_text(errors="replace")[-2000:]
            raise RemoteError(f"The browser ended with {self._process.returncode}: {words}")
        # Old versions write no file, but all say it.
        for line in (self._profile / "stderr").read_text(errors="replace").splitlines():
            if line.startswith("DevTools listening on ws://"):
                return "http://" + line.split("/")[2]
        return ""

    def _hear(self, method: str, params: dict[str, Any], _session: str) -> None:
        if method == "Runtime.executionContextCreated":
            context = params["context"]
            if context.get("auxData", {}).get("isDefault"):
                self._contexts[context["auxData"]["frameId"]] = context["id"]
        elif method == "Runtime.consoleAPICalled":
            words = " ".join(str(one.get("value", one.get("description", ""))) for one in params["args"])
            self.console.append(f"{params['type']}: {words}")
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            thrown = details.get("exception", {}).get("description", "")
            self.console.append(f"error: {details['text']} {thrown}")
        elif method == "Log.entryAdded":
            entry = params["entry"]
            self.console.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}")

    def visit(self, url: str) -> None:
        self._remote.tell("Page.navigate", url=url)
        until(lambda: self.run("return location.href + document.readyState") == f"{url}complete", url)

    def run(self, body: str, *, card: bool = False) -> Any:
        """What the body of a function gives, in the page or in the card."""
        frame = self._frame(card)
        if frame not in self._contexts:
            return None
        try:
            answer = self._remote.tell(
                "Runtime.evaluate",
                expression=f"(async function () {{ {body} }})()",
                contextId=self._contexts[frame],
                awaitPromise=True,
                returnByValue=True,
            )
        except RemoteError as error:
            if "context" in str(error).lower():  # the document has just been replaced
                return None
            raise
        if "exceptionDetails" in answer:
            raise RemoteError(answer["exceptionDetails"].get("exception", {}).get("description", "thrown"))
        return answer["result"].get("value")

    def click(self, find: str, *, card: bool = False) -> None:
        """A real press in the middle of what the expression finds."""
        rect = f"const r = ({find}).getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2];"
        x, y = self.run(rect, card=card)
        if card:
            outer = "document.querySelector('iframe[allow^=microphone]').getBoundingClientRect()"
            left, top = self.run(f"const r = {outer}; return [r.left, r.top];")
            x, y = x + left, y + top
        for kind, buttons in (("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)):
            more = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1, "buttons": buttons}
            self._remote.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self._remote.tell("Page.captureScreenshot")["data"]))

    def _frame(self, card: bool) -> str:
        tree = self._remote.tell("Page.getFrameTree")["frameTree"]
        if not card:
            return tree["frame"]["id"]
        children = [child["frame"] for child in tree.get("childFrames", ())]
        return next((one["id"] for one in children if CARD in one["url"]), "")

    def stop(self) -> None:
        self._remote.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)
