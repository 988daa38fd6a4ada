"""The demo site's page of the API: each example run once, in a real call, and its result seen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from studio import demo_api
from tests.browser.card import PATIENCE_MS, Card
from tests.browser.test_pages import AXE, RULES

# In an order in which each can be carried out, and how its result begins.
STORY = [
    ("isConnected", "→ false"),
    ("getCurrentSession", "→ null"),
    ("off", "→ "),
    ("connect", "→ null"),
    ("startCall", '→ { "id"'),
    ("mute", "→ null"),
    ("unmute", "→ null"),
    ("sendInfo", "→ null"),
    ("endCall", "→ null"),
    ("connectAndCall", '→ { "id"'),
    ("disconnect", "→ null"),
    ("destroy", "→ undefined"),
]
# Buttons that the open card would lie on, wherever the page is scrolled to.
COVERED = """() => {
  const card = document.querySelector('iframe[allow^=microphone]').getBoundingClientRect();
  return [...document.querySelectorAll('[data-run]')].filter((e) => e.getBoundingClientRect().right > card.left)
    .map((e) => e.dataset.run);
}"""
NOT_IN_THE_STORY = {"onFailed", "onError", "onInfoReceived"}


@pytest.fixture
def api_page(visitor: BrowserContext, demo: dict[str, Any]) -> Page:
    page = visitor.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(demo["api_page"])
    return page


def run(page: Page, name: str, result: str) -> None:
    page.get_by_role("button", name=f"Run {name}", exact=True).click()
    shown = page.locator(f"[data-result={name}]")
    expect(shown).to_contain_text("→" if result.startswith("→") else "✕", timeout=PATIENCE_MS)
    assert shown.text_content().startswith(result), shown.text_content()


def test_every_example_runs_once_and_shows_what_it_gives(api_page: Page):
    card = Card(api_page)
    assert {name for name, _result in STORY} == {one.name for one in demo_api.COMMANDS}
    for name, result in STORY:
        run(api_page, name, result)
        if name == "startCall":
            card.expect_state("in-call")
            assert api_page.evaluate(COVERED) == []
            expect(api_page.locator("#session")).to_contain_text("answered")
            expect(api_page.locator("#connected")).to_have_text("true")
            expect(api_page.locator("[data-event=onTranscription] [data-heard]")).to_contain_text("heard")
    for one in demo_api.EVENTS:
        told = api_page.locator(f"[data-event={one.name}] [data-heard]").text_content()
        assert (told == "not heard yet") == (one.name in NOT_IN_THE_STORY), one.name

    order = api_page.locator("#log b").all_text_contents()
    began, over = order.index("startCall()"), order.index("endCall()")
    steps = [name for name in order[began:over] if name in ("onCaptureAudio", "onRinging", "onAnswered", "startCall →")]
    assert steps == ["onCaptureAudio", "onRinging", "onAnswered", "startCall →"]
    assert card.errors == [] and not [line for line in card.console if "Content Security Policy" in line]

    api_page.get_by_role("button", name="Run mute", exact=True).click()
    expect(api_page.locator("[data-result=mute]")).to_contain_text("is gone")


def test_what_is_refused_is_shown_with_name_and_code(api_page: Page):
    run(api_page, "mute", "✕ InvalidStateError (NO_CALL)")
    run(api_page, "startCall", "✕ InvalidStateError (NOT_CONNECTED)")
    api_page.fill("#sendInfo-data", "[1]")
    run(api_page, "sendInfo", "✕ TypeError")
    api_page.fill("#sendInfo-data", "{")
    run(api_page, "sendInfo", "✕ SyntaxError")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_page_fits_and_breaks_no_rule_of_accessibility(
    new_visitor: Callable[..., BrowserContext], demo: dict[str, Any], theme: str, width: int
):
    page = new_visitor(color_scheme=theme, viewport={"width": width, "height": 844}).new_page()
    page.goto(demo["api_page"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
