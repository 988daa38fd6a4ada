"""One call per browser, across tabs, windows and widgets; tabs that die; pages that come back from the cache."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from tests.browser.card import Card
from tests.browser.site import Strangers

LISTED = "127.0.0.1"
KEY = "POLY_AI_POLYPHONE_CALL_ACTIVE"
WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"


@pytest.fixture
def shop(strangers: Strangers, demo: dict[str, Any]) -> str:
    return strangers.put("/tabs", f'<script src="{demo["widgets"][0]["script"]}"></script>', host=LISTED)


def calling(page: Page, address: str) -> Card:
    card = Card(page)
    card.page.goto(address)
    card.open().press("start")
    card.expect_state("in-call")
    return card


def window(context: BrowserContext, opener: Page, address: str) -> Card:
    with context.expect_page() as opened:
        opener.evaluate("url => { window.open(url, '_blank', 'popup,noopener,width=700,height=700'); }", address)
    card = Card(opened.value)
    card.page.wait_for_load_state()
    return card


def test_another_window_says_that_there_is_a_call_and_moves_it_over(visitor: BrowserContext, shop: str):
    first = calling(visitor.new_page(), shop)
    name = first.api("PolyphoneAPI.getCurrentSession().reference")
    second = window(visitor, first.page, shop)
    second.keep_events()
    second.open().expect_state("elsewhere", reason="tab")
    assert "Call active in another tab" in second.frame.locator(".card").inner_text()

    second.press("move")
    second.expect_state("in-call")
    first.expect_state("elsewhere")
    assert second.api("PolyphoneAPI.getCurrentSession().reference") == name
    mirror = second.page.evaluate(f"() => JSON.parse(localStorage.getItem('{KEY}'))")
    assert sorted(mirror) == ["at", "tab"]
    second.press("end")
    second.expect_state("ended")
    assert second.page.evaluate(f"() => localStorage.getItem('{KEY}')") is None
    first.expect_state("start")


def test_another_widget_of_the_same_site_counts_too_and_can_take_the_call_over(
    visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any], shop: str
):
    first = calling(visitor.new_page(), shop)
    name = first.api("PolyphoneAPI.getCurrentSession().reference")
    other = Card(visitor.new_page())
    tag = f'<script src="{demo["widgets"][1]["script"]}"></script>'
    other.page.goto(strangers.put("/other-widget", tag, host=LISTED))
    other.keep_events()
    other.open().expect_state("elsewhere", reason="tab")
    other.press("move")
    other.expect_state("in-call")
    first.expect_state("elsewhere")
    assert other.api("PolyphoneAPI.getCurrentSession().reference") == name


def test_the_key_is_renewed_while_the_call_lasts(visitor: BrowserContext, shop: str):
    other = Card(visitor.new_page())
    other.page.goto(shop)
    other.page.evaluate(
        f"""() => {{
          window.told = [];
          addEventListener('storage', (event) => {{
            if (event.key === '{KEY}') told.push(JSON.parse(event.newValue));
          }});
        }}"""
    )
    card = calling(visitor.new_page(), shop)

    other.page.wait_for_function("() => told.length >= 2")
    told = other.page.evaluate("() => told")
    assert {one["tab"] for one in told} == {told[0]["tab"]} and told[1]["at"] > told[0]["at"]
    card.press("end")
    other.page.wait_for_function("() => told[told.length - 1] === null")


@pytest.mark.parametrize("locks", [True, False], ids=["with locks", "without locks"])
@pytest.mark.parametrize("death", ["closed", "crashed"])
def test_a_tab_that_dies_in_a_call_blocks_no_other_for_long(
    visitor: BrowserContext, shop: str, death: str, locks: bool
):
    if not locks:
        visitor.add_init_script(WITHOUT_LOCKS)
    first = calling(visitor.new_page(), shop)
    second = Card(visitor.new_page())
    second.page.goto(shop)
    second.open().expect_state("elsewhere", reason="tab")

    if death == "closed":
        first.page.close()
    else:
        with pytest.raises(Error):
            first.page.goto("chrome://crash")

    second.expect_state("start")
    second.press("start")
    second.expect_state("in-call")
    second.press("end")
    second.expect_state("ended")


def untouched(card: Card) -> None:
    card.launcher.wait_for()


def hovered(card: Card) -> None:
    card.launcher.hover()
    assert card.frame


def opened(card: Card) -> None:
    card.open()


def called(card: Card) -> None:
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    card.press("minimise")


SHOWN = "addEventListener('pageshow', (event) => { window.shown = event.persisted; });"


@pytest.mark.parametrize("stage", [untouched, hovered, opened, called])
def test_a_page_with_the_button_comes_back_from_the_browsers_cache_and_works(
    visitor: BrowserContext, strangers: Strangers, shop: str, stage: Callable[[Card], None]
):
    visitor.add_init_script(SHOWN)
    card = Card(visitor.new_page())
    card.page.goto(shop)
    stage(card)
    card.page.goto(strangers.put("/next", "", host=LISTED))
    card.page.go_back(wait_until="commit")
    card.page.wait_for_function("() => window.shown !== undefined")
    why = card.page.evaluate("() => JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)")
    assert card.page.evaluate("() => window.shown") is True, why
    # By the page API: Playwright has lost sight of the frame that came back.
    if card.launcher.get_attribute("aria-expanded") == "false":
        card.launcher.click()
    assert card.page.evaluate("() => PolyphoneAPI.connectAndCall().then((session) => session.status)") == "answered"
    assert card.page.evaluate(f"() => localStorage.getItem('{KEY}')") is not None
    card.page.evaluate("() => PolyphoneAPI.endCall()")
    assert card.page.evaluate(f"() => localStorage.getItem('{KEY}')") is None
    assert card.errors == []


def test_a_call_goes_on_when_its_page_is_left_and_come_back_to(
    visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any], shop: str
):
    card = calling(visitor.new_page(), shop)
    name = card.api("PolyphoneAPI.getCurrentSession().reference")
    card.page.goto(strangers.put("/without-a-button", "", host=LISTED))
    card.page.go_back()

    card.page.wait_for_function("name => (PolyphoneAPI.getCurrentSession() || {}).reference === name", arg=name)
    card.launcher.click()
    card.expect_state("in-call")
    assert card.page.evaluate(f"() => localStorage.getItem('{KEY}')") is not None
    card.press("end")
    card.expect_state("ended")
    assert card.page.evaluate(f"() => localStorage.getItem('{KEY}')") is None
