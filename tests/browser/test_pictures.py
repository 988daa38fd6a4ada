"""Every state of the card in both themes, on a desktop and on a phone: a sheet of pictures each in test-output/.

Somebody looks at the sheets; what can be measured is asserted: everything fits, is large enough to be hit, and
breaks no rule of accessibility.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser.card import Card
from tests.browser.conftest import PICTURES
from tests.browser.site import Product
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.pages

SIZES = {"desktop": {"width": 1280, "height": 760}, "phone": {"width": 390, "height": 844}}
LEAST_PX = 44  # controls; links in running text may be smaller

SOCKETS = """
const Native = window.WebSocket;
window.__sockets = [];
window.__away = false; // no other one can be had
window.WebSocket = class extends Native {
  constructor(...given) {
    if (window.__away) throw new Error('no network');
    super(...given);
    window.__sockets.push(this);
  }
};
window.__cut = (away) => {
  window.__away = Boolean(away);
  for (const socket of window.__sockets) socket.dispatchEvent(new CloseEvent('close', { code: 1006 }));
};
"""
NO_CALLS = "if (window !== window.parent) delete window.RTCPeerConnection;"
LEAVING = """() => [...document.querySelectorAll('.card *')].filter((e) => {
  const box = e.getBoundingClientRect();
  const drawn = box.width && getComputedStyle(e).visibility === 'visible';
  return drawn && !e.closest('.voice, .captions, .unseen, .long') && 
    (box.left < -0.5 || box.right > innerWidth + 0.5 || box.top < -0.5 || box.bottom > innerHeight + 0.5);
}).map((e) => e.tagName + '.' + e.className)"""
SMALL = """least => [...document.querySelectorAll('.card button')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && (box.height < least || box.width < least);
}).map((e) => e.dataset.action)"""


@pytest.fixture(scope="module")
def scripted_product() -> Iterator[Product]:
    """A product whose agent speaks at once: pictures need no understanding."""
    running = Product(STUDIO_SPEECH="scripted").start()
    yield running
    running.stop()


class Sheet:
    def __init__(self, name: str) -> None:
        self.name = name
        self.pictures: list[tuple[str, bytes]] = []

    def add(self, card: Card, caption: str) -> None:
        frame = card.frame
        card.hold_still()
        assert frame.evaluate(LEAVING) == [], caption
        assert frame.evaluate(SMALL, LEAST_PX) == [], caption
        if not frame.evaluate("() => Boolean(window.axe)"):
            frame.evaluate(AXE.read_text() + ";0")
        broken = frame.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], node["html"]) for rule in broken for node in rule["nodes"]] == [], caption
        self.pictures.append((caption, self._picture(card)))

    def add_page(self, card: Card, caption: str) -> None:
        self.pictures.append((caption, self._picture(card)))

    def _picture(self, card: Card) -> bytes:
        size = card.page.viewport_size
        clip = {"x": 0, "y": 0, **size}
        if size["width"] > 600 and size["height"] > 500:
            clip = {"x": size["width"] - 420, "y": 0, "width": 420, "height": size["height"]}
        return card.page.screenshot(clip=clip)

    def lay_out(self, context: BrowserContext) -> None:
        page = context.new_page()
        page.set_viewport_size({"width": 1800, "height": 900})
        figures = "".join(
            f'<figure style="margin:8px;font:14px sans-serif"><figcaption>{caption}</figcaption>'
            f'<img height=480 src="data:image/png;base64,{base64.b64encode(picture).decode()}"></figure>'
            for caption, picture in self.pictures
        )
        page.set_content(f'<body style="display:flex;flex-wrap:wrap;margin:8px;background:#ddd">{figures}')
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"card-{self.name}.png", full_page=True)
        page.close()


def answer_with(code: str, status: int) -> Callable[[Route], None]:
    body = json.dumps({"error": {"code": code, "message": ""}})
    return lambda route: route.fulfill(status=status, content_type="application/json", body=body)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_fits_and_can_be_hit(
    new_visitor: Callable[..., BrowserContext], scripted_product: Product, theme: str, size: str
):
    sheet = Sheet(f"{theme}-{size}")
    options: dict[str, Any] = {"viewport": SIZES[size], "color_scheme": theme}
    address = f"{scripted_product.site}/demo/consent/"
    tickets = "**/api/v1/widget/ticket"

    visitor = new_visitor(**options)
    visitor.add_init_script(SOCKETS)
    card = Card(visitor.new_page())
    card.page.goto(address)
    card.launcher.wait_for()
    sheet.add_page(card, "closed")
    card.open()
    sheet.add(card, "consent")

    visitor.route(tickets, lambda route: None)
    card.press("consent")
    card.expect_state("connecting")
    sheet.add(card, "connecting")
    card.press("end")
    visitor.unroute(tickets)
    for code, status in (("FULL", 503), ("WIDGET_OFF", 403), ("GRANT_INVALID", 401), ("RATE_LIMITED", 429)):
        visitor.route(tickets, answer_with(code, status))
        card.page.goto(address)
        card.open().press("consent")
        card.expect_state("full" if code == "FULL" else "error")
        sheet.add(card, code)
        visitor.unroute(tickets)
    for thrown in ("NotAllowedError", "NotFoundError", "NotReadableError"):
        card.page.goto(address)
        card.open()
        card.frame.evaluate("name => { __voice.refuse = name; }", thrown)
        card.press("consent")
        card.expect_state("blocked")
        sheet.add(card, thrown)

    card.page.goto(address)
    card.open().press("consent")
    card.expect_state("in-call")
    sheet.add(card, "in call")
    other = Card(visitor.new_page())
    other.page.goto(address)
    other.open()
    other.expect_state("elsewhere")
    sheet.add(other, "elsewhere")
    other.page.close()
    card.press("mute")
    sheet.add(card, "muted")
    card.press("mute")
    card.switch_captions()
    sheet.add(card, "captions")
    card.press("minimise")
    card.launcher.filter(has_text=":").wait_for()
    sheet.add_page(card, "minimised")
    card.open()
    card.frame.evaluate("() => window.__cut(true)")
    card.expect_state("reconnecting")
    sheet.add(card, "reconnecting")
    card.frame.evaluate("() => { window.__away = false; }")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    sheet.add(card, "ended")

    asked = new_visitor(microphone_allowed=False, **options)
    asked.add_init_script(
        "navigator.mediaDevices && (navigator.mediaDevices.getUserMedia = () => new Promise(() => {}));"
    )
    plain = Card(asked.new_page())
    plain.page.goto(f"{scripted_product.site}/demo/")
    plain.open()
    sheet.add(plain, "start (the owner chose dark)")
    plain.press("start")
    plain.expect_state("connecting", reason="asking")
    sheet.add(plain, "asking")

    old = new_visitor(**options)
    old.add_init_script(NO_CALLS)
    plain = Card(old.new_page())
    plain.page.goto(address)
    plain.open()
    plain.expect_state("unsupported")
    sheet.add(plain, "unsupported")

    older = new_visitor(**options)
    older.add_init_script("delete window.RTCPeerConnection;")
    plain = Card(older.new_page())
    plain.page.goto(address)
    plain.launcher.wait_for()
    sheet.add_page(plain, "too old for calls")
    sheet.lay_out(visitor)
