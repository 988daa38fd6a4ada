"""Chromium as people have it: started by ourselves, attached to over its debugging port.

A browser started by Playwright has storage partitioning switched off; storage and locks then behave as nowhere else.
"""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

INSECURE_HOST = "shop.test"  # reaches this machine as localhost does, without its trust

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
    "--mute-audio",
    f"--host-resolver-rules=MAP {INSECURE_HOST} 127.0.0.1",
)


NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """A running browser with a profile of its own. `endpoint` is where to attach."""

    def __init__(self, *flags: str, preferences: dict[str, Any] | None = None) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="pickup-chromium-"))
        if preferences:
            (self._profile / "Default").mkdir()
            (self._profile / "Default" / "Preferences").write_text(json.dumps(preferences))
        self._process = subprocess.Popen(
            [find(), *FLAGS, *flags, f"--user-data-dir={self._profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.endpoint = f"http://127.0.0.1:{self._port()}"

    def _port(self) -> int:
        told = self._profile / "DevToolsActivePort"
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                raise RuntimeError(f"Chromium ended with {self._process.returncode}.")
            if told.exists() and (lines := told.read_text().split()):
                return int(lines[0])
            time.sleep(0.05)
        raise RuntimeError("Chromium did not come up in 30 s.")

    def kill(self) -> None:
        """As a crash would end it: no goodbye to anybody."""
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self._profile, ignore_errors=True)
