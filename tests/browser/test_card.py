"""The card on the demo shop's page: what is asked before, what is shown when it cannot be, and one call at a time."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.chromium import Chromium
from tests.browser.site import Product, Strangers, until

KEY = "POLY_AI_POLYPHONE_CALL_ACTIVE"


def voice(card: Card) -> dict[str, Any]:
    return card.frame.evaluate(
        "() => ({opened: __voice.opened, closed: __voice.closed, constraints: __voice.constraints})"
    )


def let_in(card: Card) -> bool:
    """One try to get a place in a house that may be full."""
    card.press("retry" if card.state[0] == "full" else "start")
    card.expect_state("full", "in-call")
    return card.state[0] == "in-call"


@pytest.fixture
def doomed() -> Iterator[Chromium]:
    running = Chromium()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def small_product() -> Iterator[Product]:
    """A product with room for one call."""
    running = Product(STUDIO_MAX_CALLS="1", STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1").start()
    yield running
    running.stop()


def test_nothing_is_asked_of_anybody_before_somebody_wants_to_call(visitor: BrowserContext, demo: dict[str, Any]):
    card = Card(visitor.new_page())
    asked: list[str] = []
    card.page.on("request", lambda request: asked.append(request.url))
    card.page.goto(demo["site"]["url"])

    ours = demo["console"]["url"]
    assert [url for url in asked if url.startswith(ours)] == [demo["widgets"][0]["script"]]
    assert card.page.locator("iframe").count() == 0
    card.launcher.hover()
    assert "/frame?host=" in card.frame.url
    assert card.launcher.get_attribute("aria-expanded") == "false"


def test_without_consent_one_press_calls_and_asks_for_a_clean_mono_microphone(card: Card, product: Product):
    card.open().press("start")
    card.expect_state("in-call")

    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")
    found = voice(card)
    assert found["opened"] == 1
    asked = {"echoCancellation": True, "noiseSuppression": True, "autoGainControl": True, "channelCount": 1}
    assert found["constraints"] == {"audio": asked}
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")
    assert voice(card)["closed"] == 1
    assert until(lambda: product.conversation(reference)["cause"]) == "visitor_ended"


def test_with_consent_the_microphone_opens_after_the_yes_and_the_yes_is_kept(consent_card: Card, product: Product):
    card = consent_card
    card.launcher.click()
    card.expect_state("consent")
    words = card.frame.locator(".agreement").inner_text()
    assert voice(card)["opened"] == 0
    card.press("consent")
    card.expect_state("in-call")
    assert voice(card)["opened"] == 1
    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")
    card.press("end")
    card.expect_state("ended")

    kept = until(lambda: next((c for c in product.conversations() if c["reference"] == reference and c["cause"]), None))
    assert kept["consent"] is not None
    assert kept["consent"]["text"].replace("{privacy}", "privacy policy").replace("{terms}", "terms") == words


@pytest.mark.parametrize("command", ["connect", "connectAndCall"])
def test_no_command_of_the_page_opens_the_microphone_before_the_yes(consent_card: Card, command: str):
    card = consent_card
    card.keep_events()
    card.page.evaluate("name => { window.PolyphoneAPI[name]().catch(() => {}); }", command)
    card.expect_state("consent")
    card.expect_event("onConnecting")

    assert voice(card)["opened"] == 0
    assert [name for name, _args in card.events] == ["onReady", "onConnecting"]


def test_the_commands_fire_their_events_in_the_documented_order(card: Card):
    card.keep_events()
    card.page.locator("#own-button").click()
    card.expect_state("in-call")
    card.api("window.PolyphoneAPI.mute()")
    card.api("window.PolyphoneAPI.unmute()")
    card.api("window.PolyphoneAPI.sendInfo('cart', {items: 2})")
    assert card.api("window.PolyphoneAPI.isConnected()") is True
    card.api("window.PolyphoneAPI.endCall()")
    card.expect_event("onDisconnected")

    assert [name for name, _args in card.events if name != "onTranscription"] == [
        "onReady", "onConnecting", "onConnected", "onRegistered", "onCaptureAudio", "onRinging", "onAnswered",
        "onMuted", "onUnmuted", "onInfoSent", "onAudioEnded", "onEnded", "onUnregistered", "onDisconnected",
    ]  # fmt: skip
    assert card.api("[window.PolyphoneAPI.isConnected(), window.PolyphoneAPI.getCurrentSession()]") == [False, None]


def test_connect_and_start_are_two_steps_for_those_who_want_them(card: Card):
    card.keep_events()
    refused = card.api("window.PolyphoneAPI.startCall().catch((e) => [e.name, e.code])")
    assert refused == ["InvalidStateError", "NOT_CONNECTED"]
    card.api("window.PolyphoneAPI.connect()")
    assert card.api("window.PolyphoneAPI.isConnected()") is True
    session = card.api("window.PolyphoneAPI.startCall()")
    assert session["status"] == "answered"
    assert card.api("window.PolyphoneAPI.startCall().catch((e) => e.code)") == "CALL_EXISTS"
    card.expect_event("onError")
    card.api("window.PolyphoneAPI.disconnect()")
    card.expect_event("onDisconnected")


def test_a_line_without_a_call_is_no_conversation(card: Card, product: Product):
    before = {row["reference"] for row in product.conversations()}  # those of other tests may still end
    card.keep_events()
    card.api("window.PolyphoneAPI.connect()")
    card.api("window.PolyphoneAPI.disconnect()")
    card.expect_event("onDisconnected")

    assert {row["reference"] for row in product.conversations()} == before


def test_misuse_of_the_page_api_throws_a_typed_error(card: Card):
    thrown = card.page.evaluate(
        """() => ['onEnded', 'sendInfo'].map((name) => {
          try { window.PolyphoneAPI[name](5); return null; } catch (error) { return error.name; }
        })"""
    )

    assert thrown == ["TypeError", "TypeError"]
    assert card.api("window.PolyphoneAPI.mute().catch((e) => [e.name, e.code])") == ["InvalidStateError", "NO_CALL"]


def test_a_handler_taken_off_is_not_called_any_more(card: Card):
    card.page.evaluate(
        """() => { window.__count = 0; const count = () => { window.__count += 1; };
          window.PolyphoneAPI.onConnecting(count); window.PolyphoneAPI.off('connecting', count); }"""
    )
    card.page.locator("#own-button").click()
    card.expect_state("in-call")

    assert card.page.evaluate("() => window.__count") == 0


def test_destroy_leaves_no_trace_and_ends_the_call(card: Card, product: Product):
    card.open().press("start")
    card.expect_state("in-call")
    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")
    card.api("window.PolyphoneAPI.destroy()")

    left = card.page.evaluate(
        """() => {
          const drawn = document.querySelectorAll('[data-pickup], iframe').length;
          return [drawn, typeof window.PolyphoneAPI, window.__pickup, localStorage.length];
        }"""
    )
    assert left == [0, "undefined", None, 0]
    assert until(lambda: product.conversation(reference)["cause"]) == "visitor_ended"


def test_a_tag_pasted_twice_is_one_button(visitor: BrowserContext, demo: dict[str, Any]):
    card = Card(visitor.new_page())
    card.page.goto(demo["site"]["url"])
    card.page.add_script_tag(url=demo["widgets"][0]["script"])

    assert card.page.locator("[data-pickup]").count() == 1
    assert not [line for line in card.console if "Pickup" in line]
    card.page.add_script_tag(url=demo["widgets"][1]["script"])
    assert card.page.locator("[data-pickup]").count() == 1
    assert len([line for line in card.console if "Pickup" in line]) == 1


def test_a_second_tab_says_that_there_is_a_call_and_opens_when_it_is_over(card: Card, demo: dict[str, Any]):
    card.open().press("start")
    card.expect_state("in-call")
    mirror = json.loads(card.page.evaluate(f"() => localStorage.getItem('{KEY}')"))
    assert set(mirror) == {"tab", "at"}

    other = Card(card.page.context.new_page())
    other.page.goto(demo["site"]["url"])
    other.keep_events()
    other.launcher.click()
    other.expect_state("elsewhere", reason="tab")
    assert "Call active in another tab" in other.frame.locator(".card").inner_text()
    refused = other.api("window.PolyphoneAPI.connectAndCall().catch((e) => e.code)")
    assert refused == "CALL_ELSEWHERE"
    assert [name for name, _args in other.events] == ["onReady", "onConnecting", "onFailed", "onDisconnected"]
    assert voice(other)["opened"] == 0

    card.press("end")
    other.expect_state("start")
    assert card.page.evaluate(f"() => localStorage.getItem('{KEY}')") is None


def test_a_full_house_is_told_politely_and_the_microphone_is_closed(
    new_visitor: Callable[..., BrowserContext], small_product: Product
):
    first, second = (Card(new_visitor().new_page()) for _ in range(2))
    for card in (first, second):
        card.page.goto(f"{small_product.site}/demo/")
    first.open().press("start")
    first.expect_state("in-call")
    second.open().press("start")
    second.expect_state("full")

    found = voice(second)
    assert found["opened"] == found["closed"] == 1
    assert small_product.health()["activeSessions"] == 1
    first.press("end")
    until(lambda: small_product.health()["activeSessions"] == 0)
    second.press("retry")
    second.expect_state("in-call")


def test_a_browser_killed_in_mid_call_frees_its_slot_and_loses_no_turn(
    playwright: Playwright, new_visitor: Callable[..., BrowserContext], small_product: Product, doomed: Chromium
):
    context = playwright.chromium.connect_over_cdp(doomed.endpoint).new_context()
    context.add_init_script(microphone.SCRIPT)
    context.grant_permissions(["microphone"])
    lost, next_one = Card(context.new_page()), Card(new_visitor().new_page())
    lost.page.goto(f"{small_product.site}/demo/")
    lost.open()
    assert until(lambda: let_in(lost))
    reference = lost.api("window.PolyphoneAPI.getCurrentSession().reference")
    greeted = until(lambda: small_product.conversation(reference)["turns"])
    doomed.kill()

    next_one.page.goto(f"{small_product.site}/demo/")
    next_one.open()
    assert until(lambda: let_in(next_one))
    next_one.press("end")
    assert until(lambda: small_product.conversation(reference)["cause"]) == "connection_lost"
    assert [turn["planned"] for turn in small_product.conversation(reference)["turns"]][:1] == [greeted[0]["planned"]]


@pytest.mark.parametrize(
    ("thrown", "reason"),
    [("NotFoundError", "none"), ("NotReadableError", "busy"), ("NotAllowedError", "denied")],
)
def test_a_microphone_that_cannot_be_had_gets_a_screen_of_its_own(
    card: Card, product: Product, thrown: str, reason: str
):
    before = {one["id"] for one in product.conversations()}
    card.open()
    card.frame.evaluate("name => { __voice.refuse = name; }", thrown)
    card.press("start")
    card.expect_state("blocked", reason=reason)
    assert until(lambda: all(one["cause"] for one in product.conversations() if one["id"] not in before))

    card.frame.evaluate("() => { __voice.refuse = null; }")
    card.press("retry")
    card.expect_state("in-call")


def test_a_page_that_forbids_microphones_is_told_from_a_visitor_who_does(
    visitor: BrowserContext, demo: dict[str, Any], strangers: Strangers
):
    tag = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/forbids", tag, host="127.0.0.1", Permissions_Policy="microphone=()"))
    card.open()
    card.frame.evaluate("() => { __voice.refuse = 'NotAllowedError'; }")
    card.press("start")
    card.expect_state("blocked", reason="policy")


def test_minimised_the_call_goes_on_and_the_launcher_shows_its_time(card: Card):
    card.open().press("start")
    card.expect_state("in-call")
    card.press("minimise")
    expect(card.page.locator("iframe")).to_be_hidden()
    expect(card.launcher).to_contain_text(":")
    assert card.api("window.PolyphoneAPI.getCurrentSession().status") == "answered"
    card.launcher.click()
    card.expect_state("in-call")


def test_a_whole_call_by_keyboard_alone(card: Card):
    page = card.page
    card.launcher.focus()
    page.keyboard.press("Enter")
    card.expect_state("start")
    expect(card.frame.locator("[data-action=start]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card.page.locator("iframe")).to_be_hidden()
    expect(card.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.frame.locator("[data-action=start]")).to_be_focused()
    page.keyboard.press("Enter")
    card.expect_state("in-call")
    for name in ("minimise", "mute", "more", "end"):
        page.keyboard.press("Tab")
        expect(card.frame.locator(f"[data-action={name}]")).to_be_focused()
        if name == "mute":
            page.keyboard.press("Space")
            expect(card.frame.locator("[data-action=mute]")).to_contain_text("Unmute")
    page.keyboard.press("Enter")
    card.expect_state("ended")
    expect(card.frame.locator("[data-action=restart]")).to_be_focused()


def test_the_card_and_the_page_have_nothing_against_each_other(card: Card):
    card.open().press("start")
    card.expect_state("in-call")
    card.switch_captions()
    expect(card.frame.locator(".captions [data-line]").first).to_be_visible()
    card.press("end")
    card.expect_state("ended")

    assert card.errors == []
    assert [line for line in card.console if not line.startswith("log:")] == []
