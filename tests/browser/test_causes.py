"""Why there is no call: the visitor reads what to do, and the conversation in the console says the same cause."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from calling.record import end_reasons
from tests.browser.card import Card
from tests.browser.site import Product, until
from tests.browser.test_check import NO_PEERS
from tests.browser.test_pictures import SOCKETS

NO_DEVICES = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined });"
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " Instagram 330.0.0.0"
)
IMPATIENT = """
const wait = window.setTimeout;
window.setTimeout = (run, ms, ...given) => wait(run, ms === 14000 ? 3000 : ms, ...given);
"""
WEAK = """() => {
  const event = JSON.stringify({ type: 'event', n: 10000, name: 'sound', data: { quality: 'poor' } });
  window.__sockets[window.__sockets.length - 1].dispatchEvent(new MessageEvent('message', { data: event }));
}"""


ENDED = """() => {
  const data = { cause: 'agent_ended', code: '', reference: 'HB-7K2Q', seconds: 9, rating: null };
  const event = JSON.stringify({ type: 'event', n: 10000, name: 'ended', data });
  window.__sockets[window.__sockets.length - 1].dispatchEvent(new MessageEvent('message', { data: event }));
}"""


@pytest.fixture(scope="module")
def scripted_product() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1").start()
    yield running
    running.stop()


@pytest.fixture
def told(scripted_product: Product) -> Callable[[], str]:
    """The code that the newest conversation of this test ended with."""
    before = {one["id"] for one in scripted_product.conversations()}

    def newest() -> str:
        return until(
            lambda: next((one["code"] for one in scripted_product.conversations() if one["id"] not in before), "")
        )

    return newest


def shop(visitor: BrowserContext, product: Product) -> Card:
    card = Card(visitor.new_page())
    card.page.goto(f"{product.site}/demo/")
    return card


@pytest.mark.parametrize(
    ("thrown", "allowed", "reason", "words"),
    [
        ("NotAllowedError", True, "denied", "Set Microphone to Allow."),
        ("NotAllowedError", False, "dismissed", "The question was closed without an answer."),
        ("NotFoundError", True, "none", "Connect a microphone or a headset"),
        ("NotReadableError", True, "busy", "Close it, a video meeting for example"),
    ],
)
def test_each_reason_for_no_microphone_is_told_to_both_sides(
    new_visitor: Callable[..., BrowserContext],
    scripted_product: Product,
    told: Callable[[], str],
    thrown: str,
    allowed: bool,
    reason: str,
    words: str,
):
    card = shop(new_visitor(microphone_allowed=allowed), scripted_product)
    card.open()
    card.frame.evaluate("name => { __voice.refuse = name; }", thrown)
    card.press("start")
    card.expect_state("blocked", reason=reason)

    expect(card.frame.locator(".card")).to_contain_text(words)
    code = told()
    assert code == "MICROPHONE_" + reason.upper() and end_reasons.reason(code)


def test_who_has_no_microphone_types_over_the_same_line_comes_back_to_it_and_may_talk_after_all(
    visitor: BrowserContext, scripted_product: Product
):
    card = shop(visitor, scripted_product)
    card.open()
    card.frame.evaluate("() => { __voice.refuse = 'NotFoundError'; }")
    card.press("start")
    card.expect_state("blocked", reason="none")
    card.press("type")
    card.expect_state("in-call")
    field = card.frame.get_by_role("textbox", name="Write to Robin")
    expect(field).to_be_focused()
    expect(card.frame.locator("[data-action=mute]")).to_be_hidden()
    field.fill("When are you open?")
    field.press("Enter")
    expect(card.frame.locator(".captions .you")).to_contain_text("When are you open?")
    expect(card.frame.locator(".captions p:not(.you)")).to_have_count(2)
    field.fill("Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 2)
    field.press("Enter")
    expect(card.frame.locator(".captions .you")).to_have_count(2)
    assert card.frame.locator(".captions").evaluate("said => said.scrollWidth <= said.clientWidth")

    card.page.reload()
    card.expect_state("in-call")
    expect(card.frame.locator(".captions .you").first).to_contain_text("When are you open?")
    assert card.frame.evaluate("() => __voice.opened") == 0

    card.launcher.click()
    card.press("more")
    card.press("talk")
    expect(card.frame.locator("[data-action=mute]")).to_be_visible()
    card.expect_state("in-call")
    assert card.frame.evaluate("() => [__voice.opened, __voice.closed]") == [1, 0]
    card.press("end")
    card.expect_state("ended")
    assert card.errors == []


def test_a_browser_whose_microphones_are_switched_off_is_not_told_as_an_app(
    visitor: BrowserContext, scripted_product: Product, told: Callable[[], str]
):
    visitor.add_init_script(NO_DEVICES)
    card = shop(visitor, scripted_product)
    card.open()
    card.expect_state("blocked", reason="missing")

    expect(card.frame.locator(".card")).to_contain_text("Open this page in another browser")
    assert told() == "MICROPHONE_MISSING"


def test_an_app_without_microphones_says_so_before_anything_is_asked(
    new_visitor: Callable[..., BrowserContext], scripted_product: Product, told: Callable[[], str]
):
    visitor = new_visitor(user_agent=IN_APP)
    visitor.add_init_script(NO_DEVICES)
    card = shop(visitor, scripted_product)
    assert card.launcher.get_attribute("aria-disabled") is None
    card.open()
    card.expect_state("blocked", reason="app")

    expect(card.frame.locator(".card")).to_contain_text("Look in its menu for “Open in browser”")
    assert told() == "MICROPHONE_APP"
    assert not card.errors


def test_a_device_that_is_offline_is_told_so_and_calls_once_it_is_back(
    visitor: BrowserContext, scripted_product: Product
):
    card = shop(visitor, scripted_product)
    card.open()
    visitor.set_offline(True)
    card.press("start")
    card.expect_state("error")
    expect(card.frame.get_by_role("heading", name="You are offline")).to_be_visible()
    visitor.set_offline(False)
    card.press("retry")
    card.expect_state("in-call")


def test_a_network_that_lets_no_sound_through_is_told_to_both_sides(
    visitor: BrowserContext, scripted_product: Product, told: Callable[[], str]
):
    visitor.add_init_script(NO_PEERS + IMPATIENT)
    card = shop(visitor, scripted_product)
    card.open().press("start")
    card.expect_state("error")

    expect(card.frame.get_by_role("heading", name="No sound could get through")).to_be_visible()
    shown = card.frame.locator(".code").inner_text()
    code = told()
    assert code == "NO_UDP" and code in shown
    assert end_reasons.reason(code)


def test_a_weak_connection_is_said_while_the_call_goes_on(visitor: BrowserContext, scripted_product: Product):
    visitor.add_init_script(SOCKETS)
    card = shop(visitor, scripted_product)
    card.open().press("start")
    card.expect_state("in-call")
    card.frame.evaluate(WEAK)

    expect(card.frame.locator(".note")).to_have_text("Your connection is weak.")
    card.expect_state("in-call")


def test_a_minimised_call_that_ends_says_so_on_the_button_and_comes_back_ended(
    visitor: BrowserContext, scripted_product: Product
):
    visitor.add_init_script(SOCKETS)
    card = shop(visitor, scripted_product)
    card.open().press("start")
    card.expect_state("in-call")
    card.press("minimise")
    expect(card.launcher).to_contain_text(":")
    card.frame.evaluate(ENDED)
    expect(card.launcher).to_contain_text("Call ended")
    card.launcher.click()
    card.expect_state("ended", reason="agent_ended")
