"""What every service that hears promises, against a faithful fake of its documented wire, its faults among them."""

import asyncio

import numpy as np
import pytest

from agents.connections.service import Service
from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote.base import Unanswered
from agents.speech.providers.remote.hearing import RemoteHearing
from agents.speech.providers.remote.services import EARS
from agents.speech.sound import HEARD_HZ
from tests.fakes.services import hearing as fakes
from tests.fakes.services.wire import KEY, served

FAKES = {"deepgram": fakes.Deepgram, "assemblyai": fakes.AssemblyAi, "openai": fakes.OpenAiHears}
SPEECH = (np.sin(np.arange(5 * HEARD_HZ) / 7) * 8000).astype(np.int16)
CODES = {"401": "KEY", "429": "BUSY", "500": "BROKEN"}


def test_every_service_that_hears_has_a_fake():
    assert set(FAKES) == set(EARS)


@pytest.fixture(params=sorted(EARS))
async def there(request):
    """The fake, and a way to make an ear at it."""
    fake, kind, ears = FAKES[request.param](), request.param, []
    server = await served(fake)
    path = "/v1" if kind == "openai" else ""

    def make(key=KEY):
        settings = {"model": "some-model"}
        service = Service(1, kind, "Ear", str(server.make_url(path)).rstrip("/"), key, True, settings)
        ears.append(RemoteHearing(EARS[kind](service), ("en",)))
        return ears[-1]

    yield fake, make
    for ear in ears:
        await ear.close()
        await ear.close()
    fake.moved.set()
    await server.close()


def first(seconds):
    return SPEECH[: int(seconds * HEARD_HZ)]


async def test_the_words_of_a_segment_are_heard_whole(there):
    _fake, make = there
    heard = await make().hear(first(1.2), language="en")
    assert heard.text == "when do you close"
    assert all(0 <= sure <= 1 for sure in heard.sure)


async def test_words_come_while_speech_goes_on_where_the_wire_has_them(there):
    fake, make = there
    ear = make()
    seen = []
    for seconds in (0.3, 0.6, 0.9, 1.2):
        seen.append((await ear.hear(first(seconds), language="en", final=False)).text)
        await asyncio.sleep(0)
    final = (await ear.hear(first(1.2), language="en")).text
    assert final == "when do you close"
    assert all(final.startswith(words) for words in seen)
    if ear.partials:
        assert len(fake.seconds) == 1  # one stream for the segment, whatever it was asked


async def test_no_sound_is_sent_twice_and_none_is_left_out(there):
    fake, make = there
    ear = make()
    for seconds in (0.31, 0.33, 0.8, 1.21):
        await ear.hear(first(seconds), language="en", final=False)
    await ear.hear(first(1.21), language="en")
    await ear.hear(first(1.21), language="en")
    if ear.partials:
        assert sum(fake.seconds) == pytest.approx(1.21, abs=0.051)
    else:
        assert fake.seconds[-1] == pytest.approx(1.21, abs=0.01)


async def test_speech_that_goes_on_after_a_pause_is_the_same_segment(there):
    _fake, make = there
    ear = make()
    assert (await ear.hear(first(1.2), language="en")).text == "when do you close"
    assert (await ear.hear(first(2.2), language="en")).text == "when do you close on sundays"


async def test_another_segment_is_heard_by_itself(there):
    fake, make = there
    fake.lines = ["yes", "no", "no"]
    ear = make()
    assert (await ear.hear(first(0.4), language="en")).text == "yes"
    assert (await ear.hear(SPEECH[999:9000], language="en")).text == "no"


async def test_sound_without_words_has_none(there):
    fake, make = there
    fake.lines = [""]
    try:
        assert await make().hear(first(0.6), language="en") == Heard()
    except Unanswered:  # there is no telling it from a service that fell silent
        assert isinstance(fake, fakes.AssemblyAi)


async def test_silence_asks_nobody(there):
    fake, make = there
    ear = make()
    assert await ear.hear(np.zeros(HEARD_HZ, np.int16), language="en") == Heard()
    assert await ear.hear(np.zeros(0, np.int16), language="en") == Heard()
    assert fake.asked == []


async def test_the_key_goes_in_a_header_only(there):
    fake, make = there
    await make().hear(first(0.6), language="en")
    path, query, _headers = fake.asked[0]
    assert KEY not in path + str(query)


@pytest.mark.parametrize("fault", sorted(CODES))
async def test_a_refusal_is_told_by_its_code(there, fault):
    fake, make = there
    fake.fault = fault
    with pytest.raises(ProviderError) as failed:
        await make().hear(first(0.6), language="en")
    assert failed.value.code == CODES[fault] and failed.value.permanent == (fault == "401")
    assert KEY not in str(failed.value)


async def test_a_wrong_key_is_of_no_use_however_often_it_is_tried(there):
    _fake, make = there
    with pytest.raises(ProviderError) as failed:
        await make("sk-wrong").hear(first(0.6), language="en")
    assert failed.value.code == "KEY" and failed.value.permanent


@pytest.mark.parametrize(
    ("fault", "codes"),
    [("cut", {"UNREACHABLE", "GARBLED"}), ("garbage", {"GARBLED"}), ("odd", {"GARBLED"})],
)
async def test_what_breaks_in_the_middle_of_a_word_fails_and_the_next_try_starts_anew(there, fault, codes):
    fake, make = there
    fake.lines = ["when do you close | on sundays", "when do you close | on sundays"]
    ear = make()
    fake.fault = fault
    with pytest.raises(ProviderError) as failed:
        await ear.hear(first(1.2), language="en")
    assert failed.value.code in codes and not failed.value.permanent
    fake.fault = ""
    assert (await ear.hear(first(1.2), language="en")).text == "when do you close"


@pytest.mark.parametrize(("close", "code"), [(1011, "BROKEN"), (1008, None), (4999, "UNREACHABLE")])
async def test_a_close_code_says_why(there, close, code):
    fake, make = there
    ear = make()
    if not ear.partials:
        pytest.skip("has no socket")
    fake.fault, fake.close_code = "closed", close
    with pytest.raises(ProviderError) as failed:
        await ear.hear(first(1.2), language="en")
    if isinstance(fake, fakes.AssemblyAi):
        code = {1011: "UNREACHABLE", 1008: "KEY"}.get(close, code)
    assert failed.value.code == (code or "GARBLED")


async def test_somebody_who_gives_up_leaves_the_line_fit_for_the_next(there):
    fake, make = there
    fake.lines = ["yes", "when do you close"]
    ear = make()
    fake.fault = "slow"
    asking = asyncio.ensure_future(ear.hear(first(0.6), language="en"))
    while not fake.heard:
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait({asking})
    fake.fault = ""
    fake.moved.set()
    assert (await ear.hear(SPEECH[999:20_000], language="en")).text == "when do you close"


async def test_an_answer_to_somebody_who_gave_up_is_not_taken_for_the_next_one_s(there):
    fake, make = there
    ear = make()
    if not ear.partials:
        pytest.skip("sends everything again")
    fake.fault = "late"
    asking = asyncio.ensure_future(ear.hear(first(1.2), language="en"))
    while not fake.held:
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait({asking})
    assert (await ear.hear(first(2.2), language="en")).text == "when do you close on sundays"
    assert len(fake.seconds) == 1


async def test_who_gives_up_while_the_line_is_opened_leaves_it_to_the_next(there):
    fake, make = there
    ear = make()
    asking = asyncio.ensure_future(ear.hear(first(0.3), language="en", final=False))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait({asking})
    assert (await ear.hear(first(1.2), language="en")).text == "when do you close"
    assert len(fake.asked) == 1


async def test_nothing_stays_open_behind_a_call(there):
    fake, make = there
    ear = make()
    await ear.hear(first(0.6), language="en")
    await ear.close()
    while fake.open:
        fake.moved.clear()
        await asyncio.wait_for(fake.moved.wait(), 5)
    assert fake.open == 0
