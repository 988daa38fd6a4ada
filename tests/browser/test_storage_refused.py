"""Browsers that keep nothing for pages, or nothing for frames of others: calls work, and one line says what is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.chromium import Chromium
from tests.browser.site import Strangers

LISTED = "127.0.0.1"
NOTHING_AT_ALL = {"profile": {"default_content_setting_values": {"cookies": 2}}}
NOTHING_OF_OTHERS = {"profile": {"cookie_controls_mode": 1}}
THROWS = "try { sessionStorage.length; return false; } catch (refused) { return true; }"


@pytest.fixture
def browser_that_keeps(playwright: Playwright) -> Iterator[Callable[[dict[str, Any]], Browser]]:
    started: list[Chromium] = []

    def start(preferences: dict[str, Any]) -> Browser:
        started.append(Chromium(preferences=preferences))
        return playwright.chromium.connect_over_cdp(started[0].endpoint)

    yield start
    for one in started:
        one.stop()


def opened(browser: Browser, strangers: Strangers, demo: dict[str, Any]) -> Card:
    context = browser.contexts[0]  # the profile itself: a new context would have preferences of its own
    context.add_init_script(microphone.SCRIPT)
    context.grant_permissions(["microphone"])
    card = Card(context.new_page())
    card.page.goto(strangers.put("/keeps", f'<script src="{demo["widgets"][0]["script"]}"></script>', host=LISTED))
    card.open().press("start")
    card.expect_state("in-call")
    return card


def ours(card: Card) -> list[str]:
    return [line for line in card.console if "Pickup" in line]


def test_where_nothing_is_kept_a_call_works_and_one_line_says_that_a_reload_ends_it(
    browser_that_keeps: Callable[[dict[str, Any]], Browser], strangers: Strangers, demo: dict[str, Any]
):
    card = opened(browser_that_keeps(NOTHING_AT_ALL), strangers, demo)
    for place in (card.page, card.frame):
        assert place.evaluate(f"() => {{ {THROWS} }}") is True
    card.press("end")
    card.expect_state("ended")
    card.press("restart")
    card.expect_state("in-call")

    assert len(ours(card)) == 1 and "a reload would end the call" in ours(card)[0]
    assert card.errors == []
    card.page.reload()
    card.open().expect_state("start")


def test_where_only_frames_of_others_are_kept_apart_a_reload_goes_on_with_the_call(
    browser_that_keeps: Callable[[dict[str, Any]], Browser], strangers: Strangers, demo: dict[str, Any]
):
    card = opened(browser_that_keeps(NOTHING_OF_OTHERS), strangers, demo)
    name = card.api("PolyphoneAPI.getCurrentSession().reference")
    card.page.reload()
    card.page.wait_for_function("name => (PolyphoneAPI.getCurrentSession() || {}).reference === name", arg=name)
    card.launcher.click()
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")

    assert ours(card) == [] and card.errors == []
