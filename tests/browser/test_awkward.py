"""The card in forced colours, at 200 and 400 % zoom, and with the spacing that readers may ask for: a sheet of each.

Somebody looks at the sheets; what can be measured is asserted: nothing runs off to the side, and every control can be
brought into view and pressed where it is seen.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import Product
from tests.browser.test_pictures import SOCKETS, Sheet, answer_with

pytestmark = pytest.mark.pages

DESKTOP, PHONE = {"width": 1280, "height": 760}, {"width": 390, "height": 844}
# WCAG 1.4.12: what a reader's own style sheet may do to any text.
SPACED = """if (window !== window.parent) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important }'
    + '* { word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
}"""
KINDS: dict[str, dict[str, Any]] = {
    "forced-light": {"viewport": DESKTOP, "color_scheme": "light", "forced_colors": "active"},
    "forced-dark": {"viewport": DESKTOP, "color_scheme": "dark", "forced_colors": "active"},
    "forced-phone": {"viewport": PHONE, "color_scheme": "dark", "forced_colors": "active"},
    "zoom-200": {"viewport": {"width": 640, "height": 400}},  # of 1280 x 800
    "zoom-400": {"viewport": {"width": 320, "height": 256}},  # of 1280 x 1024
    "short": {"viewport": {"width": 1280, "height": 500}, "color_scheme": "dark"},
    "spaced": {"viewport": DESKTOP},
    "spaced-phone": {"viewport": PHONE, "color_scheme": "dark"},
}
ASIDE = """() => [...document.querySelectorAll('.card *')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width && !e.closest('.voice, .unseen, .head p') && (box.left < -0.5 || box.right > innerWidth + 0.5);
}).map((e) => e.tagName + '.' + e.className)"""
COVERED = """() => [...document.querySelectorAll('.card button, .card select, .card a')].filter((e) => {
  if (!e.getBoundingClientRect().width) return false;
  e.scrollIntoView({ block: 'center' });
  const box = e.getClientRects()[0];
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !hit || !(e.contains(hit) || hit.contains(e));
}).map((e) => e.dataset.action || e.textContent)"""
PUBLISH = """
from widgets.models import Widget
for widget in Widget.objects.all():
    widget.published = {**widget.published, 'rating': True, 'style': {**widget.published['style'], 'theme': 'auto'}}
    widget.save()
"""


class Awkward(Sheet):
    def add(self, card: Card, caption: str) -> None:
        frame = card.frame
        card.hold_still()
        self.add_page(card, caption)
        assert frame.evaluate(ASIDE) == [], caption
        assert frame.evaluate(COVERED) == [], caption
        frame.evaluate("() => document.querySelector('.card').scrollTo(0, 0)")


@pytest.fixture(scope="module")
def rated_product() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1").start()
    running.manage("shell", "-c", PUBLISH)
    yield running
    running.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_where_room_or_colours_are_not_ours(
    new_visitor: Callable[..., BrowserContext], rated_product: Product, kind: str
):
    sheet = Awkward(kind)
    visitor = new_visitor(**KINDS[kind])
    visitor.add_init_script(SOCKETS)
    if kind.startswith("spaced"):
        visitor.add_init_script(SPACED)
    card = Card(visitor.new_page())
    address = f"{rated_product.site}/demo/consent/"
    tickets = "**/api/v1/widget/ticket"
    card.page.goto(f"{rated_product.site}/demo/")
    sheet.add_page(card, "closed")
    card.page.keyboard.press("Tab")
    card.launcher.focus()
    sheet.add_page(card, "focus")
    card.open()
    sheet.add(card, "start")

    card.page.goto(address)
    card.open()
    sheet.add(card, "consent")
    card.frame.evaluate("() => { __voice.refuse = 'NotAllowedError'; }")
    card.press("consent")
    card.expect_state("blocked")
    sheet.add(card, "blocked")
    visitor.route(tickets, answer_with("HOST_NOT_ALLOWED", 403))
    card.page.goto(address)
    card.open().press("consent")
    card.expect_state("error")
    sheet.add(card, "error")
    visitor.unroute(tickets)

    card.page.goto(address)
    card.open().press("consent")
    card.expect_state("in-call")
    sheet.add(card, "in call")
    card.press("mute")
    sheet.add(card, "muted")
    card.press("more")
    card.frame.locator(".menu").wait_for()
    sheet.add(card, "more")
    card.press("captions")
    card.press("keypad")
    sheet.add(card, "keypad")
    card.press("back")
    card.frame.locator(".captions p").first.wait_for()
    sheet.add(card, "captions")
    card.press("minimise")
    card.launcher.filter(has_text=":").wait_for()
    sheet.add_page(card, "minimised")
    card.launcher.click()
    card.frame.evaluate("() => window.__cut(true)")
    card.expect_state("reconnecting")
    sheet.add(card, "reconnecting")
    card.frame.evaluate("() => { window.__away = false; }")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    card.frame.locator(".rating").wait_for()
    sheet.add(card, "ended")
    sheet.lay_out(visitor)
