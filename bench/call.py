"""How long a visitor waits, measured in their browser: click to greeting, voice to voice, interruption to silence.

    python -m bench call [--times 20] [--only setup talk interrupt]

The real product (gateway and worker, embedded speech, recording on), its demo shop on another origin, a real Chromium.
Set-up takes Chromium's own stand-in for a microphone; speech goes in through a track that says a clip at a known
sample.
"""

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench import table
from bench.ear import Ear, beep_wav, silent_wav, trimmed
from bench.table import Baseline, Row
from bench.visitors_browser import Caller, bare, rest, since_click
from tests.browser import speech
from tests.browser.chromium import Chromium
from tests.browser.site import Product

QUESTIONS = (
    "How late are you open on Friday?",
    "What is your address?",
    "Is there parking?",
    "What does a rental cost?",
    "Do you rent electric bikes?",
    "Do I have to pay a deposit?",
    "How do I cancel my reservation?",
    "Do you have bikes for children?",
    "How much does a repair cost?",
    "When will my bike be ready?",
    "I want to book a repair.",
    "How long is the warranty?",
    "Can I trade in my old bike?",
    "Can I pay cash?",
    "Do you deliver bikes to my house?",
    "When is the next guided tour?",
    "Do you have group discounts?",
    "The bike was stolen.",
    "I lost my keys in your shop.",
    "Are you hiring?",
)
CLIPS = ("02-closing-time", "17-human-phone-number")
LONG_ANSWERS = (
    "How long does a repair take?",
    "What is your return policy?",
    "How much is the city tour?",
    "What happens if my rental is stolen?",
    "I have a flat tyre.",
)
INTERRUPTIONS = (
    "Wait, where is your shop?",
    "Sorry, one more thing, do you take credit cards?",
    "No, that is not what I asked.",
)
INTO_ANSWER_MS = 1300  # when somebody begins to talk over it
ROAD = ("microphone", "ticket", "offer", "socket", "registered", "answer", "connected", "answered", "shown")
ROAD_WORDS = {
    "microphone": "the microphone is open",
    "ticket": "the ticket is here",
    "offer": "the offer is made",
    "socket": "the socket is open",
    "registered": "admitted",
    "answer": "the answer is here",
    "connected": "connected: sound can flow",
    "answered": "the agent is in its seat",
    "shown": "the card says In call",
}
STAGES = {
    "end_of_speech": "of it the silence waited out (STUDIO_END_OF_TURN_MS, and what the words needed beyond it)",
    "thinking": "of it thinking, after that silence",
    "voice": "of it making the first clause, after that",
    "first_sound": "all of it as the server sees it",
    "hearing": "beside it: making the words out, in that silence",
}


# ── Set-up ───────────────────────────────────────────────────────────────────────────────────────────────────


def set_up(caller: Caller) -> None:
    bare_ones = _bare_set_ups(caller)
    ours: list[dict[str, float]] = []
    opened: list[float] = []
    begun: list[float] = []
    for _ in range(caller.times + 1):
        with caller.card(injected=False) as (card, ear):
            card.press("start")
            heard = ear.onset()
            opened.append(_opened(Ear(card.page)))
            if heard:
                ours.append(since_click(ear, heard))
            card.press("end")
            card.expect_state("ended")
        begun += [turn["started_s"] * 1000 for turn in caller.kept()["turns"][:1]]
    first, ours = ours[0], ours[1:]

    def row(name: str, words: str, **more: Any) -> Row:
        beside = [each[name] for each in bare_ones if name in each]
        baseline = Baseline("bare aiortc", Row("", beside).p50) if beside else None
        return Row(words, [each[name] for each in ours if name in each], baseline=baseline, **more)

    table.show(
        "Set-up, from the click on Start call (a new visitor each time)",
        [
            Row("click on the launcher to the card (before)", opened),
            *(row(name, ROAD_WORDS[name]) for name in ROAD),
            Row("from the agent's seat to its first packet, as the server sees it", begun[1:]),
            row("heard", "first sound of the greeting in the browser", aim=(500.0,)),
            Row("the same, first call after a start", [first["heard"]]),
        ],
    )


def _opened(page: Ear) -> float:
    marks = page.marks()
    return marks["ready"] - marks["click"]


def _bare_set_ups(caller: Caller) -> list[dict[str, float]]:
    found = []
    with bare(caller, "/tone", injected=False) as visit:
        for _ in range(caller.times + 1):
            with visit() as (page, ear):
                page.click("button")
                heard = ear.onset()
                found += [since_click(ear, heard)] if heard else []
    return found[1:]


# ── Voice to voice ───────────────────────────────────────────────────────────────────────────────────────────


def talk(caller: Caller) -> None:
    wavs = [trimmed(speech.spoken(one)) for one in QUESTIONS] + [trimmed(speech.clip(one)) for one in CLIPS]
    wavs = wavs[: max(3, caller.times + len(CLIPS))]
    road = road_ms(caller)
    table.show(
        "The road alone", [Row("sound to the server and a beep back, with nobody thinking (browser to browser)", road)]
    )
    floor = Baseline("road + end of turn", Row("", road).p50 + _end_of_turn_ms(caller.product))
    for which in ("said for the first time", "said before in this process"):
        waits, missed = [], 0
        with caller.call() as (card, ear):
            for wav in wavs:
                said = ear.say(wav)
                heard = ear.answer(said)
                if heard is None:
                    missed += 1
                    print(f"No answer that can be told from other sound: {ear.heard(said)}")
                    rest(card, ear)
                    continue
                waits.append((heard["began"] - ear.said(said)) * 1000)
                rest(card, ear)
        kept = caller.kept()
        stages = [turn["timings"] for turn in kept["turns"] if "first_sound" in turn["timings"]]
        table.show(
            f"Voice to voice, answers {which}" + (f" ({missed} questions got none)" if missed else ""),
            [
                Row(
                    "end of speech to the first answer sound, in the browser",
                    waits,
                    aim=(800.0, 1200.0),
                    baseline=floor,
                ),
                *(Row(words, [each[name] for each in stages if name in each]) for name, words in STAGES.items()),
            ],
        )
        _slowest(kept, waits)


def road_ms(caller: Caller) -> list[float]:
    """What sound needs there and back on the product's own connection, jitter buffers included."""
    found = []
    with bare(caller, "/echo", injected=True) as visit, visit() as (page, ear):
        page.click("button")
        page.wait_for_timeout(2000)
        for _ in range(caller.times):
            said = ear.say(beep_wav())
            heard = ear.onset(said["began"])
            found += [(heard["began"] - said["began"]) * 1000] if heard else []
            ear.quiet()
            page.wait_for_timeout(500)
    return found


def _slowest(kept: dict[str, Any], waits: list[float]) -> None:
    """Where the longest waits came from, in words."""
    turns = kept["turns"]
    answered = [(turns[at - 1]["text"], turn) for at, turn in enumerate(turns) if "first_sound" in turn["timings"]]
    if len(answered) != len(waits):
        return
    print("\nThe longest waits:")
    for wait, (asked, turn) in sorted(zip(waits, answered, strict=True), key=lambda one: -one[0])[:3]:
        print(f"- {wait:.0f} ms: “{asked}” {turn['timings']}")


def _end_of_turn_ms(product: Product) -> float:
    printed = product.manage(
        "shell", "-v", "0", "-c", "from django.conf import settings; print(settings.END_OF_TURN_MS)"
    )
    return float(printed.split()[-1])


# ── Interruption ─────────────────────────────────────────────────────────────────────────────────────────────


def interrupt(caller: Caller) -> None:
    asked = [trimmed(speech.spoken(one)) for one in LONG_ANSWERS]
    over = [trimmed(speech.spoken(one)) for one in INTERRUPTIONS] + [trimmed(speech.clip("09-barge-in-stop"))]
    floor = Baseline("speech that has to be heard", 200.0)
    waits = []
    with caller.call() as (card, ear):
        for time in range(caller.times):
            question = ear.say(asked[time % len(asked)])
            answer = ear.answer(question)
            if answer is None:
                continue
            card.page.wait_for_timeout(INTO_ANSWER_MS)
            cut = ear.say(over[time % len(over)])
            silent = ear.silence(cut["began"])
            if silent is not None:
                waits.append((silent - cut["began"]) * 1000)
            ear.answer(cut)
            rest(card, ear)
    kept = caller.kept()
    cuts = sum(turn["interrupted"] for turn in kept["turns"])
    _uncut(kept, waits)
    table.show(
        f"Interruption, from its first sample to the agent's last at the visitor's ear "
        f"({cuts} of {caller.times} answers were cut, by what was stored)",
        [Row("onset to silence, in the browser", waits, aim=(600.0, 900.0), baseline=floor)],
    )


def _uncut(kept: dict[str, Any], waits: list[float]) -> None:
    """What stands around the answers that nothing cut."""
    print(f"\nEach wait: {', '.join(f'{wait:.0f}' for wait in waits)} ms. As it was stored:")
    for turn in kept["turns"]:
        mark = " (cut)" if turn["interrupted"] else ""
        print(f"- {turn['started_s']:.1f} to {turn['ended_s']:.1f} s, {turn['speaker']}{mark}: {turn['text'][:90]}")


PARTS = {"setup": set_up, "talk": talk, "interrupt": interrupt}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=20, help="how often each thing is measured (20)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pickup-bench-"))
    product = Product()
    try:
        product.start()
        chromium = Chromium(
            "--autoplay-policy=no-user-gesture-required",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={silent_wav(folder / 'silent.wav')}",
        )
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.connect_over_cdp(chromium.endpoint)
                caller = Caller(browser, product, chosen.times)
                for part in chosen.only:
                    PARTS[part](caller)
        finally:
            chromium.stop()
    finally:
        product.stop()
        shutil.rmtree(product.data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
