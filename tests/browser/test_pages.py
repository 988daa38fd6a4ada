"""The button on pages that are not made for it, and the card for people who cannot see it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import ROOT, Product, Strangers

LISTED = "127.0.0.1"  # the demo's domain, whatever the port
HOSTILE = """<style>
div, iframe, button, span, svg { all: unset !important; display: none !important; transform: rotate(3deg) !important;
  filter: blur(4px) !important; opacity: 0 !important; z-index: -1 !important; font-size: 80px !important }
</style>"""
AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe*.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def tag(demo: dict[str, Any]) -> str:
    return f'<script src="{demo["widgets"][0]["script"]}"></script>'


def test_a_strict_policy_that_names_only_our_origin_is_enough(
    visitor: BrowserContext, product: Product, strangers: Strangers, tag: str
):
    policy = f"default-src 'none'; script-src {product.url}; frame-src {product.url}"
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/strict", tag, host=LISTED, Content_Security_Policy=policy))
    card.open().press("start")
    card.expect_state("in-call")

    assert card.console == [] and card.errors == []


def test_a_page_whose_styles_reach_everything_does_not_reach_button_and_card(
    visitor: BrowserContext, strangers: Strangers, tag: str
):
    card = Card(visitor.new_page())
    card.page.set_viewport_size({"width": 1280, "height": 720})
    card.page.goto(strangers.put("/hostile", HOSTILE + tag, host=LISTED))
    card.page.evaluate("() => document.fonts.ready")
    assert card.launcher.bounding_box()["height"] == 60
    card.open()

    found = card.page.locator("iframe").bounding_box()
    assert (found["width"], found["height"]) == (360, 520)
    looks = "e => { const s = getComputedStyle(e); return [s.opacity, s.transform, s.filter, s.zIndex]; }"
    assert card.page.locator("iframe").evaluate(looks) == ["1", "none", "none", "10000"]
    assert card.page.locator("[data-pickup]").evaluate(looks) == ["1", "none", "none", "10000"]


def test_calls_made_before_the_script_is_there_are_kept(visitor: BrowserContext, strangers: Strangers, tag: str):
    written = (ROOT / "docs" / "page-api.md").read_text()
    stub = next(line for line in written.splitlines() if "new Proxy" in line)
    early = """<script>window.heard = []; PolyphoneAPI.onReady(() => heard.push('ready'));
      PolyphoneAPI.onConnecting(() => heard.push('connecting')); PolyphoneAPI.connectAndCall();</script>"""
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/early", stub + early + tag.replace("<script", "<script async"), host=LISTED))
    # Nobody has touched the page yet, so it asks for one press.
    card.expect_state("start")
    card.press("start")
    card.expect_state("in-call")

    assert card.page.evaluate("() => heard") == ["ready", "connecting"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_from_consent_to_the_end(
    new_visitor: Callable[..., BrowserContext], demo: dict[str, Any], theme: str
):
    card = Card(new_visitor(color_scheme=theme).new_page())
    card.page.goto(demo["widgets"][1]["page"])

    def broken() -> list[Any]:
        card.hold_still()
        found = card.frame.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
        return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]

    card.open()
    card.frame.evaluate(AXE.read_text() + ";0")
    assert broken() == []
    card.press("consent")
    card.expect_state("in-call")
    card.switch_captions()
    assert broken() == []
    card.press("end")
    card.expect_state("ended")
    assert broken() == []
