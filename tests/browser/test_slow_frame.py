"""A card that takes long, and one that cannot come: the visitor sees which at the button, and no cause is guessed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.card import Card
from tests.browser.site import Strangers

LISTED = "127.0.0.1"
FRAME = "**/frame?*"
SORRY = "Calls cannot start here right now."


@pytest.fixture
def shop(visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]) -> Card:
    card = Card(visitor.new_page())
    card.page.clock.install()
    tag = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    card.page.goto(strangers.put("/slow", tag, host=LISTED))
    return card


@pytest.fixture
def held(shop: Card) -> Iterator[list[Route]]:
    """Requests for the card that nobody answers until the test does."""
    waiting: list[Route] = []
    shop.page.route(FRAME, lambda route: waiting.append(route))
    yield waiting


def is_loading(card: Card) -> None:
    expect(card.launcher).to_have_attribute("aria-busy", "true")


def ours(card: Card) -> list[str]:
    return [line for line in card.console if "Pickup" in line]


def test_a_slow_card_is_waited_for_and_shown_as_coming(shop: Card, held: list[Route]):
    shop.launcher.click()
    is_loading(shop)
    shop.page.clock.fast_forward(120_000)
    is_loading(shop)
    assert ours(shop) == [] and len(held) == 1

    shop.launcher.click()
    expect(shop.launcher).to_have_attribute("aria-busy", "false")
    shop.launcher.click()
    is_loading(shop)
    assert len(held) == 1

    held[0].continue_()
    shop.expect_state("start")
    expect(shop.launcher).to_have_attribute("aria-busy", "false")


def test_a_command_is_answered_though_the_card_does_not_come(shop: Card, held: list[Route]):
    shop.keep_events()
    shop.page.evaluate("() => { window.told = PolyphoneAPI.connectAndCall().catch((error) => error.code); }")
    is_loading(shop)
    shop.page.clock.fast_forward(15_000)

    assert shop.page.evaluate("() => told") == "FRAME_UNREACHABLE"
    is_loading(shop)
    held[0].continue_()
    shop.expect_state("start")
    assert "onFailed" not in [name for name, _ in shop.events]


def test_a_card_that_cannot_come_is_told_at_the_button_and_the_next_press_tries_again(shop: Card):
    shop.page.route(FRAME, lambda route: route.abort())
    shop.keep_events()
    shop.page.evaluate(
        "() => document.addEventListener('load', (event) => { window.loaded = event.target.nodeName; }, true)"
    )
    shop.launcher.click()
    is_loading(shop)
    shop.page.wait_for_function("() => window.loaded === 'IFRAME'")  # the browser's own page of errors
    shop.page.clock.fast_forward(10_000)

    expect(shop.launcher).to_have_text(SORRY)
    expect(shop.launcher).to_have_attribute("aria-busy", "false")
    assert shop.launcher.get_attribute("aria-expanded") == "false"
    assert len(ours(shop)) == 1 and "Policy" not in ours(shop)[0]
    assert [args[0]["code"] for name, args in shop.events if name == "onError"] == ["FRAME_UNREACHABLE"]

    shop.page.unroute(FRAME)
    shop.launcher.click()
    shop.expect_state("start")
    expect(shop.launcher).not_to_have_text(SORRY)


def test_a_sentence_that_is_wider_than_a_phone_stays_in_its_window(shop: Card):
    shop.page.set_viewport_size({"width": 320, "height": 640})
    shop.page.route(FRAME, lambda route: route.abort())
    shop.page.evaluate(
        "() => document.addEventListener('load', (event) => { window.loaded = event.target.nodeName; }, true)"
    )
    shop.launcher.click()
    shop.page.wait_for_function("() => window.loaded === 'IFRAME'")
    shop.page.clock.fast_forward(10_000)
    expect(shop.launcher).to_have_text(SORRY)

    box = shop.launcher.bounding_box()
    assert box["x"] >= 20 and box["x"] + box["width"] <= 300
