"""Inside of other apps: their browsers refuse the microphone without asking, and the visitor is told what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.reach.visitor import Visitor

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
INSIDE = {
    "facebook": PHONE + "Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.34;FBDV/iPhone15,2]",
    "facebook on android": ANDROID + "Chrome/126.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0.49;]",
    "instagram": PHONE + "Mobile/15E148 Instagram 338.0.0.29 (iPhone15,2; iOS 17_5; en_GB)",
    "line": PHONE + "Mobile/15E148 Safari Line/14.9.0",
    "any android app": ANDROID + "Chrome/126.0 Mobile Safari/537.36",
}
SAFARI = PHONE + "Version/17.5 Mobile/15E148 Safari/604.1"
# As such apps do: there is a microphone, and nobody is asked.
REFUSE = """
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = function () {
  return Promise.reject(new DOMException('', 'NotAllowedError'));
};
"""


@pytest.mark.parametrize("app", INSIDE)
def test_inside_an_app_the_visitor_is_told_to_open_the_page_in_a_browser(
    bent: Callable[..., Visitor], demo: dict[str, Any], app: str
):
    visitor = bent(REFUSE, agent=INSIDE[app]).visit(demo["site"]["url"]).open()
    visitor.press("start")
    visitor.expect_state("blocked")

    assert visitor.reason() == "app"
    assert "Open in browser" in visitor.words()


def test_inside_an_app_that_has_no_microphones_at_all_the_card_says_so_at_once(
    bent: Callable[..., Visitor], demo: dict[str, Any]
):
    nothing = "Object.defineProperty(Navigator.prototype, 'mediaDevices', {value: undefined});"
    visitor = bent(nothing, agent=INSIDE["facebook"]).visit(demo["site"]["url"]).open()

    assert (visitor.state(), visitor.reason()) == ("blocked", "app")
    assert "Open in browser" in visitor.words()
    visitor.press("retry")
    visitor.expect_state("blocked")
    assert visitor.lines() == []


def test_in_a_browser_of_its_own_the_same_refusal_is_the_visitors(bent: Callable[..., Visitor], demo: dict[str, Any]):
    visitor = bent(REFUSE, agent=SAFARI).visit(demo["site"]["url"]).open()
    visitor.press("start")
    visitor.expect_state("blocked")

    assert visitor.reason() in ("denied", "dismissed")
    assert "Open in browser" not in visitor.words()
