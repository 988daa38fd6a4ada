"""The whole story in one run: somebody who has never seen the console, from the first login to the first call on their
site, and to why a visitor was refused. Nothing on any of the pages may go wrong on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from calling.record import end_reasons
from tests.browser import microphone, speech
from tests.browser.card import PATIENCE_MS, Card
from tests.browser.site import PASSWORD, Product, Strangers

pytestmark = pytest.mark.speech

GREETING = "Hello, this is Robin at Yellow Door. What can I do for you?"
QUESTION = "What are the rules for a rental bike?"
RULE = "Lock the frame to something solid, and bring the bike back before six."
SITE, OTHER = "shop.localhost", "market.localhost"


class Watched:
    """Every page of the story, in whose console nothing may turn red."""

    def __init__(self, new_visitor: Callable[..., BrowserContext], product: Product) -> None:
        self._new_visitor = new_visitor
        self._origin = product.url
        self.wrong: list[str] = []

    def page(self, **options: Any) -> Page:
        """In a browser of its own, signed in nowhere."""
        context = self._new_visitor(**options)
        context.grant_permissions(["microphone", "clipboard-read", "clipboard-write"], origin=self._origin)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda line: self._line(page, line.type, line.text))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def _line(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" or "Content Security Policy" in text:
            self.wrong.append(f"{page.url}: {text}")


@pytest.fixture
def watched(new_visitor: Callable[..., BrowserContext], product: Product) -> Watched:
    return Watched(new_visitor, product)


def test_from_the_first_login_to_the_first_call_and_to_why_a_visitor_was_refused(
    watched: Watched, product: Product, demo: dict[str, Any], strangers: Strangers
):
    console = watched.page(viewport={"width": 1440, "height": 900})
    base = a_project_is_made(console, product)
    the_agent_gets_its_words(console, base)
    the_draft_is_tried(console, base)
    it_goes_live(console, base)
    widget = a_widget_is_made_styled_and_published(console, base)
    a_colleague_tries_it(console, widget, watched)

    page = strangers.put("/story", the_tag(console, widget), host=SITE)
    visitor = Card(watched.page())
    visitor.page.goto(page)
    expect(visitor.launcher).to_be_visible()
    expect(console.locator("[data-needs]")).to_contain_text(f"seen on {SITE}:{strangers.port}", timeout=PATIENCE_MS)
    a_visitor_is_answered(visitor)
    the_call_is_in_the_console(console, base)
    a_refused_site_is_let_in(console, widget, strangers, watched)
    a_failed_call_says_why(console, base, page, watched)

    assert watched.wrong == []


def a_project_is_made(console: Page, product: Product) -> str:
    """By name after the demo's, which stays the one that other tests' sign-in leads to."""
    console.goto(product.url)
    console.get_by_label("Name or e-mail").fill("demo")
    console.get_by_label("Password").fill(PASSWORD)
    console.get_by_role("button", name="Sign in").click()
    console.wait_for_url("**/console/*/")
    console.goto(f"{product.url}/console/new/")
    console.get_by_label("Name").fill("Yellow Door")
    console.locator(".starters label", has_text="Shop").click()
    console.get_by_role("button", name="Make the project").click()
    console.wait_for_url("**/console/yellow-door*/")
    expect(console.locator("main")).to_contain_text("0 of 5 done")
    return console.url


def the_agent_gets_its_words(console: Page, base: str) -> None:
    console.get_by_role("link", name="Open Persona").click()
    console.get_by_label("Greeting").fill(GREETING)
    expect(console.locator("[data-greeting]")).to_have_text(GREETING)
    save(console)

    console.get_by_role("link", name="Knowledge", exact=True).click()
    console.get_by_role("link", name="Add topic").click()
    console.get_by_label("Name").fill("Rules for a rental bike")
    console.locator("#id_content").fill(RULE)
    console.locator("#id_samples").fill(f"{QUESTION}\nTell me the rental rules")
    console.get_by_role("button", name="Add topic").click()
    expect(console.locator(".topics")).to_contain_text("Rules for a rental bike")

    console.get_by_role("link", name="Agent voice", exact=True).click()
    voices = console.locator(".voice:not([hidden])", has=console.locator("[data-play]"))
    with console.expect_response("**/test/say/") as told:
        voices.last.locator("[data-play]").click()
    assert told.value.status == 200
    voices.last.locator("label").click()
    if console.locator(".bar.unsaved").is_visible():  # there may be no other voice than the one it has
        save(console)


def save(console: Page) -> None:
    console.locator(".bar.unsaved .primary").click()
    expect(console.locator(".toast").first).to_be_visible()


def the_draft_is_tried(console: Page, base: str) -> None:
    """By typing, then aloud."""
    console.goto(base + "persona/")
    console.locator(".dock [data-open-test]").click()
    turns = console.locator("#test-panel .test-turns > ol > li")
    expect(turns).to_have_count(1)
    expect(turns.first).to_contain_text(GREETING)
    console.fill("#test-text", "Tell me the rental rules")
    console.press("#test-text", "Enter")
    expect(turns).to_have_count(3, timeout=20_000)  # the first question of a process reads the bank
    expect(turns.last).to_contain_text(RULE)
    expect(turns.last.locator(".why")).to_contain_text("Rules for a rental bike")

    talk = console.locator("#test-panel [data-talk]")
    talk.click()
    expect(talk).to_have_attribute("aria-pressed", "true")
    microphone.say(console.main_frame, speech.spoken(QUESTION))
    talk.click()
    expect(turns).to_have_count(5, timeout=PATIENCE_MS)
    heard = speech.plain(turns.nth(3).locator("p").first.inner_text())
    assert {"rules", "rental"} <= set(heard), " ".join(heard)
    expect(turns.last).to_contain_text(RULE)
    console.keyboard.press("Escape")


def it_goes_live(console: Page, base: str) -> None:
    console.locator(".dock").get_by_role("button", name="Publish…").click()
    console.locator("#asked").get_by_label("What changed?").fill("Our own words")
    console.locator("#asked").get_by_role("button", name="Publish version 1").click()
    console.locator(".toast").get_by_role("link", name="Promote to Live").click()
    console.get_by_role("button", name="Promote to Live…").click()
    console.locator("#asked").get_by_role("button", name="Promote to Live").click()
    expect(console.locator(".toast").first).to_contain_text("Live runs version 1.")


def a_widget_is_made_styled_and_published(console: Page, base: str) -> str:
    console.goto(base)
    console.get_by_role("link", name="Add widget").click()
    dialog = console.locator("#add")
    dialog.get_by_label("Widget name").fill("Shop phone")
    dialog.get_by_label("Your website").fill(f"http://{SITE}/some/page?from=here")
    dialog.get_by_text("Live", exact=True).click()
    dialog.get_by_role("button", name="Add widget").click()
    console.wait_for_url("**/web-calling/*/")
    widget = console.url

    label = console.locator("[name=style__launcher_label]")
    label.fill("")
    for typed in ("R", "Ri", "Rin", "Ring"):
        label.press("End")
        label.press_sequentially(typed[-1])
        expect(console.locator("[data-launcher-label]")).to_have_text(typed)
    console.fill("[name=style__agent_name]", "Robin of Yellow Door")
    expect(console.frame_locator(".stage iframe").locator("#title")).to_contain_text("Robin of Yellow Door")
    expect(console.locator("[data-draft-state]").first).to_have_text("Not published yet")

    console.locator("[data-dialog=publish-widget]:visible").click()
    dialog = console.locator("#publish-widget")
    expect(dialog).to_contain_text(SITE)
    expect(dialog.locator(".notice.warn")).to_be_visible()  # nobody is asked for consent, in Live
    dialog.get_by_role("button", name="Publish widget", exact=True).click()
    expect(console.locator(".toast").first).to_contain_text("Widget published")
    return widget


def a_colleague_tries_it(console: Page, widget: str, watched: Watched) -> None:
    """By a link, in a browser that is signed in nowhere."""
    console.goto(widget + "share/")
    console.get_by_role("button", name="Make a test link").click()
    card = Card(watched.page())
    card.page.goto(console.locator("#test-1").inner_text())
    expect(card.page.locator("[data-runs=published]")).to_be_visible()
    the_greeting_is_heard(card)
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")


def the_greeting_is_heard(card: Card) -> None:
    card.open().press("start")
    card.expect_state("in-call")
    card.expect_turn("speaking")
    card.expect_turn("listening")


def the_tag(console: Page, widget: str) -> str:
    console.goto(widget + "embed/")
    console.get_by_role("button", name="Copy tag").click()
    expect(console.locator(".toast").first).to_contain_text("Tag copied")
    tag = console.evaluate("() => navigator.clipboard.readText()")
    assert tag.count("<script") == 1
    return tag


def a_visitor_is_answered(card: Card) -> None:
    expect(card.launcher).to_contain_text("Ring")
    the_greeting_is_heard(card)
    before = len(microphone.heard(card.frame))
    microphone.say(card.frame, speech.spoken(QUESTION))
    card.expect_turn("speaking")
    card.expect_turn("listening")
    answer = speech.plain(speech.understood(microphone.heard(card.frame)[before:]))
    assert {"lock", "something", "solid"} <= set(answer), answer
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")


def the_call_is_in_the_console(console: Page, base: str) -> None:
    console.goto(base)
    expect(console.locator("main")).to_contain_text("5 of 5 done")
    console.get_by_role("link", name="Conversations", exact=True).click()
    rows = console.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("Test")
    expect(rows.first).to_contain_text("Rules for a rental bike")
    rows.first.get_by_role("link").click()
    expect(console.locator(".turn.from-agent").first).to_contain_text(GREETING)
    expect(console.locator(".turn.from-agent").last).to_contain_text(RULE)
    expect(console.locator(".turn.from-visitor")).to_have_count(1)
    expect(console.locator("[data-player]")).to_be_visible(timeout=PATIENCE_MS)  # it comes by itself


def a_refused_site_is_let_in(console: Page, widget: str, strangers: Strangers, watched: Watched) -> None:
    host = f"{OTHER}:{strangers.port}"
    card = Card(watched.page())
    card.page.goto(strangers.put("/story", the_tag(console, widget), host=OTHER))
    expect(card.page.locator("[data-pickup]")).to_have_count(0)

    console.goto(widget + "domains/")
    row = console.locator("tr", has_text=host)
    row.get_by_role("button", name="Allow…").click()
    dialog = console.locator("#allow")
    allow = dialog.get_by_role("button", name="Allow this site")
    dialog.get_by_label("Type the site to allow it").fill("market")
    expect(allow).to_be_disabled()
    dialog.get_by_label("Type the site to allow it").fill(host)
    allow.click()
    expect(console.locator("main")).to_contain_text("Nobody so far.")
    card.page.reload()
    expect(card.launcher).to_be_visible()


def a_failed_call_says_why(console: Page, base: str, page: str, watched: Watched) -> None:
    card = Card(watched.page())
    card.page.goto(page)
    card.open()
    card.frame.evaluate("() => { window.__voice.refuse = 'NotAllowedError'; }")
    card.press("start")
    card.expect_state("blocked", reason="denied")

    console.goto(base + "conversations/")
    console.reload()
    first = console.locator("tbody tr").first
    expect(first).to_contain_text("Failed")
    first.get_by_role("link").click()
    expect(console.locator(".facts")).to_contain_text(end_reasons.reason("MICROPHONE_DENIED"))
    expect(console.locator(".facts")).to_contain_text("MICROPHONE_DENIED")
