"""WebKitGTK: the engine of Safari. Debian builds it without peer connections, so what it shows is the closed door."""

from typing import Any

from tests.browser.site import Strangers
from tests.reach.conftest import PICTURES
from tests.reach.visitor import Visitor


def test_webkit_without_peer_connections_gets_a_closed_launcher_in_its_corner(safari: Visitor, demo: dict[str, Any]):
    launcher = safari.visit(demo["site"]["url"]).launcher
    safari.browser.picture(PICTURES / "WebKitGTK-closed.png")

    assert safari.browser.run("return typeof window.RTCPeerConnection") == "undefined"
    assert launcher["closed"] and launcher["words"] == "Calls need a newer browser"
    assert [round(launcher[side]) for side in ("height", "right", "bottom")] == [60, 20, 20]
    assert safari.lines() == []


def test_in_webkit_the_card_is_drawn_and_says_that_it_cannot_call(
    safari: Visitor, demo: dict[str, Any], strangers: Strangers
):
    """The page pretends to have what the loader looks for; the card's own document has no such thing."""
    pretend = "<script>window.RTCPeerConnection = function () {};</script>"
    script = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    safari.visit(strangers.put("/pretend", pretend + script, host="127.0.0.1"))
    launcher = safari.launcher

    assert not launcher["closed"] and launcher["words"] == "Call us"
    safari.open()
    safari.browser.picture(PICTURES / "WebKitGTK-card.png")
    assert (safari.state(), safari.reason()) == ("unsupported", "browser")
    assert safari.lines() == []
