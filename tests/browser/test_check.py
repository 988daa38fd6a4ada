"""The check page as support staff meet it: everything good, no microphone, no network; by keyboard, as text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PICTURES
from tests.browser.site import Product

DONE_MS = 60_000
NO_PEERS = """
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  setRemoteDescription(answer) {  // nothing the server says can be reached
    const sdp = answer.sdp.replace(/^a=candidate:.*\\r\\n/gm, '');
    return super.setRemoteDescription({ type: 'answer', sdp });
  }
};
"""
NO_MICROPHONE = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
"""
REFUSES = """
const refuse = () => { throw new DOMException('no', 'InvalidStateError'); };
AudioContext.prototype.createMediaStreamSource = refuse;
RTCPeerConnection.prototype.getStats = () => Promise.reject('no');
"""
NO_SERVER = """
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new Event('close')));
  }
  close() {}
};
"""


def state(page: Page, check: str) -> str:
    return page.locator(f'[data-check="{check}"]').get_attribute("data-state") or ""


def checked(page: Page) -> str:
    """Check, and return the report."""
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("button", name="Copy the results")).to_be_visible(timeout=DONE_MS)
    return page.locator("[data-report]").input_value()


def test_where_all_is_well_the_page_says_so(visitor: BrowserContext, product: Product):
    before = product.conversations()
    page = visitor.new_page()
    lines: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{product.url}/check")
    report = checked(page)

    states = {name: state(page, name) for name in ("secure", "browser", "socket", "sound", "quality", "relay")}
    assert states == {
        "secure": "good",
        "browser": "good",
        "socket": "good",
        "sound": "good",
        "quality": "good",
        "relay": "none",
    }
    assert state(page, "microphone") in ("good", "warn")  # nobody speaks in this test
    assert "Calls work here" in page.get_by_role("status").inner_text()
    assert "Sound connection: Good." in report and "% lost" in report and "Chrom" in report
    assert lines == [] and all(url.startswith((product.url, "blob:")) for url in asked)
    assert {one["id"] for one in product.conversations()} == {one["id"] for one in before}


def test_a_refused_microphone_is_told_apart(new_visitor: Callable[..., BrowserContext], product: Product):
    visitor = new_visitor(microphone_allowed=False)
    visitor.add_init_script(NO_MICROPHONE)
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    report = checked(page)

    assert state(page, "microphone") == "bad" and state(page, "sound") == "good"
    assert "No microphone was found" in report and "MICROPHONE_NONE" in report
    assert "Calls do not work here yet." in page.get_by_role("status").inner_text()


def test_a_network_without_a_way_for_sound_is_told(new_visitor: Callable[..., BrowserContext], product: Product):
    visitor = new_visitor()
    visitor.add_init_script(NO_PEERS)
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    report = checked(page)

    assert state(page, "socket") == "good" and state(page, "sound") == "bad"
    assert "A firewall blocks UDP" in report
    assert "NO_UDP" in report or "ICE_FAILED" in report


def test_a_browser_that_refuses_is_told_of_where_it_does(new_visitor: Callable[..., BrowserContext], product: Product):
    visitor = new_visitor()
    visitor.add_init_script(REFUSES)
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    report = checked(page)

    assert (state(page, "microphone"), state(page, "sound"), state(page, "quality")) == ("warn", "good", "warn")
    assert "does not tell how loud it is" in report


def test_a_browser_that_makes_no_offer_is_told_and_no_line_is_left_open(
    new_visitor: Callable[..., BrowserContext], product: Product
):
    visitor = new_visitor()
    visitor.add_init_script("RTCPeerConnection.prototype.createOffer = () => Promise.reject('no');")
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    report = checked(page)

    assert state(page, "sound") == "bad" and "BROWSER_FAILED" in report
    assert "Calls do not work here yet." in page.get_by_role("status").inner_text()


def test_the_page_works_by_keyboard_and_speaks(visitor: BrowserContext, product: Product):
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("meter", name="Microphone level")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the results")).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_role("textbox", name="Results for support")).to_be_visible()
    assert page.get_by_role("listitem").count() == 7 == page.get_by_role("heading", level=2).count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits(new_visitor: Callable[..., BrowserContext], product: Product, scheme: str, width: int):
    visitor = new_visitor(color_scheme=scheme, viewport={"width": width, "height": 900}, microphone_allowed=False)
    visitor.add_init_script(NO_MICROPHONE + NO_SERVER)
    page = visitor.new_page()
    page.goto(f"{product.url}/check")
    report = checked(page)

    assert "cannot be reached" in report
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"check-{scheme}-{width}.png", full_page=True)
