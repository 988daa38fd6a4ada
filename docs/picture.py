"""Makes docs/picture.png, the README's picture: a real call on the demo site. Run: .venv/bin/python docs/picture.py"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from playwright.sync_api import sync_playwright

from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.chromium import Chromium
from tests.browser.site import Product


def main() -> None:
    product, chromium = Product().start(), Chromium("--hide-scrollbars")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(chromium.endpoint)
            context = browser.new_context(viewport={"width": 1200, "height": 720}, color_scheme="light")
            context.add_init_script(microphone.SCRIPT)
            context.grant_permissions(["microphone"])
            card = Card(context.new_page())
            card.page.goto(product.demo()["site"]["url"])
            card.open().press("start")
            card.expect_turn("speaking")
            card.frame.locator("[data-action=captions]").click()
            card.expect_turn("listening")
            microphone.say(card.frame, HERE.parent / "tests" / "speech" / "02-closing-time.wav")
            card.expect_turn("speaking")
            card.expect_turn("listening")
            card.page.mouse.move(5, 5)
            card.picture(HERE / "picture.png")
            context.close()
    finally:
        chromium.stop()
        product.stop()


if __name__ == "__main__":
    main()
