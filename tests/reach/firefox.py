"""Firefox as Debian packages it, driven over WebDriver BiDi: it speaks that itself, no driver stands in between."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.reach.remote import Remote, RemoteError, until

CARD = "/frame?host="
PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    # Nothing is asked of anybody but the product.
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#none",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


def find() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A running browser with one page. `before` is a script that runs in each document before its own."""

    def __init__(self, before: str = "", **preferences: Any) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="pickup-reach-"))
        wanted = {**PREFERENCES, **{name.replace("__", "."): value for name, value in preferences.items()}}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
        (self._profile / "user.js").write_text("\n".join(lines))
        self._log = (self._profile / "stderr").open("wb")
        self._process = subprocess.Popen(
            [
                find(),
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                "--profile",
                self._profile,
                "about:blank",
            ],
            env={**os.environ, "HOME": str(self._profile), "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"},
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        self.console: list[str] = []
        endpoint = until(self._endpoint, "the browser's debugging port", 60)
        self._remote = Remote(f"{endpoint}/session", self._hear)
        session = self._remote.tell("session.new", capabilities={})
        self.version = "{browserName} {browserVersion}".format(**session["capabilities"])
        self._remote.tell("session.subscribe", events=["log.entryAdded"])
        if before:
            self._remote.tell("script.addPreloadScript", functionDeclaration=f"() => {{ {before} }}")
        self._page = self._remote.tell("browsingContext.getTree")["contexts"][0]["context"]

    def _endpoint(self) -> str:
        words = (self._profile / "stderr").read_text(errors="replace")
        if self._process.poll() is not None:
            raise RemoteError(f"Firefox ended with {self._process.returncode}: {words[-2000:]}")
        line = next((one for one in words.splitlines() if "BiDi listening on ws://" in one), "")
        return line.split()[-1] if line else ""

    def _hear(self, method: str, params: dict[str, Any], _session: str) -> None:
        if method == "log.entryAdded":
            self.console.append(f"{params['level']}: {params['text']}")

    def visit(self, url: str) -> None:
        self._remote.tell("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def run(self, body: str, *, card: bool = False) -> Any:
        """What the body of a function gives, in the page or in the card."""
        context = self._context(card)
        if not context:
            return None
        answer = self._remote.tell(
            "script.evaluate",
            expression=f"(async function () {{ {body} }})().then((value) => JSON.stringify(value))",
            target={"context": context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RemoteError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def click(self, find: str, *, card: bool = False) -> None:
        """A real press in the middle of what the expression finds."""
        rect = f"const r = ({find}).getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2];"
        x, y = self.run(rect, card=card)
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self._remote.tell("input.performActions", context=self._context(card), actions=[mouse])

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        taken = self._remote.tell("browsingContext.captureScreenshot", context=self._page)
        path.write_bytes(base64.b64decode(taken["data"]))

    def _context(self, card: bool) -> str:
        if not card:
            return self._page
        children = self._remote.tell("browsingContext.getTree", root=self._page)["contexts"][0]["children"]
        return next((one["context"] for one in children if CARD in one["url"]), "")

    def stop(self) -> None:
        self._remote.close()
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)
