"""Whatever the visitor's browser refuses: a screen that says what to do, on one sheet of pictures in test-output/.

tests/js/failures.test.js goes through every interface and every call of each; here are the screens that come of it.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.site import Product
from tests.browser.test_causes import IMPATIENT
from tests.browser.test_pictures import SIZES, Sheet

pytestmark = pytest.mark.pages

REFUSE = "const refuse = () => { throw new DOMException('The browser refuses this', 'InvalidStateError'); };"
# Asked for while the card is drawn, or before: every ornament at once.
ORNAMENTS = (
    REFUSE
    + """
if (window !== window.parent) {
  for (const name of ['locks', 'permissions']) Object.defineProperty(Navigator.prototype, name, { get: refuse });
  Object.defineProperty(window, 'sessionStorage', { get: refuse });
  window.matchMedia = window.BroadcastChannel = refuse;
  AudioContext.prototype.createAnalyser = AudioContext.prototype.createMediaStreamSource = refuse;
  navigator.mediaDevices.enumerateDevices = navigator.mediaDevices.addEventListener = refuse;
  MediaStreamTrack.prototype.getSettings = MediaStreamTrack.prototype.addEventListener = refuse;
}
"""
)

# What is refused once the card is open, in which state that ends, and with which code.
FAILURES = [
    ("the microphone, without a word", "navigator.mediaDevices.getUserMedia = refuse", "blocked", "MICROPHONE_FAILED"),
    ("peer connections", "window.RTCPeerConnection = refuse", "error", "BROWSER_FAILED"),
    ("offers", "RTCPeerConnection.prototype.createOffer = () => Promise.reject('no')", "error", "BROWSER_FAILED"),
    ("answers", "RTCPeerConnection.prototype.setRemoteDescription = refuse", "error", "BROWSER_FAILED"),
    ("sockets", "window.WebSocket = refuse", "error", "BROWSER_FAILED"),
    ("sockets, by a proxy", "window.WebSocket = class extends EventTarget { close() {} }", "error", "SOCKET_BLOCKED"),
    ("requests", "window.__fetch = () => Promise.reject(new TypeError('no'))", "error", "NETWORK"),
    ("meters", "AudioContext.prototype.createMediaStreamSource = refuse", "in-call", ""),
    ("playing", "HTMLMediaElement.prototype.play = () => Promise.reject('no')", "in-call", ""),
]  # fmt: skip
MUTE = """() => {
  const track = __voice.out.stream.getAudioTracks()[0];
  Object.defineProperty(track, 'muted', { value: true });
  track.dispatchEvent(new Event('mute'));
}"""


@pytest.fixture(scope="module")
def scripted_product() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1").start()
    yield running
    running.stop()


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_whatever_the_browser_refuses_the_card_says_what_to_do(
    new_visitor: Callable[..., BrowserContext], scripted_product: Product, size: str, theme: str
):
    sheet = Sheet(f"failures-{theme}-{size}")
    visitor = new_visitor(viewport=SIZES[size], color_scheme=theme)
    visitor.add_init_script(IMPATIENT)
    visitor.add_init_script("const ask = window.fetch; window.fetch = (...given) => (window.__fetch || ask)(...given);")
    card = Card(visitor.new_page())
    for what, code, state, shown in FAILURES:
        card.page.goto(f"{scripted_product.site}/demo/consent/")
        card.open()
        card.frame.evaluate(f"() => {{ {REFUSE} {code}; }}")
        card.press("consent")
        card.expect_state(state)
        if state == "error" and shown != "NETWORK":  # for that nothing more is fetched
            expect(card.frame.locator(".code")).to_contain_text(shown)
        if what == "playing":
            expect(card.frame.get_by_role("button", name="Tap here to hear Robin")).to_be_visible()
        sheet.add(card, f"{what}: {shown}")
        if state == "in-call":  # or the next page of the tab goes on with it
            card.press("end")
            card.expect_state("ended")

    card.page.goto(f"{scripted_product.site}/demo/consent/")
    card.open().press("consent")
    card.expect_state("in-call")
    card.frame.evaluate(MUTE)
    expect(card.frame.locator(".note")).to_contain_text("No sound comes")
    sheet.add(card, "the microphone, in a call")

    bare = new_visitor(viewport=SIZES[size], color_scheme=theme)
    bare.add_init_script(ORNAMENTS)
    plain = Card(bare.new_page())
    plain.page.goto(f"{scripted_product.site}/demo/consent/")
    plain.open()
    sheet.add(plain, "every ornament")
    plain.press("consent")
    plain.expect_state("in-call")
    sheet.add(plain, "every ornament, in a call")
    plain.press("more")
    expect(plain.frame.get_by_label("Microphone")).to_have_text(re.compile(r"\S"))
    sheet.add(plain, "every ornament, and More")
    plain.press("end")
    plain.expect_state("ended")
    assert plain.errors == [] and card.errors == []
    sheet.lay_out(visitor)
