"""The card in the visitor's language: by the browser, by the first one, and by asking."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.site import Product
from tests.browser.test_pages import AXE, RULES
from tests.browser.test_pictures import Sheet

SHOW = """
from widgets.models import Widget
from widgets import actions
widget = Widget.objects.get(code={code!r})
actions.save_draft(widget, {{**widget.draft, **{config!r}}}, by=None)
actions.publish_widget(widget, by=None)
"""
CONFIG = {
    "words": {"welcome": "Ask ${variant_shop} anything.", "start_label": "Call now", "end_label": "End call"},
    "texts": {
        "de": {
            "launcher_label": "Anruf",
            "welcome": "Fragen Sie uns nach Rädern.",
            "message": "Das Gespräch wird aufgezeichnet ({{privacyPolicyUrl}}).",
        },
        "ar": {"message": "سنسجل المكالمة، انظر {{privacyPolicyUrl}} و{{termsUrl}}.", "button": "نعم، موافق"},
    },
    "languages": ["en", "de", "ar"],
}


@pytest.fixture(scope="module")
def own_product() -> Iterator[Product]:
    """A product whose widgets these tests publish anew."""
    running = Product(STUDIO_SPEECH="scripted").start()
    yield running
    running.stop()


@pytest.fixture
def show(own_product: Product, new_visitor: Callable[..., BrowserContext]) -> Callable[..., Card]:
    """A visitor with that browser language before one of the demo's widgets, the asking one being the second."""
    widgets = own_product.demo()["widgets"]

    def open_page(choice: str, locale: str, *, asking: bool = False, **options: Any) -> Card:
        widget = widgets[1 if asking else 0]
        config = {**CONFIG, "language_choice": choice}
        own_product.manage("shell", "-c", SHOW.format(code=widget["code"], config=config))
        card = Card(new_visitor(locale=locale, **options).new_page())
        card.page.goto(widget["page"])
        return card

    return open_page


def written(card: Card) -> list[str]:
    return card.frame.evaluate("() => [document.documentElement.lang, document.documentElement.dir || 'ltr']")


def test_the_card_and_its_button_follow_a_german_browser_without_one_more_request(show: Callable[..., Card]):
    card = show("browser", "de-DE")
    asked: list[str] = []
    card.page.on("request", lambda request: asked.append(request.url))
    expect(card.launcher).to_have_accessible_name("Anruf")
    card.open()
    expect(card.frame.get_by_text("Fragen Sie uns nach Rädern.", exact=True)).to_be_visible()
    expect(card.frame.get_by_role("button", name="Call now")).to_be_visible()  # the first language stands in
    assert written(card) == ["de", "ltr"]
    assert card.frame.locator("[data-action=language]").count() == 0
    assert [url.rpartition("/")[2].partition(".")[0] for url in asked if "/strings/" in url] == ["de"]
    card.press("start")
    card.expect_state("in-call")
    expect(card.frame.get_by_role("button", name="Auflegen")).to_be_visible()


def test_a_visitor_whose_language_is_not_offered_gets_the_first_one(show: Callable[..., Card]):
    card = show("browser", "fr-FR").open()
    expect(card.frame.get_by_text("Ask Harbour Bikes anything.", exact=True)).to_be_visible()
    assert written(card) == ["en", "ltr"]


def test_a_visitor_who_is_asked_chooses_arabic_and_agrees_to_the_arabic_words(
    show: Callable[..., Card], own_product: Product
):
    card = show("ask", "en-GB", asking=True).open()
    card.expect_state("consent")
    choice = card.frame.get_by_role("combobox", name="Language")
    assert choice.locator("option").all_inner_texts() == ["English", "Deutsch", "العربية"]
    before = card.frame.locator(".acts").bounding_box()
    choice.focus()
    choice.select_option("ar")
    agreed = card.frame.get_by_role("button", name="نعم، موافق")
    expect(agreed).to_be_visible()
    assert written(card) == ["ar", "rtl"]
    expect(card.frame.get_by_role("combobox", name="اللغة")).to_be_focused()
    expect(card.frame.get_by_role("status")).to_contain_text("تحدث مع Robin")
    after = card.frame.locator(".acts").bounding_box()
    assert before and after and before["y"] + before["height"] == after["y"] + after["height"]
    words = card.frame.locator(".agreement").inner_text()
    agreed.click()
    card.expect_state("in-call")
    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")
    kept = own_product.conversation(reference)["consent"]
    assert kept["language"] == "ar"
    assert kept["text"].replace("{privacy}", "سياسة الخصوصية").replace("{terms}", "الشروط") == words
    card.page.reload()
    card.page.wait_for_function("() => PolyphoneAPI.getCurrentSession() !== null")
    card.launcher.click()
    card.expect_state("in-call")
    card.frame.wait_for_function("() => document.documentElement.lang === 'ar'")
    card.press("end")
    card.expect_state("ended")
    expect(card.frame.get_by_role("heading", name="انتهت المكالمة")).to_be_visible()


def test_a_language_whose_words_do_not_come_leaves_the_card_as_it_is(show: Callable[..., Card]):
    card = show("ask", "en-GB").open()
    card.page.context.route("**/strings/ar*", lambda route: route.abort())
    card.frame.get_by_label("Language").select_option("ar")
    expect(card.frame.get_by_label("Language")).to_have_value("en")
    assert written(card) == ["en", "ltr"]
    card.frame.get_by_label("Language").select_option("de")
    expect(card.frame.get_by_label("Sprache")).to_have_value("de")


def test_the_choice_is_kept_for_the_next_page_of_the_tab(show: Callable[..., Card]):
    card = show("ask", "en-GB").open()
    card.frame.get_by_label("Language").select_option("de")
    expect(card.frame.get_by_label("Sprache")).to_be_visible()
    card.page.reload()
    card.open()
    expect(card.frame.get_by_label("Sprache")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_choice_breaks_no_rule_of_accessibility_and_fits(show: Callable[..., Card], theme: str):
    sizes = {
        "desktop": {"width": 1280, "height": 800},
        "phone": {"width": 390, "height": 800},
        "sideways": {"width": 800, "height": 390},
    }
    card = show("ask", "en-GB", asking=True, color_scheme=theme, viewport=sizes["desktop"]).open()
    sheet = Sheet(f"languages-{theme}")
    for language, label in {"en": "Language", "ar": "اللغة"}.items():
        card.frame.locator("[data-action=language]").select_option(language)
        expect(card.frame.get_by_label(label)).to_be_visible()
        box = card.frame.get_by_label(label).bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44
        card.frame.evaluate(AXE.read_text() + ";0")
        found = card.frame.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
        for size, viewport in sizes.items():
            card.page.set_viewport_size(viewport)
            sheet.add(card, f"{language}, {size}")
    sheet.lay_out(card.page.context)
