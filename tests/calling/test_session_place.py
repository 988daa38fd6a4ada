"""A call needs a line, and rows that say that it is: when it gets them, and who waits. On a clock that jumps."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from agents.engine.notes import Ending
from calling.call import protocol
from tests.fakes.call import Call, FakePlace
from tests.fakes.connection import OFFER
from widgets.refusals import Refused


def play(scene):
    return clock.run(scene())


async def grow_silent(call, since):
    while True:
        call.connection.silent = call.loop.time() - since
        await asyncio.sleep(0.05)


def test_a_page_that_opened_its_line_is_no_call_before_it_offers_sound():
    async def scene():
        async with Call() as call:
            await asyncio.sleep(30)
            assert not call.place.holds_line and call.place.opened == 0
            await call.answered()
            assert call.place.holds_line and call.place.opened == 1
            call.session.handle(protocol.Offer(OFFER))
            call.session.handle(protocol.HangUp())
        assert call.place.opened == 1

    play(scene)


@pytest.mark.parametrize("code", ["FULL", "RATE_LIMITED"])
def test_an_offer_that_gets_no_line_fails_the_call_and_makes_no_connection(code):
    async def scene():
        async with Call(place=FakePlace(refuses=code)) as call:
            call.session.handle(protocol.Offer(OFFER))
        assert call.running.result() == Ending("failed", code)
        assert call.page.errors() == [code] and call.page.events() == ["registered", "ended"]
        assert call.connections == [] and call.place.opened == 0 and call.page.closed == [1000]

    play(scene)


@pytest.mark.parametrize(
    ("error", "code"), [(Refused("CONSENT_INVALID"), "CONSENT_INVALID"), (KeyError("never seen"), "HANDLER_ERROR")]
)
def test_a_call_that_cannot_be_written_down_does_not_begin(error, code):
    async def scene():
        async with Call(place=FakePlace(opening=error)) as call:
            call.session.handle(protocol.Offer(OFFER))
        assert call.running.result() == Ending("failed", code)
        assert call.page.errors() == [code] and call.notebook.was_answered == 0
        assert [connection.closed for connection in call.connections] == [1]

    play(scene)


def test_who_comes_back_to_a_house_without_a_line_waits_for_one_and_is_told_why():
    async def scene():
        async with Call() as call:
            await call.answered()
            token = call.page.token
            watch = asyncio.ensure_future(grow_silent(call, call.loop.time()))
            call.session.detach(call.page)
            await asyncio.sleep(10)
            call.place.room = False
            page = await call.come_back(token)
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(5)
            assert call.session.state == "detached" and call.seat.line is None
            assert page.errors() == ["FULL"] and len(call.connections) == 1, "told once, and not answered yet"
            assert not any(isinstance(message, protocol.Answer) for message in page.told)
            call.place.room = True
            watch.cancel()
            await asyncio.sleep(1)
            assert call.session.state == "answered" and call.seat.line is call.connections[1]
            call.session.handle(protocol.HangUp())
        assert [what for what, _at in call.place.history] == ["free", "taken"]

    play(scene)


def test_sound_that_comes_back_to_a_house_without_a_line_is_not_heard_before_there_is_one():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.detach(call.page)
            call.connection.silent = 10
            await asyncio.sleep(8)
            call.place.room, call.connection.silent = False, 0
            await asyncio.sleep(5)
            assert call.session.state == "detached" and call.seat.line is None
            call.place.room = True
            await asyncio.sleep(1)
            assert call.session.state == "answered" and call.seat.line is call.connection
            call.session.end("shutdown")

    play(scene)


def test_who_waits_for_a_line_in_vain_is_told_so_at_the_end():
    async def scene():
        async with Call() as call:
            await call.answered()
            token, went_at = call.page.token, call.loop.time()
            watch = asyncio.ensure_future(grow_silent(call, went_at))
            call.session.detach(call.page)
            await asyncio.sleep(10)
            call.place.room = False
            page = await call.come_back(token)
        watch.cancel()
        assert call.running.result() == Ending("failed", "FULL")
        assert page.errors() == ["FULL", "FULL"] and page.events()[-1] == "ended"
        assert 30 < call.loop.time() - went_at < 36

    play(scene)
