"""A picture's way: sent in the console, seen in the preview, published, on the visitor's card."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.card import Card
from tests.browser.console import open_widget, sign_in
from tests.browser.site import Product

PLACES = """() => JSON.stringify(
  [...document.querySelectorAll('.stage h2, .voice, .btn')].map((e) => e.getBoundingClientRect()))"""
DROP = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 200 });
  canvas.getContext('2d').fillRect(0, 0, 200, 200);
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([await new Promise((done) => canvas.toBlob(done))], 'dropped.png'));
  const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('[data-picture]').dispatchEvent(drop);
}"""


def a_picture(colour: str = "teal", side: int = 300) -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return {"name": "face.png", "mimeType": "image/png", "buffer": file.getvalue()}


@pytest.fixture
def editor(new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any]) -> Page:
    page = new_visitor(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, product)
    open_widget(page, "Shop page")
    return page


def test_a_picture_goes_from_the_console_to_the_visitors_card(
    editor: Page, new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any]
):
    told: list[str] = []
    editor.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    editor.set_input_files("#picture-file", a_picture())
    face = editor.frame_locator(".stage iframe").locator(".face")
    expect(face).to_be_visible()
    expect(editor.locator("[data-publish-summary]")).to_contain_text("Picture")
    editor.locator("[data-dialog=publish-widget]:visible").click()
    editor.locator("#publish-widget").get_by_role("button", name="Publish widget", exact=True).click()
    expect(editor.locator("[data-draft-state]").first).to_have_text("Published")
    assert told == []

    visitor = new_visitor().new_page()
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(next(one for one in demo["widgets"] if one["name"] == "Shop page")["page"])
    assert not [url for url in asked if "/picture/" in url]  # nobody pays for it who does not want to call
    card = Card(visitor)
    card.open()
    shown = card.frame.locator(".face")
    shown.wait_for()
    assert shown.evaluate("face => face.alt") == ""
    assert shown.evaluate("face => face.naturalWidth") == 384

    # Without it the card is the same, to the pixel.
    with_it = card.frame.evaluate(PLACES)
    lost = new_visitor().new_page()
    lost.route("**/widget/picture/*", lambda route: route.abort())
    lost.goto(visitor.url)
    other = Card(lost)
    with lost.expect_event("requestfailed", lambda request: "/picture/" in request.url):
        other.open()
    assert other.frame.evaluate(PLACES) == with_it
    assert other.frame.locator(".face").count() == 0

    editor.locator("[data-remove]").click()
    expect(editor.locator(".picture .thumb")).to_be_hidden()
    editor.locator("[data-dialog=publish-widget]:visible").click()
    editor.locator("#publish-widget").get_by_role("button", name="Publish widget", exact=True).click()
    expect(editor.locator("[data-draft-state]").first).to_have_text("Published")


def test_a_refused_picture_is_told_in_its_place_and_the_next_one_mends_it(editor: Page):
    before = editor.locator("[data-draft-state]").first.text_content()
    wrong = {"name": "face.png", "mimeType": "image/png", "buffer": b"<svg><script>alert(1)</script></svg>"}
    editor.set_input_files("#picture-file", wrong)
    error = editor.locator(".picture .error")
    expect(error).to_contain_text("JPEG, PNG, GIF or WebP")
    assert editor.locator("[data-draft-state]").first.text_content() == before

    sent: list[str] = []
    editor.on("request", lambda request: sent.append(request.url))
    editor.set_input_files("#picture-file", {**wrong, "buffer": b"\0" * (2 * 1024 * 1024 + 1)})
    expect(error).to_contain_text("larger than 2 MB")
    assert not [url for url in sent if url.endswith("/picture/")]

    editor.evaluate(DROP)
    expect(editor.locator(".picture .thumb")).to_be_visible()
    expect(error).to_have_count(0)
    editor.locator("[data-remove]").click()
    expect(editor.locator(".picture .thumb")).to_be_hidden()
    expect(editor.locator("[data-draft-state]").first).to_have_text(before)
