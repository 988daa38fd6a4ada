"""What is typed into a call."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.test_more import DIGITS, said


@pytest.fixture
def visitor(visitor: BrowserContext) -> BrowserContext:
    visitor.add_init_script(DIGITS)
    return visitor


def test_who_pastes_one_long_text_after_the_other_stays_in_the_call_and_keeps_what_is_too_much(card: Card):
    card.open().press("start")
    card.expect_state("in-call")
    card.press("more")
    card.press("typing")
    field, long = card.frame.locator("textarea"), "when do you open " * 117
    for n in range(30):
        field.fill(f"{n} {long}")
        field.press("Enter")
    expect(field).to_have_value(f"29 {long}")
    expect(card.frame.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    assert len({one["id"] for one in said(card, "write")}) == len(said(card, "write")) == 25
    expect(card.frame.locator(".whole", has_text="24 when do you open")).to_be_visible()

    assert card.state[0] == "in-call" and len(said(card, "hello")) == 1

    card.press("end")
    card.expect_state("ended")
    assert card.errors == []


def test_a_reload_does_not_empty_the_count_of_what_was_typed(card: Card):
    card.open().press("start")
    card.expect_state("in-call")
    card.press("more")
    card.press("typing")
    field = card.frame.locator("textarea")
    for n in range(25):
        field.fill(f"{n}")
        field.press("Enter")
    card.page.reload()
    card.page.wait_for_function("() => PolyphoneAPI.getCurrentSession() !== null")
    card.launcher.click()
    card.expect_state("in-call")
    card.press("more")
    card.press("typing")
    card.frame.locator("textarea").fill("and on Sundays")
    expect(card.frame.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
