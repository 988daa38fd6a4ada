"""What is behind More in a call, the stars after it, and the card in other languages and at awkward sizes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.site import Product, until
from tests.browser.test_pictures import Sheet

# Two microphones: each opens a track of its own, as a real one does, and one of them can be taken away.
DEVICES = """
(() => {
  if (!window.__voice) return;
  const open = navigator.mediaDevices.getUserMedia;
  const devices = window.__devices = { there: ['built-in', 'headset'], tracks: [], senders: [] };
  const labels = { 'built-in': 'Built-in microphone', headset: 'Headset' };
  navigator.mediaDevices.enumerateDevices = async () =>
    devices.there.map((id) => ({ kind: 'audioinput', deviceId: id, label: labels[id], groupId: '' }));
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const wanted = (constraints.audio.deviceId || {}).exact || devices.there[0];
    if (!devices.there.includes(wanted)) throw new DOMException('gone', 'NotFoundError');
    const stream = await open.call(navigator.mediaDevices, constraints);
    const track = stream.getAudioTracks()[0];
    Object.defineProperty(track, 'label', { value: labels[wanted] });
    track.getSettings = () => ({ deviceId: wanted, sampleRate: 48000 });
    devices.tracks.push(track);
    return stream;
  };
  const replace = RTCRtpSender.prototype.replaceTrack;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    devices.senders.push(track.label);
    return replace.call(this, track);
  };
  devices.take = (id) => {
    devices.there = devices.there.filter((one) => one !== id);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  devices.plug = (id) => {
    devices.there.push(id);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
})();
"""
DIGITS = """
(() => {
  const Native = window.WebSocket;
  window.__said = [];
  window.WebSocket = class extends Native {
    send(text) { window.__said.push(JSON.parse(text)); super.send(text); }
  };
})();
"""


@pytest.fixture
def visitor(visitor: BrowserContext) -> BrowserContext:
    visitor.add_init_script(DEVICES)
    visitor.add_init_script(DIGITS)
    return visitor


@pytest.fixture
def talking(card: Card) -> Card:
    card.open().press("start")
    card.expect_state("in-call")
    return card


def said(card: Card, kind: str) -> list[dict[str, Any]]:
    return [one for one in card.frame.evaluate("() => __said") if one["type"] == kind]


def test_more_opens_with_focus_in_it_and_escape_gives_focus_back(talking: Card):
    page, frame = talking.page, talking.frame
    more = frame.locator("[data-action=more]")
    before = frame.locator("[data-action=end]").bounding_box()
    assert more.get_attribute("aria-expanded") == "false"
    more.focus()
    page.keyboard.press("Enter")
    expect(frame.locator("[data-action=microphone]")).to_be_focused()
    assert more.get_attribute("aria-expanded") == "true"
    assert frame.locator("[data-action=end]").bounding_box() == before
    for name in ("typing", "keypad", "captions", "mute", "more"):
        page.keyboard.press("Tab")
        expect(frame.locator(f"[data-action={name}]")).to_be_focused()

    page.keyboard.press("Escape")
    expect(frame.locator(".menu")).to_have_count(0)
    expect(more).to_be_focused()
    assert more.get_attribute("aria-expanded") == "false"
    expect(talking.page.locator("iframe")).to_be_visible()


def test_captions_are_a_switch_that_leaves_the_menu_open(talking: Card):
    frame = talking.frame
    talking.press("more")
    switch = frame.get_by_role("switch", name="Captions")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(frame.locator(".captions")).to_be_visible()
    frame.locator(".head").click(position={"x": 20, "y": 10})
    expect(frame.locator(".menu")).to_have_count(0)
    expect(frame.locator(".captions")).to_be_visible()


def test_another_microphone_takes_over_in_the_same_connection(talking: Card):
    frame = talking.frame
    talking.press("mute")
    talking.press("more")
    picker = frame.get_by_label("Microphone")
    expect(picker).to_have_value("built-in")
    picker.select_option("headset")
    expect(frame.locator(".note")).to_have_text("Headset is used now.")

    tracks = frame.evaluate("() => __devices.tracks.map((t) => [t.label, t.readyState, t.enabled])")
    assert tracks == [["Built-in microphone", "ended", False], ["Headset", "live", False]]
    assert frame.evaluate("() => __devices.senders") == ["Headset"]
    assert len(said(talking, "offer")) == 1
    talking.expect_state("in-call")


def test_a_microphone_that_is_taken_away_is_replaced_and_the_visitor_is_told(talking: Card):
    frame = talking.frame
    talking.press("more")
    frame.get_by_label("Microphone").select_option("headset")
    expect(frame.locator(".note")).to_have_text("Headset is used now.")
    frame.evaluate("() => __devices.take('headset')")
    expect(frame.locator(".note")).to_have_text("Headset is gone. Built-in microphone is used now.")
    expect(frame.get_by_label("Microphone")).to_have_value("built-in")
    assert frame.evaluate("() => __devices.senders") == ["Headset", "Built-in microphone"]

    frame.evaluate("() => { __devices.tracks[2].stop(); __devices.take('built-in'); }")
    expect(frame.locator(".note")).to_contain_text("Your microphone is gone.")
    expect(frame.locator(".stage .state")).to_have_text("Robin cannot hear you")
    talking.expect_state("in-call")
    gone = [one["muted"] for one in said(talking, "muted") if one["reason"] == "track_ended"]

    frame.evaluate("() => __devices.plug('headset')")
    expect(frame.locator(".note")).to_contain_text("Headset is used now.")
    expect(frame.locator(".stage .state")).not_to_have_text("Robin cannot hear you")
    back = [one["muted"] for one in said(talking, "muted") if one["reason"] == "track_ended"]
    assert (gone[-1], back[-1]) == (True, False)


def test_a_microphone_that_another_program_takes_is_told_as_long_as_it_does(talking: Card):
    frame = talking.frame
    mute = """(on) => {
      const track = __devices.tracks[0];
      Object.defineProperty(track, 'muted', { value: on, configurable: true });
      track.dispatchEvent(new Event(on ? 'mute' : 'unmute'));
    }"""
    frame.evaluate(mute, True)
    expect(frame.locator(".note")).to_contain_text("No sound comes from your microphone.")
    expect(frame.locator(".stage .state")).to_have_text("Robin cannot hear you")
    frame.evaluate(mute, False)
    expect(frame.locator(".note")).to_have_text("")
    told = [one["muted"] for one in said(talking, "muted") if one["reason"] == "taken"]
    assert told[-2:] == [True, False]


def test_keys_are_sent_by_hand_and_by_keyboard_and_kept(talking: Card, product: Product):
    page, frame = talking.page, talking.frame
    reference = talking.api("window.PolyphoneAPI.getCurrentSession().reference")
    talking.press("more")
    talking.press("keypad")
    expect(frame.locator("[data-digit='1']")).to_be_focused()
    frame.locator("[data-digit='4']").click()
    page.keyboard.press("0")
    page.keyboard.press("#")
    page.keyboard.press("x")
    expect(frame.locator(".typed")).to_have_text("40#")
    assert [one["digit"] for one in said(talking, "dtmf")] == ["4", "0", "#"]

    page.keyboard.press("Escape")
    expect(frame.locator(".keypad")).to_have_count(0)
    expect(frame.locator("[data-action=more]")).to_be_focused()
    page.keyboard.press("5")
    talking.press("more")
    talking.press("keypad")
    talking.press("back")
    expect(frame.locator("[data-action=more]")).to_be_focused()
    talking.press("end")
    talking.expect_state("ended")
    assert len(said(talking, "dtmf")) == 3
    assert until(lambda: product.conversation(reference)["cause"]) == "visitor_ended"


def test_a_call_that_ends_closes_what_more_had_opened(talking: Card):
    talking.press("more")
    talking.press("keypad")
    talking.press("end")
    talking.expect_state("ended")
    expect(talking.frame.locator(".keypad, .menu")).to_have_count(0)
    expect(talking.frame.locator("[data-action=restart]")).to_be_visible()


PUBLISH = """
from widgets.models import Widget
for widget in Widget.objects.all():
    widget.published = {**widget.published, **%r}
    widget.save()
"""
SIZES = {
    "desktop": {"width": 1280, "height": 760},
    "phone": {"width": 390, "height": 844},
    "narrow": {"width": 320, "height": 640},
    "sideways": {"width": 844, "height": 390},
    "twice as large": {"width": 640, "height": 400},  # of 1280 x 800, as at 200 % zoom
}


@pytest.fixture(scope="module")
def own_product() -> Iterator[Product]:
    """A product whose widgets these tests publish anew."""
    running = Product(STUDIO_SPEECH="scripted").start()
    yield running
    running.stop()


def published(product: Product, visitor: BrowserContext, **config: Any) -> Card:
    product.manage("shell", "-c", PUBLISH % config)
    card = Card(visitor.new_page())
    card.page.goto(f"{product.site}/demo/")
    return card


def test_a_rating_is_given_by_keyboard_and_only_once(own_product: Product, visitor: BrowserContext):
    card = published(own_product, visitor, rating=True, languages=["en"])
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    frame, keyboard = card.frame, card.page.keyboard
    given: list[Any] = []
    card.page.on("request", lambda request: given.append(request.post_data_json) if "rating" in request.url else None)
    stars = frame.get_by_role("radio")
    expect(stars).to_have_count(5)
    expect(frame.get_by_role("group", name="How was this call?")).to_be_visible()
    frame.locator(".rating legend").click()  # beside the stars: no tap on the one that a key chooses next
    stars.first.focus()
    keyboard.press("Space")
    for _ in range(3):
        keyboard.press("ArrowRight")
    expect(frame.locator(".rating .on")).to_have_count(4)
    assert given == []
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(frame.get_by_text("Thank you. Your rating was sent.")).to_be_focused()
    assert [one["stars"] for one in given] == [4]
    expect(stars).to_have_count(0)


def test_a_rating_is_sent_by_the_first_tap_on_a_star(own_product: Product, visitor: BrowserContext):
    card = published(own_product, visitor, rating=True, languages=["en"])
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    with card.page.expect_request(lambda request: "rating" in request.url) as asked:
        card.frame.locator(".rating label").nth(3).click()
    assert asked.value.post_data_json["stars"] == 4
    expect(card.frame.get_by_text("Thank you. Your rating was sent.")).to_be_visible()


@pytest.mark.pages
@pytest.mark.parametrize("language", ["ar", "de"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_fits_in_long_german_and_from_right_to_left(
    own_product: Product, new_visitor: Callable[..., BrowserContext], language: str, theme: str
):
    visitor = new_visitor(viewport=SIZES["phone"], color_scheme=theme)
    visitor.add_init_script(DEVICES)
    style = own_product_style(own_product, theme)
    card = published(own_product, visitor, rating=True, languages=[language], style=style)
    sheet = Sheet(f"more-{language}-{theme}")
    for size in SIZES:
        card.page.set_viewport_size(SIZES[size])
        card.page.reload()
        card.open()
        assert card.frame.evaluate("() => [document.documentElement.lang, document.documentElement.dir]") == [
            language,
            "rtl" if language == "ar" else "ltr",
        ]
        sheet.add(card, f"{size}: start")
        card.press("start")
        card.expect_state("in-call")
        card.frame.locator("[data-action=more]").wait_for()
        sheet.add(card, f"{size}: in call")
        card.press("more")
        expect(card.frame.locator("[data-action=captions]")).to_be_visible()
        sheet.add(card, f"{size}: more")
        card.press("captions")
        card.press("keypad")
        card.frame.locator("[data-digit='4']").click()
        sheet.add(card, f"{size}: keypad")
        card.press("back")
        sheet.add(card, f"{size}: captions")
        card.press("end")
        card.expect_state("ended")
        expect(card.frame.get_by_role("radio")).to_have_count(5)
        card.frame.locator(".rating label").nth(3).click()
        sheet.add(card, f"{size}: ended")
    sheet.lay_out(visitor)


def own_product_style(product: Product, theme: str) -> dict[str, Any]:
    """The demo widget's looks, in the theme that the pictures are of."""
    code = (
        "from widgets.models import Widget; import json; print(json.dumps(Widget.objects.first().published['style']))"
    )
    return {**json.loads(product.manage("shell", "-c", code).strip().splitlines()[-1]), "theme": theme}
