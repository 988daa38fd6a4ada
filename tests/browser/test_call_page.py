"""Calls from pages of our own: the shareable page behind its passphrase, and a test link."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import microphone, speech
from tests.browser.card import Card
from tests.browser.conftest import PICTURES
from tests.browser.site import Product, until

WORDS = "anchor street"
SIZES = {"desktop": {"width": 1280, "height": 760}, "phone": {"width": 390, "height": 844}}

MAKE = """
from widgets import actions
from widgets.admission import call_page
from widgets.models import Widget
widget = Widget.objects.get(name={name!r})
actions.save_call_page(widget, by=None, enabled={enabled}, environment="live", expires_at=None)
actions.set_call_page_passphrase(widget, {words!r}, by=None)
print("ADDRESS", call_page.url(widget.call_page))
"""
TEST_LINK = """
from widgets import actions
from widgets.models import Widget
print("ADDRESS", actions.make_test_link(Widget.objects.get(name={name!r}), by=None))
"""


def address(product: Product, code: str) -> str:
    return re.search(r"ADDRESS (\S+)", product.manage("shell", "-v", "0", "-c", code))[1]


def open_page(product: Product, words: str, *, name: str = "Shop page with consent", enabled: bool = True) -> str:
    return address(product, MAKE.format(name=name, words=words, enabled=enabled))


@pytest.fixture
def shared(product: Product) -> Iterator[str]:
    """The call page of the widget that asks for consent, behind a passphrase."""
    yield open_page(product, WORDS)
    open_page(product, "", enabled=False)


REWORD = """
from widgets import actions
from widgets.models import Widget
widget = Widget.objects.get(name="Shop page with consent")
actions.save_draft(widget, widget.draft | {more!r}, by=None)
actions.publish_widget(widget, by=None)
print("ADDRESS", "-")
"""
ASKS = {"languages": ["en", "ar"], "language_choice": "ask"}


class Complaints:
    """What the browser had against a page: errors, and everything its policy refused."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))


def kept(product: Product, site: str) -> dict:
    return until(lambda: next((one for one in product.conversations() if one["site"] == site and one["cause"]), None))


@pytest.mark.speech
def test_an_invited_person_gives_the_passphrase_consents_and_talks(
    shared: str, product: Product, visitor: BrowserContext
):
    card = Card(visitor.new_page())
    complaints = Complaints(card.page)
    card.page.goto(shared)
    card.page.get_by_label("Passphrase").fill("no idea")
    card.page.get_by_role("button", name="Continue").click()
    expect(card.page.get_by_role("alert")).to_contain_text("4 tries left")
    assert card.page.locator("iframe").count() == 0

    card.page.get_by_label("Passphrase").fill(WORDS)
    card.page.keyboard.press("Enter")
    card.expect_state("consent")
    card.press("consent")
    card.expect_state("in-call")
    card.expect_turn("speaking")
    card.expect_turn("listening")
    assert "robin" in speech.understood(microphone.heard(card.frame)).lower()
    expect(card.frame.locator(".captions")).to_contain_text("Robin")
    expect(card.page).to_have_title(re.compile(r"^\d\d:\d\d · Talk to Robin · Harbour Bikes$"))

    microphone.say(card.frame, speech.clip("02-closing-time"))
    card.expect_turn("speaking")
    card.expect_turn("listening")
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")
    expect(card.page).to_have_title("Talk to Robin · Harbour Bikes")

    call = kept(product, "Call page")
    assert call["environment"] == "live" and call["consent"] and call["widget"] == "Shop page with consent"
    assert "sunday" in next(turn for turn in call["turns"] if turn["speaker"] == "visitor")["text"].lower()
    assert complaints.said == []

    card.page.reload()  # who was let in is not asked again
    card.expect_state("consent")


def test_a_page_that_is_switched_off_while_somebody_looks_at_it_says_so(product: Product, visitor: BrowserContext):
    url = open_page(product, "", name="Shop page")
    card = Card(visitor.new_page())
    card.page.goto(url)
    card.expect_state("start")
    open_page(product, "", name="Shop page", enabled=False)
    card.press("start")
    card.expect_state("error")
    expect(card.frame.locator("#title")).to_have_text("This link has ended")
    assert card.page.goto(url).status == 410
    open_page(product, "", name="Shop page")


def test_a_visitor_chooses_their_language_and_nothing_stands_on_the_words(
    product: Product, new_visitor: Callable[..., BrowserContext]
):
    address(product, REWORD.format(more=ASKS))
    url = open_page(product, "")
    for size in SIZES.values():
        card = Card(new_visitor(viewport=size, locale="en-GB").new_page())
        card.page.goto(url)
        card.expect_state("consent")
        card.frame.locator(".tongue select").select_option("ar")
        expect(card.frame.locator("#title")).to_have_text("تحدث مع Robin")
        title, words, voice, chooser = (
            card.frame.locator(one).bounding_box() for one in ("#title", ".agreement", ".voice", ".tongue select")
        )
        for one in (title, words):
            beside = one["x"] >= voice["x"] + voice["width"] or one["y"] >= voice["y"] + voice["height"]
            assert beside and one["y"] >= chooser["y"] + chooser["height"], (size, one, voice)
        assert not card.frame.locator("[data-action=decline]").is_visible()
    address(product, REWORD.format(more={"languages": ["en"], "language_choice": "browser"}))
    open_page(product, "", enabled=False)


def test_a_colleague_calls_from_a_test_link_and_the_call_counts_as_a_test(product: Product, visitor: BrowserContext):
    url = address(product, TEST_LINK.format(name="Shop page"))
    card = Card(visitor.new_page())
    complaints = Complaints(card.page)
    card.page.goto(url)
    expect(card.page.locator("[data-runs]")).to_have_attribute("data-runs", "published")
    card.open().press("start")
    card.expect_state("in-call")
    card.expect_turn("speaking")
    card.press("end")
    card.expect_state("ended")
    assert kept(product, "Test link")["environment"] == "live"
    code = "from calling.models import Conversation as C\nprint('ADDRESS', C.objects.get(site='Test link').is_test)"
    assert address(product, code) == "True"
    assert complaints.said == []


def test_the_other_local_name_leads_to_the_same_page(product: Product, visitor: BrowserContext):
    url = open_page(product, "", name="Shop page")
    card = Card(visitor.new_page())
    card.page.goto(url.replace("localhost", "127.0.0.1"))
    card.expect_state("start")
    assert card.page.url == url


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_the_page_and_everything_can_be_hit(
    product: Product, new_visitor: Callable[..., BrowserContext], size: str, scheme: str
):
    url = open_page(product, "")
    context = new_visitor(viewport=SIZES[size], color_scheme=scheme)
    card = Card(context.new_page())
    for state in ("consent", "in-call", "ended"):
        if state == "consent":
            card.page.goto(url)
        else:
            card.press({"in-call": "consent", "ended": "end"}[state])
        card.expect_state(state)
        card.hold_still()
        for root in (card.page, card.frame):
            wide = root.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, state
        small = card.frame.evaluate(
            """() => [...document.querySelectorAll('.card button')].filter((e) => e.offsetParent).map((e) =>
              [e.dataset.action, e.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 44
              || box.bottom > innerHeight || box.right > innerWidth).map(([action]) => action)"""
        )
        assert small == [], state
        card.picture(PICTURES / f"call-page-{state}-{size}-{scheme}.png")
    open_page(product, WORDS)
    card.page.context.clear_cookies()
    card.page.goto(url)
    card.picture(PICTURES / f"call-page-passphrase-{size}-{scheme}.png")
    open_page(product, "", enabled=False)
    card.page.goto(url)
    card.picture(PICTURES / f"call-page-ended-link-{size}-{scheme}.png")
