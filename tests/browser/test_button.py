"""The site's own CSS reaches the button by the hooks of docs/page-api.md, and by nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import Strangers

HOOKS = """
:root { --pickup-bottom: 56px; --pickup-right: -8px; }
@media (max-width: 600px) { :root { --pickup-display: none; } }
[data-pickup=launcher]::part(button) { border-radius: 8px; background: rgb(1, 2, 3); }
[data-pickup=launcher]::part(label) { font-style: italic; }
button { border-radius: 0 !important; background: red !important; }
[data-pickup], [data-pickup] * { bottom: 0 !important; opacity: .5 !important; display: none !important; }
"""
LOOK = """() => {
  const host = document.querySelector('[data-pickup=launcher]'), button = host.shadowRoot.querySelector('button');
  const box = button.getBoundingClientRect(), seen = getComputedStyle(button);
  const label = getComputedStyle(button.querySelector('span'));
  return {
    shown: box.width > 0, right: document.documentElement.clientWidth - box.right, bottom: innerHeight - box.bottom,
    radius: seen.borderTopLeftRadius, ground: seen.backgroundColor, label: label.fontStyle,
    opacity: getComputedStyle(host).opacity,
  };
}"""


@pytest.fixture
def card(visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]) -> Iterator[Card]:
    tag = f'<style>{HOOKS}</style><script src="{demo["widgets"][0]["script"]}"></script>'
    card = Card(visitor.new_page())
    card.page.set_viewport_size({"width": 1000, "height": 700})
    card.page.goto(strangers.put("/hooks", tag, host="127.0.0.1"))
    card.launcher.wait_for()
    yield card


def test_a_site_moves_and_restyles_the_button_by_the_documented_hooks_and_prints_without_it(card: Card):
    look = card.page.evaluate(LOOK)
    assert (round(look["right"]), round(look["bottom"])) == (12, 76)
    assert (look["radius"], look["ground"], look["label"]) == ("8px", "rgb(1, 2, 3)", "italic")
    assert (look["shown"], look["opacity"]) == (True, "1")

    card.open()
    frame = card.page.locator("iframe[allow^=microphone]").bounding_box()
    assert frame is not None
    assert (round(1000 - frame["x"] - frame["width"]), round(700 - frame["y"] - frame["height"])) == (12, 152)
    card.page.emulate_media(media="print")
    card.page.wait_for_function(f"() => ({LOOK})().opacity === '0'")
    assert card.page.locator("iframe[allow^=microphone]").evaluate("e => getComputedStyle(e).opacity") == "0"
    card.page.emulate_media(media="screen")
    card.page.wait_for_function(f"() => ({LOOK})().opacity === '1'")
    card.launcher.click()

    card.page.set_viewport_size({"width": 500, "height": 700})
    card.page.wait_for_function(f"() => !({LOOK})().shown")
    assert card.errors == []
