"""A call survives its socket, its sound connection, its page and its tab: real browser, real sound."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.site import ROOT, Product, until

pytestmark = pytest.mark.speech

CLOSING = ROOT / "tests" / "speech" / "02-closing-time.wav"

# Keeps what the frame makes, so that a test can take it away as a network would.
NETWORK = """
(() => {
  const made = window.__network = { sockets: [], connections: [] };
  const Socket = window.WebSocket, Connection = window.RTCPeerConnection;
  window.WebSocket = class extends Socket { constructor(...given) { super(...given); made.sockets.push(this); } };
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) { super(...given); made.connections.push(this); }
  };
})();
"""


@pytest.fixture
def visitor(new_visitor: Callable[..., BrowserContext]) -> BrowserContext:
    context = new_visitor()
    context.add_init_script(NETWORK)
    return context


@pytest.fixture
def talking(card: Card) -> Card:
    """A call whose greeting has been heard."""
    card.keep_events()
    card.open().press("start")
    card.expect_state("in-call")
    card.expect_turn("speaking")
    card.expect_turn("listening")
    return card


def reference(card: Card) -> str:
    return card.api("PolyphoneAPI.getCurrentSession().reference")


def asks_and_hangs_up(card: Card, product: Product) -> dict[str, Any]:
    """One question and its answer, the end, and what is kept of the call."""
    name = reference(card)
    microphone.say(card.frame, CLOSING)
    card.expect_turn("speaking")
    card.expect_turn("listening")
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")
    return until(lambda: next((c for c in product.conversations() if c["reference"] == name and c["cause"]), None))


def one_greeting_one_answer(kept: dict[str, Any]) -> None:
    sources = [turn["source"] for turn in kept["turns"] if turn["speaker"] == "agent"]
    assert sources.count("greeting") == 1
    assert sum(source.startswith("topic:") for source in sources) == 1


def test_a_lost_socket_is_opened_anew_and_the_talk_goes_on(talking: Card, product: Product):
    talking.frame.evaluate("() => window.__network.sockets[0].close(3999)")
    talking.frame.wait_for_function("() => window.__network.sockets.length === 2")
    talking.expect_state("in-call")

    one_greeting_one_answer(asks_and_hangs_up(talking, product))

    assert talking.frame.evaluate("() => window.__network.connections.length") == 1


def test_a_lost_sound_connection_is_replaced_and_the_talk_goes_on(talking: Card, product: Product):
    talking.frame.evaluate("() => window.__network.connections[0].close()")
    talking.frame.wait_for_function("() => window.__network.connections.length === 2")
    talking.expect_state("in-call")

    one_greeting_one_answer(asks_and_hangs_up(talking, product))

    assert talking.frame.evaluate("() => window.__network.sockets.length") == 1


def test_a_reload_goes_on_with_the_call_without_a_press(talking: Card, product: Product):
    name = reference(talking)
    talking.switch_captions()
    talking.page.reload()
    talking.page.wait_for_function("() => PolyphoneAPI.getCurrentSession() !== null")
    assert reference(talking) == name
    talking.launcher.click()
    talking.expect_state("in-call")
    expect(talking.frame.locator(".captions")).to_be_visible()

    one_greeting_one_answer(asks_and_hangs_up(talking, product))


def test_a_call_is_moved_to_another_tab(talking: Card, product: Product, demo: dict[str, Any]):
    name = reference(talking)
    talking.switch_captions()
    other = Card(talking.page.context.new_page())
    other.page.goto(demo["site"]["url"])
    other.keep_events()
    other.open().expect_state("elsewhere")

    other.press("move")

    other.expect_state("in-call")
    expect(other.frame.locator(".captions")).to_be_visible()
    assert reference(other) == name
    talking.expect_state("elsewhere")
    one_greeting_one_answer(asks_and_hangs_up(other, product))
