"""The widget's editor in a browser: two people at once, what a publish says, a link for a colleague."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.console import open_widget, sign_in
from tests.browser.site import Product

pytestmark = pytest.mark.pages


@pytest.fixture
def editor(new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any]) -> Page:
    page = new_visitor(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, product)
    return open_widget(page, demo["widgets"][0]["name"])


def test_two_editors_notice_each_other_and_choose_whose_words_stay(editor: Page):
    second = editor.context.new_page()
    second.goto(editor.url)
    editor.fill("[name=style__agent_name]", "Theirs")
    expect(editor.locator("[data-draft-state]").first).to_have_text("Changed since it was published")

    second.fill("[name=style__agent_name]", "Mine")
    late = second.locator("#late")
    expect(late).to_be_visible()
    expect(late).to_contain_text("demo saved other settings")
    second.reload()
    expect(second.locator("[name=style__agent_name]")).to_have_value("Theirs")

    editor.fill("[name=style__launcher_label]", "Ring us")
    expect(editor.frame_locator(".stage iframe").locator("#title")).to_contain_text("Theirs")
    second.fill("[name=style__agent_name]", "Mine again")
    second.locator("#late [data-mine]").click()
    expect(second.locator("[data-draft-state]").first).to_have_text("Changed since it was published")
    editor.reload()
    expect(editor.locator("[name=style__agent_name]")).to_have_value("Mine again")


def test_the_publish_dialog_follows_what_is_typed(editor: Page):
    editor.fill("[name=style__agent_name]", "Robin of the harbour")
    expect(editor.locator("[data-publish-summary]")).to_contain_text("Robin of the harbour")
    editor.locator("[data-dialog=publish-widget]:visible").click()
    dialog = editor.locator("#publish-widget")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Publish widget", exact=True).click()
    expect(editor.locator("[data-draft-state]").first).to_have_text("Published")


def test_a_chat_is_previewed_with_what_its_visitors_are_offered(editor: Page, demo: dict[str, Any]):
    chat = next(one for one in demo["widgets"] if one["kind"] == "chat")
    editor.goto(editor.url.partition("web-calling/")[0])
    open_widget(editor, chat["name"])
    card = editor.frame_locator(".stage iframe")
    expect(card.locator("[data-action=talk]")).to_be_visible()
    editor.locator(".states label", has_text="Ended").click()
    expect(card.locator(".stars")).to_be_visible()
    expect(card.locator(".composer")).to_be_hidden()


def test_a_colour_says_at_once_how_it_comes_out(editor: Page):
    editor.fill("[name=style__brand]", "#ffee00")
    expect(editor.locator("[data-contrast]")).to_contain_text("so that everybody can read it")


def test_a_look_at_the_site_is_told_on_the_page(editor: Page):
    editor.goto(editor.url + "embed/")
    editor.fill("#page", "10.0.0.1")
    editor.get_by_role("button", name="Check my site").click()
    expect(editor.locator("[data-check-result]")).to_contain_text("on a private network")


def test_on_a_phone_the_share_tab_is_saved_without_a_second_bar_in_the_way(editor: Page):
    editor.set_viewport_size({"width": 390, "height": 800})
    editor.goto(editor.url + "share/")
    page = editor.locator("[name=enabled]")
    page.set_checked(not page.is_checked())
    editor.locator(".bar.unsaved [type=submit]").click()
    expect(editor.locator(".toast").first).to_contain_text("Done. It takes effect at once.")
