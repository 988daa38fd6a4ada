"""A browser that cannot call is told so where the launcher is, and nothing of the page breaks."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.reach.visitor import BUTTON, Visitor

WITHOUT_WEBRTC = "delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;"
WITHOUT_MICROPHONES = "Object.defineProperty(Navigator.prototype, 'mediaDevices', {value: undefined});"
WITHOUT_PROMISES = "delete window.Promise; delete window.fetch;"
WITHOUT_MODULES = "delete HTMLScriptElement.prototype.noModule;"
WITHOUT_SHADOWS = "delete Element.prototype.attachShadow;"
# What a browser of 2013 had, as far as a page can tell.
ANCIENT = (
    WITHOUT_WEBRTC
    + WITHOUT_MICROPHONES
    + WITHOUT_PROMISES
    + WITHOUT_MODULES
    + WITHOUT_SHADOWS
    + """
    delete window.isSecureContext; delete window.origin; delete window.crypto; delete window.CSS;
    delete Element.prototype.matches; delete Element.prototype.closest; delete Element.prototype.append;
    Object.defineProperty(Navigator.prototype, 'userActivation', {value: undefined});
    """
)


@pytest.mark.parametrize(
    "lacking",
    [WITHOUT_WEBRTC, WITHOUT_PROMISES, WITHOUT_MODULES, ANCIENT],
    ids=["webrtc", "promises", "modules", "nearly everything"],
)
def test_a_browser_that_lacks_something_gets_a_closed_launcher_that_says_why(
    bent: Callable[..., Visitor], demo: dict[str, Any], lacking: str
):
    visitor = bent(lacking).visit(demo["site"]["url"])
    launcher = visitor.launcher

    assert launcher["closed"] and launcher["words"] == "Calls need a newer browser"
    assert [round(launcher[side]) for side in ("height", "right", "bottom")] == [60, 20, 20]
    visitor.browser.click(BUTTON)
    assert visitor.browser.run("return document.querySelectorAll('iframe').length") == 0
    assert visitor.lines() == []
    assert len([line for line in visitor.lines("warning") if "Calls need a newer browser" in line]) == 1


def test_the_page_api_of_a_browser_that_lacks_everything_answers_and_leaves(
    bent: Callable[..., Visitor], demo: dict[str, Any]
):
    visitor = bent(ANCIENT).visit(demo["site"]["url"])
    visitor.browser.run("PolyphoneAPI.onEnded(function () {}); PolyphoneAPI.connectAndCall();")

    assert visitor.browser.run("return [PolyphoneAPI.isConnected(), PolyphoneAPI.getCurrentSession()]") == [False, None]
    visitor.browser.run("PolyphoneAPI.destroy()")
    assert visitor.browser.run("return document.querySelectorAll('[data-pickup], iframe').length") == 0
    assert visitor.lines() == []


def test_where_there_is_no_shadow_root_the_launcher_is_a_plain_element_and_the_card_opens(
    bent: Callable[..., Visitor], demo: dict[str, Any]
):
    visitor = bent(WITHOUT_SHADOWS).visit(demo["site"]["url"])
    launcher = visitor.launcher

    assert [round(launcher[side]) for side in ("height", "right", "bottom")] == [60, 20, 20]
    assert visitor.open().state() == "start"
    assert visitor.lines() == []


def test_a_card_whose_own_document_cannot_call_says_so(bent: Callable[..., Visitor], demo: dict[str, Any]):
    visitor = bent(f"if (window.parent !== window) {{ {WITHOUT_WEBRTC} }}").visit(demo["site"]["url"]).open()

    assert (visitor.state(), visitor.reason()) == ("unsupported", "browser")
    assert "current Chrome, Edge, Firefox or Safari" in visitor.words()


@pytest.mark.parametrize("consent", [False, True])
def test_styles_that_a_browser_of_the_floor_does_not_know_are_fallen_back_from(
    bent: Callable[..., Visitor], demo: dict[str, Any], consent: bool
):
    """Firefox 60 knows no env(): a declaration that uses it is dropped whole."""
    forget = """
    var set = CSSStyleDeclaration.prototype.setProperty;
    CSSStyleDeclaration.prototype.setProperty = function (name, value, how) {
      if (!/\\benv\\(/.test(value)) set.call(this, name, value, how);
    };
    """
    visitor = bent(forget).visit(next(one["page"] for one in demo["widgets"] if one["consent"] is consent))
    launcher = visitor.launcher

    assert [round(launcher[side]) for side in ("height", "right", "bottom")] == [60, 20, 20]
    visitor.open()
    below = visitor.browser.run(
        "var r = document.querySelector('iframe').getBoundingClientRect();"
        "return [document.documentElement.clientWidth - r.right, window.innerHeight - r.bottom].map(Math.round)"
    )
    assert below == [20, 96]
