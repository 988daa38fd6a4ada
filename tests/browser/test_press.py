"""The screen changes while somebody has a finger on a button: the press counts all the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.card import Card
from tests.browser.site import until

TICKETS = "**/api/v1/widget/ticket"


@pytest.fixture
def held(visitor: BrowserContext, card: Card) -> Callable[[], None]:
    """A call that waits for its ticket until the test gives it."""
    asked: list[Route] = []
    visitor.route(TICKETS, lambda route: asked.append(route))
    card.open().press("start")
    card.expect_state("connecting")
    card.frame.locator("[data-action=end] .word").filter(has_text="End call").wait_for()

    def give() -> None:
        until(lambda: asked)
        asked[0].continue_()
        card.expect_state("in-call")

    return give


def test_a_press_that_begins_while_it_connects_and_ends_in_the_call_hangs_up(card: Card, held: Callable[[], None]):
    card.frame.locator("[data-action=end]").hover()
    card.page.mouse.down()
    held()
    card.page.mouse.up()

    card.expect_state("ended", reason="visitor_ended")


def test_a_button_that_has_the_focus_keeps_it_when_the_call_begins(card: Card, held: Callable[[], None]):
    card.frame.locator("[data-action=end]").focus()
    held()

    expect(card.frame.locator("[data-action=end]")).to_be_focused()


def test_a_press_on_a_button_that_is_gone_does_nothing_else(card: Card):
    card.open()
    card.frame.locator("[data-action=start]").hover()
    card.page.mouse.down()
    card.frame.evaluate(
        "() => document.querySelector('[data-action=start]').dispatchEvent(new Event('click', {bubbles: true}))"
    )
    card.expect_state("in-call")
    card.page.mouse.up()

    card.expect_state("in-call")
    assert not card.errors
