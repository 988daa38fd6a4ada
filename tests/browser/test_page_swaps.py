"""Turbo and Astro, as their packages come, put the next page in the place of this one: the call in it goes on.

`tests/tools.sh` fetches them; the lock file leaves out what the packages would bring besides.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.site import Strangers

PACKAGES = Path(__file__).parent / "node_modules"
TURBO = PACKAGES / "@hotwired" / "turbo" / "dist" / "turbo.es2017-umd.js"
ASTRO = PACKAGES / "astro" / "dist" / "transitions"
LISTED = "127.0.0.1"
PAGE = """<!doctype html><html lang=en class={name}><head><title>{name}</title>{head}</head>
<body data-page={name}><h1>{name}</h1><nav><a href=/one>One</a> <a href=/two>Two</a></nav>{body}</body></html>"""

pytestmark = pytest.mark.skipif(not TURBO.exists(), reason="Turbo and Astro are not installed: sh tests/tools.sh")

TURBO_HEAD = """<script src=/turbo.js></script><meta name=turbo-refresh-method content=morph>"""
ASTRO_HEAD = """<meta name=astro-view-transitions-enabled content=true>
<script type=importmap>{"imports": {"virtual:astro:adapter-config/client": "/astro/adapter.js"}}</script>
<script type=module>
  import { navigate } from '/astro/router.js';
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (link) { event.preventDefault(); navigate(link.href); }
  });
</script>"""


@pytest.fixture
def tag(demo: dict[str, Any]) -> str:
    return f'<script src="{demo["widgets"][0]["script"]}"></script>'


def put_up(strangers: Strangers, head: str, body: str) -> None:
    strangers.serve("/turbo.js", TURBO.read_text(), "text/javascript")
    strangers.serve("/astro/adapter.js", "export const internalFetchHeaders = {};", "text/javascript")
    for name in ("router.js", "events.js", "swap-functions.js"):
        source = (
            (ASTRO / name).read_text().replace("import.meta.env.SSR", "false").replace("import.meta.env.DEV", "false")
        )
        strangers.serve(f"/astro/{name}", source, "text/javascript")
    for name in ("one", "two"):
        strangers.serve(f"/{name}", PAGE.format(name=name, head=head, body=body))


def go(card: Card, to: str) -> None:
    card.page.get_by_role("link", name=to.title()).click()
    arrived(card, to)


def arrived(card: Card, at: str) -> None:
    """The swap is over: Turbo shows no preview, and nothing of Astro's moves. It complains of one that is cut short."""
    expect(card.page.locator("h1")).to_have_text(at)
    card.page.wait_for_function(
        """at => document.body.dataset.page === at && ['data-turbo-preview', 'data-astro-transition'].every(
          (name) => !document.documentElement.hasAttribute(name))""",
        arg=at,
    )


@pytest.mark.parametrize("place", ["head", "body"])
@pytest.mark.parametrize("router", ["turbo", "astro"])
def test_a_call_goes_on_without_a_break_while_pages_are_swapped(
    visitor: BrowserContext, strangers: Strangers, tag: str, router: str, place: str
):
    head = TURBO_HEAD if router == "turbo" else ASTRO_HEAD
    put_up(strangers, head + tag if place == "head" else head, tag if place == "body" else "")
    card = Card(visitor.new_page())
    asked: list[str] = []
    card.page.on("request", lambda request: asked.append(request.url))
    card.page.goto(f"http://{LISTED}:{strangers.port}/one")
    card.page.evaluate("() => { window.sameDocument = true; }")
    card.keep_events()
    card.open().press("start")
    card.expect_state("in-call")
    card.frame.evaluate("() => { window.sameFrame = true; }")

    go(card, "two")
    go(card, "one")
    card.page.go_back()
    arrived(card, "two")
    card.page.go_forward()
    arrived(card, "one")

    assert card.page.evaluate("() => window.sameDocument") is True
    assert card.frame.evaluate("() => window.sameFrame") is True
    assert card.state[0] == "in-call"
    assert card.page.locator("[data-pickup]").count() == 1
    assert len([url for url in asked if "/frame?" in url]) == 1
    assert {"onDisconnected", "onEnded"}.isdisjoint(name for name, _ in card.events)
    card.press("end")
    card.expect_state("ended")
    assert card.errors == []
    assert [line for line in card.console if "Pickup" in line] == []


def test_a_page_that_turbo_morphs_keeps_button_and_call(visitor: BrowserContext, strangers: Strangers, tag: str):
    put_up(strangers, TURBO_HEAD, tag)
    card = Card(visitor.new_page())
    card.page.goto(f"http://{LISTED}:{strangers.port}/one")
    card.open().press("start")
    card.expect_state("in-call")
    card.frame.evaluate("() => { window.sameFrame = true; }")
    strangers.serve("/one", PAGE.format(name="morphed", head=TURBO_HEAD, body=tag + "<p>More</p>"))

    card.page.evaluate(
        """() => new Promise((done) => {
          addEventListener('turbo:morph', done, { once: true });
          Turbo.visit(location.href, { action: 'replace' });
        })"""
    )

    expect(card.page.locator("h1")).to_have_text("morphed")
    assert card.frame.evaluate("() => window.sameFrame") is True
    assert card.state[0] == "in-call"
    card.press("end")
    card.expect_state("ended")
    assert card.errors == []
