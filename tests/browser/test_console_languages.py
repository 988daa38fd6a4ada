"""The languages of a card in the editor: ticked, written, seen in the preview, published, and met by a visitor."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.card import Card
from tests.browser.console import sign_in
from tests.browser.site import Product, Strangers
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.pages

MAKE = """
import json
from agents.models import Project
from widgets import actions
from widgets.install import embed
project = Project.objects.get(slug="harbour-bikes")
widget = actions.create_widget(project, by=None, name="Of several languages", address="127.0.0.1", environment="live")
actions.publish_widget(widget, by=None)
print(json.dumps({"id": widget.pk, "script": embed.script_url(widget)}))
"""


@pytest.fixture
def own_widget(product: Product, demo: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A widget beside the demo's, so that theirs stay as other tests know them."""
    told = product.manage("shell", "-v", "0", "-c", MAKE).strip().splitlines()[-1]
    yield json.loads(told)
    product.manage(
        "shell", "-c", f"from widgets.models import Widget; Widget.objects.get(pk={json.loads(told)['id']}).delete()"
    )


@pytest.fixture
def content(new_visitor: Callable[..., BrowserContext], product: Product, own_widget: dict[str, Any]) -> Page:
    page = new_visitor(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, product)
    page.goto(f"{page.url}web-calling/{own_widget['id']}/content/")
    return page


def look(page: Page, language: str) -> None:
    page.locator("[data-language-switch]:visible label", has_text=language).first.click()


def test_a_second_language_is_written_seen_published_and_met(
    content: Page, new_visitor: Callable[..., BrowserContext], strangers: Strangers, own_widget: dict[str, Any]
):
    card = content.frame_locator(".stage iframe")
    switch = content.locator("[data-language-switch]:visible")
    expect(switch).to_have_count(0)
    content.get_by_label("Welcome message").fill("Ask about bikes.")
    content.get_by_role("checkbox", name="German").check()
    content.get_by_text("The one of their browser").click()
    look(content, "German")
    german = content.locator("[name=texts__de__welcome]")
    expect(german).to_have_attribute("placeholder", "Ask about bikes.")
    expect(card.locator("html")).to_have_attribute("lang", "de")
    expect(card.locator(".stage > p")).to_have_text("Ask about bikes.")

    german.fill("Fragen Sie ")
    content.locator("[data-insert]").first.click()
    expect(german).to_have_value("Fragen Sie ${variant_shop}")
    expect(card.locator(".stage > p")).to_have_text("Fragen Sie Harbour Bikes")
    expect(content.locator("[data-gaps]")).to_be_empty()
    german.fill("Fragen Sie ${variant_nobody}")
    expect(content.locator("[data-gaps]")).to_contain_text("${variant_nobody} under “Welcome message (German)”")
    german.fill("Fragen Sie Harbour Bikes!")
    look(content, "English")
    expect(card.locator(".stage > p")).to_have_text("Ask about bikes.")
    expect(german).to_be_hidden()

    expect(content.locator("[data-publish-summary]")).to_contain_text("Fragen Sie Harbour Bikes!")
    content.reload()
    look(content, "German")
    expect(german).to_have_value("Fragen Sie Harbour Bikes!")
    content.locator("[data-dialog=publish-widget]:visible").click()
    content.locator("#publish-widget").get_by_role("button", name="Publish widget", exact=True).click()
    expect(content.locator("[data-draft-state]").first).to_have_text("Published")

    visitor = Card(new_visitor(locale="de-AT").new_page())
    visitor.page.goto(strangers.put("/languages", f'<script src="{own_widget["script"]}"></script>', host="127.0.0.1"))
    visitor.open()
    expect(visitor.frame.get_by_text("Fragen Sie Harbour Bikes!", exact=True)).to_be_visible()
    expect(visitor.frame.get_by_role("button", name="Anrufen")).to_be_visible()

    look(content, "German")
    content.get_by_role("checkbox", name="German").uncheck()
    expect(content.locator("[name=texts__en__welcome]")).to_be_visible()
    expect(switch).to_have_count(0)
    content.get_by_role("checkbox", name="English").uncheck()
    expect(content.locator("#id_languages_error")).to_have_text("Choose at least one language.")
    content.get_by_role("checkbox", name="English").check()
    expect(content.locator("#id_languages_error")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_in_several_languages_break_no_rule_of_accessibility(content: Page, theme: str):
    content.emulate_media(color_scheme=theme)
    for language in ("German", "Arabic"):
        content.get_by_role("checkbox", name=language).check()
    look(content, "Arabic")
    expect(content.locator("[name=texts__ar__welcome]")).to_be_visible()
    content.evaluate(AXE.read_text() + ";0")
    found = content.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
