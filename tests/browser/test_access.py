"""The card for people who use it by keyboard alone, who hear it read aloud, or who see it in colours of their own."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, expect

from tests.browser.card import Card
from tests.browser.site import Product, Strangers
from tests.browser.test_pictures import SOCKETS

LISTED = "127.0.0.1"  # the demo's domain, whatever the port

# What a screen reader would say: each change of a live region, as long as nothing else says "off".
READER = """
window.__read = [];
new MutationObserver((records) => {
  const live = '[role=status], [role=log], [role=alert], [aria-live]';
  const regions = new Set(records.map((one) => {
    const element = one.target.nodeType === 1 ? one.target : one.target.parentElement;
    return element && element.closest(live);
  }));
  for (const region of regions)
    if (region && region.getAttribute('aria-live') !== 'off' && region.textContent)
      window.__read.push(region.textContent);
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
# A line of the talk as the server tells it, with a number that the real events do not reach.
LINE = """([n, text, final]) => {
  const data = { index: 90, speaker: 'agent', text, final };
  const event = JSON.stringify({ type: 'event', n, name: 'transcription', data });
  window.__sockets[window.__sockets.length - 1].dispatchEvent(new MessageEvent('message', { data: event }));
}"""
LUMINANCE = """colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""


@pytest.fixture(scope="module")
def scripted_product() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1").start()
    yield running
    running.stop()


@pytest.fixture
def reader(visitor: BrowserContext, scripted_product: Product) -> Card:
    """A card whose live regions are listened to."""
    visitor.add_init_script(READER)
    visitor.add_init_script(SOCKETS)
    card = Card(visitor.new_page())
    card.page.goto(f"{scripted_product.site}/demo/consent/")
    return card


def read(frame: Frame) -> list[str]:
    return frame.evaluate("() => window.__read.splice(0)")


def focused(card: Card) -> str:
    """What has the focus, in the card or on the page."""
    inside = card.frame.evaluate("() => document.hasFocus() && document.activeElement.dataset.action || ''")
    outside = "() => { const e = document.activeElement; return e.dataset.pickup || e.id || e.tagName; }"
    return inside or card.page.evaluate(outside)


def test_a_whole_story_is_told_once_and_nothing_of_it_twice(reader: Card):
    card, keys = reader, reader.page.keyboard
    card.launcher.focus()
    keys.press("Enter")
    card.expect_state("consent")
    frame = card.frame
    expect(frame.locator("[data-action=consent]")).to_be_focused()
    assert len(read(frame)) == 1
    keys.press("Enter")
    card.expect_state("in-call")
    card.expect_turn("listening")
    told = read(frame)
    assert [words for words in told if words != "Allow your microphone"] == ["Connecting…", "Call with Robin"]

    frame.locator("[data-action=mute]").focus()
    keys.press("Space")
    keys.press("Space")
    expect(frame.locator("[data-action=mute]")).to_contain_text("Mute")
    assert read(frame) == ["You are muted", "Your microphone is on again"]

    frame.locator(".time").filter(has_text=re.compile("00:0[3-9]")).wait_for()
    assert read(frame) == []  # nobody wants the seconds read
    frame.evaluate("() => window.__cut(true)")
    card.expect_state("reconnecting")
    frame.evaluate("() => { window.__away = false; }")
    card.expect_state("in-call")
    keys.press("Tab")
    keys.press("Tab")
    assert focused(card) == "end"
    keys.press("Enter")
    card.expect_state("ended")
    expect(frame.locator("[data-action=restart]")).to_be_focused()
    back, again, ended = read(frame)
    assert back.startswith("Reconnecting") and again == "Call with Robin"
    assert re.fullmatch(r"Call ended. You talked with Robin for \d+ s.", ended)

    keys.press("Enter")
    card.expect_state("consent")
    expect(frame.locator("[data-action=consent]")).to_be_focused()


def test_a_line_that_grows_is_read_once_when_it_is_whole(reader: Card):
    card = reader
    card.open().press("consent")
    card.expect_state("in-call")
    card.expect_turn("listening")
    frame = card.frame
    card.switch_captions()
    frame.locator(".captions .whole").first.wait_for()
    read(frame)
    card.switch_captions()
    card.switch_captions()
    frame.locator(".captions .whole").first.wait_for()
    assert read(frame) == []  # it was said before they were asked for
    grown = ["We open", "We open at nine", "We open at nine and close at six."]
    for n, text in enumerate(grown):
        frame.evaluate(LINE, [10_000 + n, text, text == grown[-1]])
    expect(frame.locator("[data-line='90'] .whole")).to_have_text(grown[-1])
    frame.evaluate(LINE, [10_010, grown[-1], True])
    card.press("mute")
    expect(frame.locator("[data-action=mute]")).to_contain_text("Unmute")

    assert read(frame) == ["Robin: " + grown[-1], "You are muted"]


def test_screens_that_get_in_the_way_are_read_whole(reader: Card):
    card = reader
    card.open()
    card.frame.evaluate("() => { __voice.refuse = 'NotAllowedError'; }")
    read(card.frame)
    card.press("consent")
    card.expect_state("blocked")

    words = read(card.frame)[-1]
    assert words.startswith("Your microphone is blocked. Press the sign")
    assert words.endswith("Come back here and try again.")
    expect(card.frame.get_by_role("button", name="Try again")).to_be_visible()
    assert card.frame.get_by_role("listitem").count() == 3


def test_roles_and_names_are_what_is_seen(reader: Card):
    card, page = reader, reader.page
    expect(card.launcher).to_match_aria_snapshot('- button "Call us"')
    card.open()
    expect(card.launcher).to_match_aria_snapshot('- button "Call us" [expanded]')
    assert page.locator("iframe[allow^=microphone]").get_attribute("title") == "Call Robin"
    expect(card.frame.locator(".card")).to_match_aria_snapshot("""
      - dialog "Talk to Robin":
        - button "Minimise"
        - heading "Talk to Robin" [level=2]
        - paragraph
        - region "What you agree to":
          - paragraph:
            - link "privacy policy"
            - link "terms"
        - button "I consent to call"
        - button "Not now"
    """)
    expect(card.frame.locator(".card")).to_have_accessible_description(re.compile("^By starting the call you agree"))
    card.press("consent")
    card.expect_state("in-call")
    card.press("more")
    expect(card.frame.locator(".menu")).to_be_visible()
    expect(card.frame.locator(".card")).to_match_aria_snapshot("""
      - dialog "Call with Robin":
        - paragraph: Robin
        - button "Minimise"
        - paragraph: /Robin is speaking|Listening/
        - timer "Call time"
        - dialog "More":
          - combobox "Microphone"
          - button "Keypad"
          - switch "Captions"
        - status
        - group "Call controls":
          - button "Mute"
          - button "More" [expanded]
          - button "End call"
        - paragraph:
          - link "Privacy policy"
          - link "Terms"
    """)
    card.press("minimise")
    expect(card.launcher).to_have_accessible_name("Back to your call")
    expect(card.launcher).to_contain_text(":")


def test_focus_goes_through_the_card_and_on_to_the_page_and_back(reader: Card):
    card, keys = reader, reader.page.keyboard
    card.page.evaluate(
        "() => { const end = document.createElement('button'); end.id = 'last'; document.body.append(end); }"
    )
    card.page.locator("#last").focus()
    keys.press("Tab")
    assert focused(card) == "launcher"
    keys.press("Enter")
    card.expect_state("consent")
    expect(card.frame.locator("[data-action=consent]")).to_be_focused()
    keys.press("Tab")
    assert focused(card) == "decline"  # "Not now"
    keys.press("Shift+Tab")
    expect(card.frame.locator("[data-action=consent]")).to_be_focused()
    keys.press("Escape")
    expect(card.page.locator("iframe")).to_be_hidden()
    assert focused(card) == "launcher"
    keys.press("Shift+Tab")
    assert focused(card) == "last"
    keys.press("Tab")
    keys.press("Enter")
    card.expect_state("consent")

    card.frame.locator(".tool").focus()
    keys.press("Shift+Tab")
    assert focused(card) == "launcher"
    keys.press("Tab")
    expect(card.frame.locator(".tool")).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    assert focused(card) == "last"
    for _ in range(6):  # launcher, Minimise, the wording, its two links, the buttons
        keys.press("Tab")
    expect(card.frame.locator("[data-action=consent]")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    assert focused(card) not in ("consent", "decline", "launcher", "last")
    expect(card.page.locator("iframe")).to_be_visible()


def test_a_card_over_the_whole_window_never_hides_what_has_the_focus(reader: Card):
    card, keys = reader, reader.page.keyboard
    card.page.set_viewport_size({"width": 640, "height": 400})
    card.launcher.focus()
    keys.press("Enter")
    expect(card.frame.locator("[data-action=consent]")).to_be_focused()
    keys.press("Tab")
    assert focused(card) == "decline"
    expect(card.page.locator("iframe")).to_be_visible()
    keys.press("Tab")
    expect(card.page.locator("iframe")).to_be_hidden()
    assert focused(card) == "launcher"
    keys.press("Enter")
    expect(card.frame.locator("[data-action=consent]")).to_be_focused()
    card.frame.locator(".tool").focus()
    keys.press("Shift+Tab")
    expect(card.page.locator("iframe")).to_be_hidden()
    assert focused(card) == "launcher"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_whatever_has_the_focus_shows_it(
    new_visitor: Callable[..., BrowserContext], scripted_product: Product, theme: str, forced: str
):
    card = Card(new_visitor(color_scheme=theme, forced_colors=forced).new_page())
    card.page.goto(f"{scripted_product.site}/demo/consent/")
    keys = card.page.keyboard

    def ring(element: str = "document.activeElement") -> Any:
        looks = f"""() => {{ const e = {element}, parts = [e, ...e.querySelectorAll('.disc'), e.closest('.row') || e];
          return parts.some((one) => {{ const s = getComputedStyle(one);
            return s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2; }}); }}"""
        return card.frame.evaluate(looks)

    keys.press("Tab")
    card.launcher.focus()
    keys.press("Shift+Tab")
    keys.press("Tab")
    looks = card.launcher.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow]")
    assert looks[0] == "solid"
    assert forced == "active" or "0px 0px 0px 6px" in looks[1]
    keys.press("Enter")
    card.expect_state("consent")
    for place in ("[data-action=consent]", ".plain", ".tool", ".long", ".long a"):
        expect(card.frame.locator(place).first).to_be_focused()
        assert ring()
        if place == ".plain":
            keys.press("Shift+Tab")
            card.frame.locator(".tool").focus()
        else:
            keys.press("Tab")
    card.frame.locator("[data-action=consent]").focus()
    keys.press("Enter")
    card.expect_state("in-call")
    for name in ("mute", "more"):
        keys.press("Tab")
        while focused(card) != name:
            keys.press("Tab")
        assert ring()
    keys.press("Enter")
    for name in ("microphone", "typing", "keypad", "captions"):
        expect(card.frame.locator(f"[data-action={name}]")).to_be_focused()
        assert ring()
        keys.press("Tab")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("brand", ["#ffffff", "#16181d", "#c9ff3d"])
def test_the_launcher_stands_out_on_a_white_page_and_on_a_black_one(
    new_visitor: Callable[..., BrowserContext], own_widget: Any, strangers: Strangers, theme: str, brand: str
):
    card = Card(new_visitor(color_scheme=theme).new_page())
    card.page.goto(strangers.put("/plain", own_widget(brand=brand, theme="auto"), host=LISTED))
    edge = card.launcher.evaluate("e => getComputedStyle(e).borderTopColor")
    luminance = card.page.evaluate(f"({LUMINANCE})", edge)

    assert (1 + 0.05) / (luminance + 0.05) >= 3  # on white
    assert (luminance + 0.05) / (0.006 + 0.05) >= 3  # on #101114


PUBLISH = """
import json
from widgets.models import Widget
widget = Widget.objects.get(name='Shop page')
widget.published = {**widget.published, 'style': {**widget.published['style'], **%r}}
widget.save()
"""


@pytest.fixture
def own_widget(scripted_product: Product) -> Callable[..., str]:
    """Gives the shop's widget another style, and returns its tag."""

    def restyled(**style: Any) -> str:
        scripted_product.manage("shell", "-c", PUBLISH % style)
        script = next(one["script"] for one in scripted_product.demo()["widgets"] if one["name"] == "Shop page")
        return f'<script src="{script}"></script>'

    return restyled


def test_nothing_moves_for_those_who_asked_for_it(
    new_visitor: Callable[..., BrowserContext], scripted_product: Product
):
    card = Card(new_visitor(reduced_motion="reduce").new_page())
    card.page.goto(f"{scripted_product.site}/demo/consent/")
    moving = "() => document.getAnimations({ subtree: true }).length"
    card.launcher.hover()
    assert card.launcher.evaluate("e => [getComputedStyle(e).transform, e.getAnimations().length]") == ["none", 0]
    card.open().press("consent")
    card.frame.locator(".voice").wait_for()
    assert card.frame.evaluate(moving) == 0
    card.expect_state("in-call")
    card.expect_turn("speaking")
    shape = """() => [document.querySelector('.voice').style.length,
      getComputedStyle(document.querySelector('.voice span + span')).transform]"""
    first = card.frame.evaluate(shape)
    card.page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 300))")
    assert card.frame.evaluate(shape) == first and first[0] == 0
    card.press("more")
    assert card.frame.evaluate(moving) == 0
    card.press("mute")
    assert card.frame.evaluate(moving) == 0
    assert card.page.evaluate(moving) == 0
