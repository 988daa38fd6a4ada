"""The pages of the agent in a browser: tried, written, pasted. How they look: test_console_sheets.py."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.console import sign_in
from tests.browser.site import Product

pytestmark = pytest.mark.pages

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def context(
    new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any]
) -> Iterator[BrowserContext]:
    """Somebody who is signed in, with the demo as it comes."""
    context = new_visitor(viewport=DESKTOP)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
    page = context.new_page()
    sign_in(page, product)
    page.close()
    return context


@pytest.fixture
def page(context: BrowserContext, product: Product) -> Iterator[Page]:
    """A page on which every mistake of a script is one of the test."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.base = f"{product.url}/console/harbour-bikes/"  # type: ignore[attr-defined]
    yield page
    assert wrong == []


def at(page: Page, path: str) -> None:
    page.goto(page.base + path)  # type: ignore[attr-defined]
    page.wait_for_load_state("networkidle")


def test_the_draft_is_tried_by_typing_and_says_why_it_answered(page: Page):
    at(page, "knowledge/")
    page.click(".dock [data-open-test]")
    turns = page.locator("#test-panel .test-turns > ol > li")
    expect(turns).to_have_count(1)
    page.fill("#test-text", "When do you close on Sundays?")
    page.press("#test-text", "Enter")
    expect(turns).to_have_count(3, timeout=20_000)  # the first question of a process reads the bank
    expect(turns.nth(2).locator(".why")).to_contain_text("Sunday opening hours")
    expect(turns.nth(2).locator(".why")).to_contain_text("ms")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(page.locator("#test-panel")).to_be_hidden()
    expect(page.locator(".dock [data-open-test]")).to_be_focused()


def test_a_question_shows_its_answer_and_what_came_close(page: Page):
    at(page, "knowledge/")
    page.fill("#try-text", "how much is it to fix a flat tyre")
    page.press("#try-text", "Enter")
    expect(page.locator("[data-answer]")).not_to_be_empty(timeout=20_000)
    expect(page.locator(".scores li")).to_have_count(3)


def test_a_voice_is_heard_before_it_is_chosen(page: Page):
    at(page, "agent-voice/")
    with page.expect_response("**/test/say/") as told:
        page.click(".voice:not([hidden]) [data-play]")
    assert told.value.status == 200 and told.value.headers["content-type"] == "audio/wav"


def test_a_choice_sets_its_number_and_a_number_names_its_choice(page: Page):
    at(page, "agent-voice/")
    page.check("[name=patience][value=patient]", force=True)
    expect(page.locator("#id_end_of_turn_ms")).to_have_value("700")
    page.click("text=The numbers behind it")
    page.fill("#id_end_of_turn_ms", "640")
    expect(page.locator("[name=patience][value=own]")).to_be_checked()
    page.fill("#id_end_of_turn_ms", "300")
    expect(page.locator("[name=patience][value=brisk]")).to_be_checked()


def cells(page: Page) -> list[list[str]]:
    return page.evaluate(
        "() => [...document.querySelectorAll('.grid tbody tr:not(.gap)')].map((row) => [...row.children].map("
        "(cell) => (cell.querySelector('.shown') ?? cell).textContent))"
    )


def test_a_table_is_pasted_undone_and_kept_by_keyboard_alone(page: Page):
    at(page, "variants/")
    page.evaluate('() => navigator.clipboard.writeText(\'North\\tNorth Bikes\\nSouth\\t"South, ""old"" Bikes"\')')
    page.focus(".grid")
    page.keyboard.press("Control+v")
    assert cells(page) == [["North", "North Bikes"], ["South", 'South, "old" Bikes']]
    page.keyboard.press("Control+z")
    assert cells(page) == [["Harbour", "Harbour Bikes"]]
    page.keyboard.press("End")
    page.keyboard.type("Quay")
    page.keyboard.press("Escape")
    assert cells(page) == [["Harbour", "Harbour Bikes"]]
    page.keyboard.type("Quay")
    page.keyboard.press("Enter")
    assert cells(page) == [["Harbour", "Quay"]]
    page.click(".bar.unsaved [type=reset]")
    expect(page.locator(".bar.unsaved")).to_be_hidden()  # the table is put back a moment after the click
    assert cells(page) == [["Harbour", "Harbour Bikes"]]
    expect(page.locator(".bar.unsaved")).to_be_hidden()


def test_a_full_table_draws_only_what_is_in_sight(page: Page):
    at(page, "variants/")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", "\n".join(f"Shop {n}" for n in range(1000)))
    page.focus(".grid")
    page.keyboard.press("Control+v")
    expect(page.locator("[data-count]")).to_contain_text("1000 of 1000")
    assert page.locator(".grid tbody tr").count() < 80
    page.keyboard.press("Control+End")
    expect(page.locator('[aria-selected="true"]')).to_have_attribute("data-row", "999")
    page.click(".sheet-tools [data-tool=addRow]")
    expect(page.locator(".toast.bad")).to_contain_text("at most 1000")


def test_a_rehearsal_is_written_line_by_line_and_held_by_the_worker(page: Page):
    at(page, "rehearsals/new/")
    page.fill("[name=name]", "Parks and asks again")
    page.fill("[name=say-0]", "Where do I leave my car?")
    page.fill("[name=value-0]", "Parking")
    page.click("[data-add-line]")
    expect(page.locator("[name=say-1]")).to_be_focused()
    page.keyboard.type("Nonsense")
    page.click("[data-add-line]")
    page.fill("[name=say-2]", "What time do you close on weekdays?")
    page.click("[data-add-check='2']")
    page.select_option("[name=kind-2]", "unknown")
    expect(page.locator("[name=value-2]")).to_be_hidden()
    page.select_option("[name=kind-2]", "topic")
    page.fill("[name=value-2]", "Weekday opening hours")
    page.locator(".script-line").nth(1).get_by_role("button", name="Remove this line").click()
    expect(page.locator("[name=say-2]")).to_be_focused()
    assert Axe().run(page).response["violations"] == []

    page.click("[name=rehearse]")

    expect(page.locator(".runs a")).to_have_count(5, timeout=90_000)  # the worker reads its models first
    expect(page.locator("#rehearsals:not([data-refresh-ms])")).to_be_visible(timeout=30_000)
    expect(page.locator(".checklist > .done")).to_have_count(2)
    expect(page.get_by_text("5 of 5 calls pass")).to_be_visible()
