"""A visitor talks with the shop: real browser, real sound, real speech, from the click to the console."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import microphone, speech
from tests.browser.card import Card
from tests.browser.site import PASSWORD, Product, until

pytestmark = pytest.mark.speech

MORE_TOPICS = [
    {
        "name": "Your phone number",
        "samples": ["Please enter your phone number, starting with the area code.", "What is your phone number?"],
        "content": "Our number is two zero, seven nine four, six zero one two.",
    },
    {
        "name": "Rules for a rental bike",
        "samples": ["What are the rules for a rental bike?", "Tell me the rental rules"],
        "content": (
            "Please lock the frame to something solid whenever you leave the bike. Keep to the bicycle lanes, and walk "
            "across the market square. Do not carry a second person on the rack. Bring the bike back before we close, "
            "and tell us about every scratch, because small damage is repaired for free."
        ),
    },
]


@pytest.fixture(scope="module")
def topics(product: Product, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("topics") / "more.json"
    path.write_text(json.dumps(MORE_TOPICS))
    product.manage("topics", "import", str(path), "--publish")


def ask(card: Card, wav: Path) -> np.ndarray:
    """Ask, hear the whole answer, and give back the sound of it."""
    before = len(microphone.heard(card.frame))
    microphone.say(card.frame, wav)
    card.expect_turn("speaking")
    card.expect_turn("listening")
    return microphone.heard(card.frame)[before:]


def answered(card: Card) -> None:
    """Start the call and hear the greeting out."""
    card.keep_events()
    card.open().press("start")
    card.expect_state("in-call")
    card.expect_turn("speaking")
    card.expect_turn("listening")


def hang_up(card: Card, product: Product) -> dict[str, Any]:
    """End the call; what was kept of it."""
    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")
    return until(
        lambda: next((one for one in product.conversations() if one["reference"] == reference and one["cause"]), None)
    )


def turns_of(kept: dict[str, Any], speaker: str) -> list[dict[str, Any]]:
    return [turn for turn in kept["turns"] if turn["speaker"] == speaker]


def test_a_visitor_asks_aloud_hears_the_right_answers_and_the_owner_finds_the_call(
    card: Card, product: Product, topics: None, visitor: BrowserContext
):
    answered(card)
    greeting = speech.understood(microphone.heard(card.frame)).lower()
    sunday = speech.understood(ask(card, speech.clip("02-closing-time"))).lower()
    human = speech.understood(ask(card, speech.clip("17-human-phone-number"))).lower()
    outside = ask(card, speech.spoken("Who won the football match yesterday evening?"))
    kept = hang_up(card, product)

    assert "robin" in greeting and "help" in greeting
    assert {"ten", "five"} <= set(speech.plain(sunday)), sunday
    assert "number" in human, human
    assert len(outside) > 0

    said, spoken = turns_of(kept, "visitor"), turns_of(kept, "agent")
    assert "close" in speech.plain(said[0]["text"]) and "sunday" in said[0]["text"].lower()
    assert {"phone", "number"} <= set(speech.plain(said[1]["text"]))
    assert [turn["source"] for turn in spoken[1:3]] == ["topic:Sunday opening hours", "topic:Your phone number"]
    assert not spoken[3]["source"].startswith("topic:"), spoken[3]
    assert [turn["text"] for turn in spoken] == [turn["planned"] for turn in spoken]
    assert [turn["started_s"] for turn in kept["turns"]] == sorted(turn["started_s"] for turn in kept["turns"])

    assert kept["widget"] == "Shop page" and kept["environment"] == "live" and kept["version"] >= 1
    assert kept["variant"] == "harbour" and kept["site"] == product.site and kept["consent"] is None

    the_console_plays_it(visitor, product, kept)


def the_console_plays_it(visitor: BrowserContext, product: Product, kept: dict[str, Any]) -> None:
    """Both voices, each on its channel, beside the words."""
    until(lambda: product.recording(kept["reference"]) == "ready")
    page = visitor.new_page()
    page.goto(f"{product.url}/console/harbour-bikes/conversations/{kept['id']}/")
    page.locator("input[name=username]").fill("demo")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/*/")
    for turn in kept["turns"]:
        expect(page.locator("body")).to_contain_text(turn["text"])
    page.locator("[data-play]").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.5")

    channels = page.evaluate(
        """async () => {
          const sound = await (await fetch(document.querySelector('audio').src)).arrayBuffer();
          const context = new OfflineAudioContext(2, 16000, 16000);
          const buffer = await context.decodeAudioData(sound);
          const pcm = (data) => { let text = ''; const whole = new Int16Array(data.map((x) => x * 32767));
            const bytes = new Uint8Array(whole.buffer);
            for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
            return btoa(text); };
          return [0, 1].map((n) => pcm(buffer.getChannelData(n)));
        }"""
    )
    left, right = (speech.understood(microphone.pcm_of(channel)).lower() for channel in channels)
    assert "close" in left and "phone" in left and "robin" not in left, left
    assert "robin" in right and "afternoon" in right and "area code" not in right, right


def test_who_talks_over_the_answer_is_let_in_and_the_transcript_says_what_was_heard(
    card: Card, product: Product, topics: None
):
    answered(card)
    before = len(microphone.heard(card.frame))
    microphone.say(card.frame, speech.spoken("What are the rules for a rental bike?"))
    card.expect_turn("speaking")
    card.page.wait_for_function(
        "() => window.__events.some((e) => e[0] === 'onTranscription' && /solid/.test(e[1][0].messages[0].text))"
    )
    microphone.begin_to_say(card.frame, speech.clip("09-barge-in-stop"))
    card.frame.locator('[data-state="in-call"]:not([data-turn="speaking"])').wait_for()
    heard = speech.understood(microphone.heard(card.frame)[before:])
    kept = hang_up(card, product)

    cut = next(turn for turn in turns_of(kept, "agent") if turn["source"] == "topic:Rules for a rental bike")
    assert cut["interrupted"]
    assert cut["text"] and cut["planned"].startswith(cut["text"]) and len(cut["text"]) < len(cut["planned"])
    assert abs(speech.reached(cut["planned"], heard) - len(cut["text"].split())) <= 2, (cut["text"], heard)


def test_noise_does_not_silence_the_agent(card: Card, product: Product, topics: None):
    answered(card)
    microphone.say(card.frame, speech.spoken("What are the rules for a rental bike?"))
    card.expect_turn("speaking")
    microphone.begin_to_say(card.frame, speech.clip("12-noise-bursts-only"))
    card.expect_turn("listening")
    kept = hang_up(card, product)

    answer = next(turn for turn in turns_of(kept, "agent") if turn["source"] == "topic:Rules for a rental bike")
    assert not answer["interrupted"]
    assert answer["text"] == answer["planned"]
