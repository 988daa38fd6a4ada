"""A visitor with any browser: finds the launcher, opens the card, presses what is in it, reads the console."""

from pathlib import Path
from typing import Any, Protocol

from tests.reach.remote import until

LAUNCHER = "document.querySelector('[data-pickup=launcher]')"
BUTTON = f"({LAUNCHER}.shadowRoot || {LAUNCHER}).querySelector('[data-action=open]')"
CARD = "document.querySelector('[data-state]')"

# Runs in each document before its own scripts: keeps the connection where the test can ask how much sound went through.
KEEP_CONNECTION = """(() => {
  const Native = window.RTCPeerConnection;
  if (!Native) return;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); window.__connection = this; }
  };
})()"""

SOCKET_OF_BEFORE = "/signal was interrupted while the page was loading"

PACKETS = """
  const found = {};
  if (window.__connection) (await window.__connection.getStats()).forEach((one) => {
    if (one.type === 'inbound-rtp') found.received = one.packetsReceived;
    if (one.type === 'outbound-rtp') found.sent = one.packetsSent;
  });
  return found.received > 25 && found.sent > 25;
"""


class Browser(Protocol):
    """What a test asks of a browser, whichever it is."""

    version: str
    console: list[str]

    def visit(self, url: str) -> None: ...
    def run(self, body: str, *, card: bool = False) -> Any: ...
    def click(self, find: str, *, card: bool = False) -> None: ...
    def picture(self, path: Path) -> None: ...
    def stop(self) -> None: ...


class Visitor:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def visit(self, url: str) -> "Visitor":
        self.browser.visit(url)
        return self

    def begin(self, url: str) -> "Visitor":
        """A page with a console of its own: what the page before says as it goes is not in it."""
        self.browser.visit("about:blank")
        self.browser.run("return 1")
        self.browser.console.clear()
        return self.visit(url)

    @property
    def launcher(self) -> dict[str, Any]:
        """How the launcher looks: its words and where it stands in the window."""
        return self.browser.run(
            f"const b = {BUTTON}, r = b.getBoundingClientRect(); return {{words: b.textContent, "
            "closed: b.getAttribute('aria-disabled') === 'true', width: r.width, height: r.height, "
            "right: document.documentElement.clientWidth - r.right, bottom: window.innerHeight - r.bottom}"
        )

    def open(self) -> "Visitor":
        self.browser.click(BUTTON)
        until(lambda: self.state(), "the card")
        until(
            lambda: self.browser.run("return document.querySelector('iframe').style.visibility") == "visible",
            "its show",
        )
        return self

    def state(self) -> str:
        return (
            self.browser.run(f"const card = {CARD}; return card ? card.getAttribute('data-state') : ''", card=True)
            or ""
        )

    def reason(self) -> str:
        """Empty while the card's document is still on its way."""
        return (
            self.browser.run(f"const card = {CARD}; return card ? card.getAttribute('data-reason') : ''", card=True)
            or ""
        )

    def words(self) -> str:
        return self.browser.run(f"return {CARD}.textContent", card=True)

    def press(self, action: str) -> None:
        self.browser.click(f"document.querySelector('[data-action={action}]')", card=True)

    def expect_state(self, wanted: str) -> None:
        until(lambda: self.state() == wanted, f"{wanted}, but {self.state()} {self.reason()}")

    def expect_sound(self) -> None:
        until(lambda: self.browser.run(PACKETS, card=True), "sound both ways")

    def lines(self, level: str = "error") -> list[str]:
        """What the console says of this level, but for what Firefox says, some time later, of a page that has gone."""
        return [line for line in self.browser.console if line.startswith(level) and SOCKET_OF_BEFORE not in line]
