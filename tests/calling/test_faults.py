"""Whatever part of a call fails, at whatever moment, the call ends once and everything goes back."""

import asyncio
from contextlib import suppress

import pytest

from agents.engine import virtual_clock as clock
from calling import faults
from calling.call import protocol
from calling.call.parts import Patience
from calling.call.protocol import ProtocolError
from tests.fakes.call import Call
from tests.fakes.connection import OFFER

LONG = Patience().connect_s + Patience().gone_s + 60


class Never(Exception):
    """Seen before."""


class Failing:
    """Stands in for a part: its n-th call fails, or every one from then on."""

    def __init__(self, part, at, for_good):
        self.part, self.at, self.for_good, self.calls = part, at, for_good, 0

    def __call__(self, *given, **named):
        self.calls += 1
        if self.calls >= self.at if self.for_good else self.calls == self.at:
            raise Never
        return self.part(*given, **named)


# What a call is made of, as (which object, which of its functions).
PARTS = [
    *(("page", name) for name in ("send", "close")),
    *(("notebook", name) for name in ("answered", "event", "turn", "state")),
    *(("place", name) for name in ("take_line", "open", "rest", "resume")),
    *(("parts", name) for name in ("connection", "answerer", "seat", "rating")),
    *(("connection", name) for name in ("answer", "connected", "start", "silent_s", "close")),
    *(("link", name) for name in ("offer", "take", "silent_s", "sounds", "mind_the_seat", "loss", "why_not", "close")),
    *(("quality", name) for name in ("look", "closed", "numbers")),
    *(("seat", name) for name in ("attach", "detach", "report", "now_s", "play", "send", "heard", "events")),
    *(("presence", name) for name in ("back", "_look", "_while_detached", "_while_unheard", "offer")),
    *(("visitor", name) for name in ("ping", "ping_every", "pongs", "tell", "replay", "take", "close")),
    ("agent", "run"),
]


def whose(call, which):
    session = call.session
    return {
        "parts": session.parts,
        "link": session.link,
        "quality": session.link.quality,
        "presence": session.presence,
        "visitor": session.page,
    }.get(which) or getattr(call, which)


async def a_life(call):
    """All that happens to a call, as far as it lets it: what fails is the consumer's to tell, and the life goes on."""

    async def does(step, *given):
        with suppress(Never, ProtocolError):
            done = step(*given)
            if asyncio.iscoroutine(done):
                await done

    session = call.session
    await does(session.handle, protocol.Muted(True, "muted"))
    await does(session.handle, protocol.Offer(OFFER))
    await asyncio.sleep(4)
    for message in (protocol.KeyPressed("5"), protocol.InfoSent("x", {}), protocol.Report("ICE_FAILED")):
        await does(session.handle, message)
    for connection in call.connections:
        connection.silent = 5
    await asyncio.sleep(8)  # asked for sound
    await does(session.handle, protocol.Offer(OFFER))
    await asyncio.sleep(4)
    token = next((told.token for told in reversed(call.page.told) if isinstance(told, protocol.Attached)), "")
    await does(session.detach, call.page)
    for connection in call.connections:
        connection.silent = 10
    await asyncio.sleep(8)  # detached, and the line is somebody else's
    await does(call.come_back, token)
    await does(session.handle, protocol.Offer(OFFER))
    await asyncio.sleep(4)
    await does(session.handle, protocol.HangUp())


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize(("which", "name"), PARTS, ids=lambda each: each)
def test_a_call_whose_part_fails_ends_once_and_lets_everything_go(which, name, for_good):
    async def scene(at):
        call = Call()
        owner = whose(call, which)
        failing = Failing(getattr(owner, name), at, for_good)
        owner_set(owner, name, failing)
        call.running = asyncio.ensure_future(call.session.run())
        with suppress(Never):
            call.session.attach(call.page)
        living = asyncio.ensure_future(a_life(call))
        async with asyncio.timeout(LONG):
            ending = await call.running
            await living
        history = call.session.history
        assert history.count("ended") == 1 and history[-1] == "ended" and call.session.ending == ending
        if (which, name) not in (("page", "close"), ("page", "send"), ("visitor", "close"), ("visitor", "take")):
            socket = call.session.page.socket
            assert socket is None or socket.closed, "the page hears of the end"
        if (which, name) not in (("link", "close"), ("connection", "close")):
            assert all(connection.closed for connection in call.connections), "no sound stays open"
        return failing.calls

    for at in (1, 2, 5):
        if clock.run(scene(at)) < at:
            break


def owner_set(owner, name, value):
    try:
        setattr(owner, name, value)
    except AttributeError:  # a class with slots, or a frozen one
        object.__setattr__(owner, name, value)


def test_a_watch_that_dies_ends_the_call_and_is_counted():
    async def scene():
        faults.counted.clear()
        async with Call() as call:
            await call.answered()
            call.session.presence._look = call.raises
        return call.running.result()

    ending = clock.run(scene())
    assert (ending.cause, ending.code) == ("failed", "HANDLER_ERROR") and faults.counted["watch"] == 1


def test_a_connection_that_cannot_be_made_is_told_and_another_offer_may_follow():
    async def scene():
        async with Call() as call:
            await call.answered()
            make, call.session.link._make = call.session.link._make, call.raises
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            assert call.page.errors() == ["HANDLER_ERROR"] and call.session.state == "answered"
            call.session.link._make = make
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            assert len(call.connections) == 2 and call.seat.line is call.connections[1]
            call.session.handle(protocol.HangUp())

    clock.run(scene())
