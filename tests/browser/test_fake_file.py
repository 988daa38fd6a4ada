"""Once with the browser's own microphone, which plays a file: nothing of ours stands in between."""

from collections.abc import Iterator

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser import speech
from tests.browser.card import Card
from tests.browser.chromium import Chromium
from tests.browser.site import Product, until

pytestmark = pytest.mark.speech

LEAD_S = 9.0  # the file plays from the moment the microphone opens: the greeting comes first


@pytest.fixture
def fake_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("microphone") / "question.wav"
    with av.open(str(speech.clip("02-closing-time"))) as source, av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=48000, layout="mono")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48000)
        pieces = [np.zeros(int(LEAD_S * 48000), np.int16)]
        for frame in source.decode(audio=0):
            pieces += [part.to_ndarray()[0] for part in resampler.resample(frame)]
        pieces.append(np.zeros(20 * 48000, np.int16))
        whole = av.AudioFrame.from_ndarray(np.concatenate(pieces)[None, :], format="s16", layout="mono")
        whole.sample_rate = 48000
        for packet in [*stream.encode(whole), *stream.encode(None)]:
            out.mux(packet)
    chromium = Chromium(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}%noloop",
    )
    yield playwright.chromium.connect_over_cdp(chromium.endpoint)
    chromium.stop()


def test_the_browsers_own_microphone_is_understood(fake_browser: Browser, product: Product):
    context = fake_browser.new_context()
    card = Card(context.new_page())
    card.page.goto(f"{product.site}/demo/")
    card.open().press("start")
    card.expect_state("in-call")
    reference = card.api("window.PolyphoneAPI.getCurrentSession().reference")

    def asked() -> str:
        kept = next(one for one in product.conversations() if one["reference"] == reference)
        return next((turn["text"] for turn in kept["turns"] if turn["speaker"] == "visitor"), "")

    assert "close" in until(asked).lower()
    card.press("end")
    card.expect_state("ended")
