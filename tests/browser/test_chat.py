"""A chat on a page: question and answer, a reload, a second tab, no network, the end with stars; beside a Phone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat import ChatCard
from tests.browser.site import Product, Strangers
from tests.browser.test_pages import AXE, RULES
from tests.browser.test_pictures import SIZES, SOCKETS, Sheet

MAKE = """
import json
from agents.models import Environment
from studio import demo
from widgets import actions
from widgets.models import Kind
made = []
for name, config in (("Stars", {"rating": True, "style": {"theme": "auto"}}), ("Arabic", %r)):
    widget = demo.find().widgets.filter(name=name).first() or actions.create_widget(
        demo.find(), by=None, name=name, address="127.0.0.1", environment=Environment.LIVE, kind=Kind.CHAT
    )
    actions.save_draft(widget, {**widget.draft, **config}, by=None)
    actions.publish_widget(widget, by=None)
    made.append(widget.code)
print(json.dumps(made))
"""
ARABIC = {
    "languages": ["ar"],
    "consent": {"enabled": True},
    "style": {"theme": "auto", "brand": "#c8401f"},
    "words": {"questions": "متى تفتحون؟\nكم يكلف الإصلاح؟"},
}
PAGE = '<main><p>Words of the shop.</p><a href="{other}">Another page</a></main>{tags}'
QUESTION = "When are you open?"


@pytest.fixture(scope="module")
def codes(product: Product) -> list[str]:
    """One chat that asks for stars, one in Arabic that asks for consent."""
    return json.loads(product.manage("shell", "-c", MAKE % ARABIC).strip().splitlines()[-1])


@pytest.fixture(scope="module")
def put(product: Product, strangers: Strangers) -> Callable[..., str]:
    def make(path: str, *codes: str, other: str = "#") -> str:
        tags = "".join(f'<script src="{product.url}/widget/{code}.js"></script>' for code in codes)
        return strangers.put(path, PAGE.format(other=other, tags=tags), host="127.0.0.1")

    return make


def assert_accessible(card: ChatCard) -> None:
    card.hold_still()
    if not card.frame.evaluate("() => Boolean(window.axe)"):
        card.frame.evaluate(AXE.read_text() + ";0")
    broken = card.frame.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(rule["id"], node["html"]) for rule in broken for node in rule["nodes"]] == []


def test_a_chat_is_written_by_keyboard_outlives_reload_and_network_ends_with_stars_and_looks_an_order_up(
    visitor: BrowserContext, codes: list[str], put: Callable[..., str]
):
    visitor.add_init_script(SOCKETS)
    other = put("/chat-2", codes[0])
    page = visitor.new_page()
    card = ChatCard(page)
    page.goto(put("/chat-1", codes[0], other=other))

    # By keyboard alone: the button, the field, Enter. What is being composed is not sent, a new line is not either.
    card.launcher.focus()
    page.keyboard.press("Enter")
    expect(card.field).to_be_focused()
    expect(card.frame.locator(".hello .say")).to_contain_text("Robin")
    card.field.dispatch_event("compositionstart")
    page.keyboard.type("When are")
    page.keyboard.press("Enter")
    card.field.dispatch_event("compositionend")
    expect(card.frame.locator(".turn.you")).to_have_count(0)
    card.write(QUESTION)
    card.expect_answers(1)
    first = card.said
    assert first[1] == f"you: {QUESTION}" and "nine" in first[2]
    expect(card.frame.locator(".unseen[role=status]")).to_contain_text("nine")  # read aloud, once it is whole
    assert_accessible(card)

    # Another page of the tab: the chat is as it was left, nothing lost or doubled, and the page keeps its focus.
    card.field.fill("half a th")
    page.click("text=Another page", force=True)
    expect(card.field).to_have_value("half a th")
    expect(card.field).to_be_visible()
    card.expect_answers(1)
    assert card.said == first
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"
    card.press("minimise")
    page.reload()
    card.frame.locator(".turn.agent").first.wait_for(state="attached")
    expect(card.launcher).to_have_attribute("aria-expanded", "false")
    card.launcher.click()
    expect(card.field).to_have_value("half a th")

    # A second tab shows the same chat, live.
    second = ChatCard(visitor.new_page())
    second.page.goto(other)
    second.launcher.click()
    second.expect_answers(1)
    assert second.said == first
    second.write("And on Saturday?")
    second.expect_answers(2)
    card.expect_answers(2)

    # Without a network words wait; they go out once.
    visitor.set_offline(True)
    card.frame.evaluate("() => window.__cut()")
    card.write("Thank you")
    expect(card.frame.locator(".note")).to_be_visible()
    expect(card.frame.locator(".turn.you .meta")).to_contain_text("Waits")
    visitor.set_offline(False)
    card.expect_answers(3)
    expect(card.frame.locator(".note")).to_have_count(0)
    assert [words for words in card.said if words == "you: Thank you"] == ["you: Thank you"]

    # The end, and stars with a word.
    card.press("more")
    card.press("end")
    card.frame.locator(".chat[data-state=ended]").wait_for()
    second.frame.locator(".chat[data-state=ended]").wait_for()
    card.frame.locator("input[value='4']").check(force=True)
    card.frame.locator("#better").fill("The hours were hard to find.")
    expect(card.frame.locator(".mark")).to_be_in_viewport()  # the end stays in sight above the stars
    assert_accessible(card)
    card.press("skip")
    card.press("new")
    card.frame.locator(".chat[data-state=open]").wait_for()
    assert [words for words in card.said if words.startswith("you:")] == []

    # A flow looks an order up in the demo's own order desk, a process beside the product.
    card.write("Where is my order?")
    card.expect_answers(1)
    card.write("47111")
    card.expect_answers(2)
    assert "red touring bike is in the workshop" in card.said[-1]
    assert card.errors == [] and second.errors == []


def test_a_phone_and_a_chat_stand_in_one_row_and_each_drives_its_own(
    visitor: BrowserContext, demo: dict[str, Any], codes: list[str], put: Callable[..., str]
):
    page = visitor.new_page()
    card = ChatCard(page)
    page.goto(put("/both", demo["widgets"][0]["code"], codes[0]))
    page.wait_for_function("() => window.PolyphoneAPI && window.WebchatAPI")
    boxes = """() => ['launcher', 'chat'].map((name) => {
      const { left, right, top } = document.querySelector('[data-pickup=' + name + ']').getBoundingClientRect();
      return { left, right, top };
    })"""
    page.wait_for_function(f"() => {{ const [a, b] = ({boxes})(); return a.right <= b.left && a.top === b.top; }}")
    phone = page.locator("[data-pickup=launcher] [data-action=open]")
    face = "button => getComputedStyle(button).backgroundColor"
    assert phone.evaluate(face) in ("rgb(255, 255, 255)", "rgb(25, 27, 32)")  # the owner's colour is the chat's alone
    assert phone.evaluate(face) != card.launcher.evaluate(face)

    card.keep_events()
    card.api("WebchatAPI.openWidget()")
    card.write(QUESTION)
    card.expect_answers(1)
    phone.click()
    expect(phone).to_have_attribute("aria-expanded", "true")
    expect(card.launcher).to_have_attribute("aria-expanded", "false")
    card.launcher.click()
    expect(phone).to_have_attribute("aria-expanded", "false")
    expect(card.field).to_be_visible()
    card.api("WebchatAPI.endSession()")
    card.expect_event("onSessionEnded")
    names = [name for name, _args in card.events]
    assert names.count("onMessageSent") == 1 and names.count("onMessageReceived") == 2
    assert card.api("WebchatAPI.getConfig().code") == codes[0]

    card.api("WebchatAPI.destroy()")
    assert card.api("typeof WebchatAPI + typeof PolyphoneAPI") == "undefinedobject"
    expect(page.locator("[data-pickup=chat]")).to_have_count(0)
    assert card.errors == []


def test_a_chat_goes_on_aloud_outlives_a_reload_and_comes_back_to_typing(
    visitor: BrowserContext, codes: list[str], put: Callable[..., str]
):
    page = visitor.new_page()
    card = ChatCard(page)
    page.goto(put("/aloud", codes[0]))
    card.launcher.click()
    card.write(QUESTION)
    card.expect_answers(1)

    card.press("talk")
    card.frame.locator(".chat[data-call=in-call]").wait_for()
    card.write("And on Saturday?")
    aloud = card.frame.locator(".turn.agent .by .unseen")
    expect(aloud).to_have_count(1, timeout=30_000)
    assert_accessible(card)

    page.reload()
    card.frame.locator(".chat[data-call=in-call]").wait_for()
    expect(card.frame.locator(".turn.you .say")).to_have_count(2)
    card.press("hangup")
    expect(card.frame.locator(".strip")).to_have_count(0)
    card.write("Thank you")
    card.expect_answers(3)
    expect(card.frame.locator(".mark")).to_have_count(2)
    assert [words for words in card.said if words.startswith("you:")] == [
        f"you: {QUESTION}", "you: And on Saturday?", "you: Thank you",
    ]  # fmt: skip
    assert card.errors == []


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_a_chat_is_seen_in_both_themes_and_sizes_from_right_to_left_too(
    size: str, theme: str, new_visitor: Callable[..., BrowserContext], codes: list[str], put: Callable[..., str]
):
    context = new_visitor(viewport=SIZES[size], color_scheme=theme)
    sheet = Sheet(f"chat-{size}-{theme}")
    card = ChatCard(context.new_page())
    card.page.goto(put("/arabic", codes[1]))
    sheet.add_page(card, "Button")
    card.launcher.click()
    card.frame.locator(".chat[data-state=consent]").wait_for()
    sheet.add(card, "Consent, from right to left")
    card.press("agree")
    expect(card.frame.locator(".starts button").first).to_be_visible()
    assert card.frame.evaluate("() => document.documentElement.dir") == "rtl"
    sheet.add(card, "Questions to begin with")
    card.frame.locator(".starts button").first.click()
    card.expect_answers(1)
    sheet.add(card, "An answer")

    card.page.goto(put("/chat-3", codes[0]))
    card.launcher.click()
    card.write("x" * 70 + " is a long word. " + QUESTION)
    card.expect_answers(1)
    card.field.fill("One line\n" * 9)
    sheet.add(card, "Long words, much to send")
    card.press("more")
    sheet.add(card, "Menu")
    card.press("end")
    card.frame.locator(".stars").wait_for()
    sheet.add(card, "Stars")
    card.press("skip")
    sheet.add(card, "Ended")
    sheet.lay_out(context)
