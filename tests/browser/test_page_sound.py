"""The visitor's sound leaves the frame only where the widget's owner allows it, and only as much as is read."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import microphone, speech
from tests.browser.card import Card
from tests.browser.console import open_widget, sign_in
from tests.browser.site import Product

KEEP = """() => {
  window.kept = { keys: null, rate: 0, pieces: [], ended: false, answers: true };
  PolyphoneAPI.onCaptureAudio((capture) => {
    kept.keys = Object.keys(capture).sort();
    kept.rate = capture.sampleRate;
    if (!capture.port) return;
    kept.port = capture.port;
    capture.port.onmessage = ({ data }) => {
      if (data === null) { kept.ended = true; return; }
      kept.pieces.push({ from: data.from, length: data.samples.length, peak: Math.max(...data.samples.map(Math.abs)) });
      if (kept.answers) capture.port.postMessage('read');
    };
  });
}"""


@pytest.fixture
def content(new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any]) -> Page:
    page = new_visitor(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, product)
    open_widget(page, "Shop page")
    page.get_by_role("link", name="Content", exact=True).click()
    return page


def allow(content: Page, allowed: bool) -> None:
    switch = content.locator("[name=audio_to_page]")
    content.locator("[data-parts] a[href='#part-after']").click()
    if not switch.is_visible():
        content.get_by_text("For developers").click()
    switch.set_checked(allowed)
    publish = content.locator("#publish-widget")
    warning = publish.get_by_text("Scripts on your site get the sound")
    expect(warning).to_have_count(1 if allowed else 0)
    content.locator("[data-dialog=publish-widget]:visible").click()
    publish.get_by_role("button", name="Publish widget", exact=True).click()
    expect(content.locator("[data-draft-state]").first).to_have_text("Published")


def test_a_page_hears_nothing_unless_the_owner_allows_it(card: Card):
    card.page.evaluate(KEEP)
    card.open().press("start")
    card.expect_state("in-call")
    assert card.page.evaluate("kept.keys") == ["deviceLabel", "sampleRate"]
    assert [
        url
        for url in card.frame.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        if "sound" in url
    ] == []


def test_a_page_that_may_hear_gets_the_microphone_until_the_call_ends(
    content: Page, visitor: BrowserContext, demo: dict[str, Any]
):
    allow(content, True)
    page = visitor.new_page()
    page.goto(next(one for one in demo["widgets"] if one["name"] == "Shop page")["page"])
    card = Card(page)
    page.evaluate(KEEP)
    card.open()
    assert page.evaluate("kept.keys") is None  # before the call there is nothing
    card.press("start")
    card.expect_state("in-call")
    assert page.evaluate("kept.keys") == ["deviceLabel", "port", "sampleRate"]
    page.wait_for_function("() => kept.pieces.length > 5")
    rate = page.evaluate("kept.rate")
    assert {one["length"] for one in page.evaluate("kept.pieces")} == {round(rate / 25)}
    microphone.say(card.frame, speech.clip("04-yes"))
    page.wait_for_function("() => kept.pieces.some((one) => one.peak > 1000)")

    card.press("mute")
    page.wait_for_function("() => PolyphoneAPI.getCurrentSession().muted")
    page.wait_for_function(
        "() => kept.pieces.slice(-20).every((one) => one.peak === 0)"
    )  # what was on its way has come
    microphone.begin_to_say(card.frame, speech.clip("04-yes"))
    page.evaluate("kept.pieces = []")
    page.wait_for_function("() => kept.pieces.length >= 25")
    assert page.evaluate("kept.pieces.every((one) => one.peak === 0)")

    # Who does not answer gets fifty; who answers again sees by the numbers what was left out.
    page.evaluate("() => { kept.answers = false; kept.pieces = []; }")
    page.wait_for_function("() => kept.pieces.length >= 45")
    microphone.say(card.frame, speech.clip("04-yes"))
    assert page.evaluate("kept.pieces.length") <= 50
    last = page.evaluate("kept.pieces[kept.pieces.length - 1].from")
    page.evaluate("() => { kept.pieces = []; kept.answers = true; kept.port.postMessage('read'); }")
    page.wait_for_function("() => kept.pieces.length > 0")
    assert page.evaluate("kept.pieces[0].from") > last + rate / 25
    assert not page.evaluate("kept.ended")

    card.press("end")
    card.expect_state("ended")
    page.wait_for_function("() => kept.ended")
    page.close()
    allow(content, False)
