"""One call as a state machine: its whole history, on a clock that jumps."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from agents.engine.line import Gap, Left
from agents.engine.notes import Ending
from calling import faults
from calling.call import protocol
from calling.call.event_log import EVENTS_KEPT
from calling.call.parts import Patience
from calling.call.protocol import ProtocolError
from tests.fakes.answerer import ObedientAnswerer
from tests.fakes.call import Call, Page
from tests.fakes.connection import OFFER, FakeConnection


def play(scene):
    return clock.run(scene())


def test_a_call_from_hello_to_hang_up():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.handle(protocol.HangUp("s-1"))
        assert call.session.history == ["new", "registered", "ringing", "answered", "ended"]
        assert call.page.events() == ["registered", "ringing", "answered", "transcription", "ended"]
        assert [type(message).__name__ for message in call.page.told[-2:]] == ["Event", "Close"]
        assert call.page.closed == [1000] and call.connection.closed == 1
        assert call.notebook.was_answered == 1
        assert call.running.result() == Ending("visitor_ended")

    play(scene)


def test_a_browser_that_never_offers_is_given_up():
    async def scene():
        async with Call() as call:
            pass
        assert call.session.history == ["new", "registered", "ended"]
        assert call.running.result() == Ending("failed", "CONNECT_TIMEOUT")
        assert call.loop.time() == pytest.approx(Patience().offer_s)

    play(scene)


def test_sound_that_never_comes_up_is_given_up_after_thirty_seconds():
    async def scene():
        async with Call(connection=FakeConnection(up=False)) as call:
            call.session.handle(protocol.Offer(OFFER))
        assert call.session.history == ["new", "registered", "ringing", "ended"]
        assert call.running.result() == Ending("failed", "CONNECT_TIMEOUT")
        assert protocol.Failure("CONNECT_TIMEOUT", "s-1") in call.page.told
        assert call.loop.time() == pytest.approx(30)
        assert call.connection.closed == 1 and call.notebook.was_answered == 0

    play(scene)


def test_the_visitor_may_hang_up_while_it_connects():
    async def scene():
        async with Call(connection=FakeConnection(up=False)) as call:
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            call.session.handle(protocol.HangUp())
        assert call.session.history == ["new", "registered", "ringing", "ended"]
        assert call.running.result() == Ending("visitor_ended")
        assert call.connection.closed == 1

    play(scene)


@pytest.mark.parametrize("code", ["NO_AUDIO", "INVALID_ARGUMENT", "MEDIA_BRIDGE_FAILURE"])
def test_an_offer_that_cannot_be_used_fails_the_call_with_its_code(code):
    async def scene():
        async with Call(connection=FakeConnection(refuses=code)) as call:
            call.session.handle(protocol.Offer(OFFER))
        assert call.running.result() == Ending("failed", code)
        assert protocol.Failure(code, "s-1") in call.page.told

    play(scene)


def test_a_page_that_dies_while_it_connects_is_gone_after_three_seconds():
    async def scene():
        async with Call(connection=FakeConnection(up=False)) as call:
            call.session.handle(protocol.Offer(OFFER))
            call.session.detach(call.page)
        assert call.running.result() == Ending("connection_lost")
        assert 3 < call.loop.time() < 3.5

    play(scene)


def test_a_dead_visitors_slot_is_free_within_six_seconds_and_the_call_over_after_thirty():
    async def scene():
        async with Call() as call:
            await call.answered()
            died_at = call.loop.time()
            call.session.detach(call.page)
            watch = asyncio.ensure_future(grow_silent(call, died_at))
        watch.cancel()
        assert call.session.history == ["new", "registered", "ringing", "answered", "detached", "ended"]
        assert call.running.result() == Ending("connection_lost")
        [(what, at)] = call.place.history
        assert what == "free" and at - died_at <= 6.0
        assert not call.place.holds_line
        assert 30 < call.loop.time() - died_at < 36
        assert [event for event in call.agent.events if isinstance(event, Gap | Left)][-2:] == [
            Gap(True),
            Left("connection_lost"),
        ]

    play(scene)


async def grow_silent(call, since):
    while True:
        call.connection.silent = call.loop.time() - since
        await asyncio.sleep(0.05)


def test_a_page_that_stops_saying_pong_is_as_dead_as_one_that_left():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.page.alive = False
            watch = asyncio.ensure_future(grow_silent(call, call.loop.time()))
        watch.cancel()
        assert call.session.history[-2:] == ["detached", "ended"]
        assert call.running.result() == Ending("connection_lost")

    play(scene)


def test_a_call_whose_socket_died_goes_on_while_sound_comes():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.detach(call.page)
            await asyncio.sleep(100)
            assert call.session.state == "answered" and call.place.history == []
            again = Page()
            again.session = call.session
            call.session.attach(again, last_event=2)
            assert again.events()[:1] == ["answered"]  # what was missed, from the third event on
            call.session.handle(protocol.HangUp())
        assert again.events()[-1] == "ended" and again.closed == [1000]

    play(scene)


def test_sound_that_comes_back_brings_the_call_back_and_takes_its_slot_again():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.detach(call.page)
            call.connection.silent = 10
            await asyncio.sleep(8)
            assert call.session.state == "detached" and call.seat.line is None
            call.connection.silent = 0
            await asyncio.sleep(1)
            assert call.session.state == "answered" and call.seat.line is call.connection
            call.session.end("shutdown")
        assert call.session.history == ["new", "registered", "ringing", "answered", "detached", "answered", "ended"]
        assert [what for what, _at in call.place.history] == ["free", "taken"] and call.place.holds_line
        assert [event for event in call.agent.events if isinstance(event, Gap)] == [Gap(True), Gap(False)]

    play(scene)


def test_a_page_that_answers_without_ever_sending_sound_again_is_given_up():
    async def scene():
        async with Call() as call:
            await call.answered()
            watch = asyncio.ensure_future(grow_silent(call, call.loop.time()))
        watch.cancel()
        assert call.session.history[-2:] == ["answered", "ended"]
        assert call.running.result() == Ending("connection_lost")

    play(scene)


@pytest.mark.parametrize(
    ("end", "waited_s"),
    [
        (lambda session: session.handle(protocol.HangUp()), Patience().last_words_s),
        (lambda session: session.end("shutdown"), Patience().goodbye_s),
    ],
)
def test_an_agent_that_does_not_come_to_an_end_is_not_waited_for(end, waited_s):
    class Deaf(ObedientAnswerer):
        async def run(self, seat, notes):
            await asyncio.Event().wait()

    async def scene():
        async with Call(answerer=Deaf()) as call:
            await call.answered()
            began = call.loop.time()
            end(call.session)
        assert call.running.result().cause in ("visitor_ended", "shutdown")
        assert call.loop.time() - began == pytest.approx(waited_s, abs=0.3)

    play(scene)


def test_a_sound_connection_that_neither_closes_nor_lets_go_keeps_no_call_from_its_end():
    class Stuck(FakeConnection):
        async def close(self):
            while True:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    if self.let_go:
                        raise

    async def scene():
        made = Stuck()
        made.let_go = False
        before = faults.counted.get("link", 0)
        async with Call(connection=made) as call:
            await call.answered()
            call.session.handle(protocol.HangUp())
            async with asyncio.timeout(60):
                await asyncio.wait({call.running})
            made.let_go = True
        assert call.running.result() == Ending("visitor_ended")
        assert call.session.history[-1] == "ended" and faults.counted["link"] == before + 1

    play(scene)


def test_the_agents_last_turn_is_written_before_the_end():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(1)
            call.session.handle(protocol.HangUp())
        assert call.notebook.turns[0].interrupted and call.notebook.turns[0].ended_s is not None

    play(scene)


def test_an_error_nobody_foresaw_ends_the_call_with_a_code():
    class Broken(FakeConnection):
        def start(self, seat):
            raise RuntimeError("never seen before")

    async def scene():
        async with Call(connection=Broken()) as call:
            call.session.handle(protocol.Offer(OFFER))
        assert call.running.result() == Ending("failed", "HANDLER_ERROR")
        assert call.page.events()[-1] == "ended" and call.connection.closed == 1

    play(scene)


def test_a_connection_that_does_not_close_does_not_keep_the_call():
    class Stuck(FakeConnection):
        async def close(self):
            await asyncio.Event().wait()

    async def scene():
        async with Call(connection=Stuck()) as call:
            await call.answered()
            call.session.handle(protocol.HangUp())
        assert call.session.state == "ended"

    play(scene)


def test_a_second_socket_replaces_the_first():
    async def scene():
        async with Call() as call:
            await call.answered()
            second = Page()
            second.session = call.session
            call.session.attach(second, last_event=0)
            assert call.page.closed == [4008]
            assert second.events()[:3] == ["registered", "ringing", "answered"]
            call.session.detach(call.page)  # the old one reports its end late
            call.session.handle(protocol.HangUp())
        assert second.events()[-1] == "ended"

    play(scene)


def test_only_so_many_events_are_kept():
    async def scene():
        async with Call() as call:
            for number in range(EVENTS_KEPT + 50):
                call.session.tell("info", body=number)
            late = Page()
            late.session = call.session
            call.session.attach(late)
            kept = [event.n for event in late.told if isinstance(event, protocol.Event)]
            assert kept == [1, *range(49, EVENTS_KEPT + 52)]  # how it began is always known
            call.session.end("shutdown")

    play(scene)


def test_a_socket_that_comes_after_the_end_is_told_of_it():
    async def scene():
        async with Call() as call:
            call.session.end("shutdown")
        late = Page()
        call.session.attach(late, last_event=1)
        assert late.events() == ["ended"] and late.told[-1] == protocol.Close("s-1") and late.closed == [1000]

    play(scene)


def test_after_the_end_an_offer_is_too_late():
    async def scene():
        async with Call() as call:
            call.session.end("shutdown")
        with pytest.raises(ProtocolError, match="SESSION_GONE"):
            call.session.handle(protocol.Offer(OFFER))

    play(scene)


@pytest.mark.parametrize("deaf_to", [protocol.Failure, protocol.Event, protocol.Close])
def test_an_end_that_the_page_cannot_be_told_of_is_an_end_all_the_same(deaf_to):
    class DeafPage(Page):
        def send(self, message):
            if isinstance(message, deaf_to) and self.session.state == "ended":
                raise KeyError("never seen before")
            super().send(message)

    async def scene():
        call = Call()
        call.page = DeafPage()
        call.page.session = call.session
        async with call:
            await call.answered()
            call.session.end("failed", "AGENT_FAILURE")
        assert call.running.result() == Ending("failed", "AGENT_FAILURE")
        assert call.page.closed == [1000] and call.connection.closed == 1
        assert [name for name, _at, _data in call.notebook.events] == ["sound"]

    play(scene)


def test_a_rating_that_cannot_be_offered_costs_nothing_else():
    async def scene():
        async with Call(rating=KeyError("never seen before")) as call:
            await call.answered()
            call.session.handle(protocol.HangUp())
        [ended] = [m.data for m in call.page.told if isinstance(m, protocol.Event) and m.name == "ended"]
        assert ended["rating"] is None and call.page.closed == [1000] and call.connection.closed == 1

    play(scene)


def test_a_seat_that_does_not_let_go_keeps_no_connection_open():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.seat.detach = call.raises
            call.session.handle(protocol.HangUp())
        assert call.connection.closed == 1 and call.page.events()[-1] == "ended"

    play(scene)


def test_a_session_that_is_cancelled_closes_what_it_opened():
    async def scene():
        call = Call()
        async with call:
            await call.answered()
            call.running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call.running
            call.running = asyncio.ensure_future(asyncio.sleep(0))
        assert call.session.history[-1] == "ended" and call.connection.closed == 1
        assert call.page.events()[-1] == "ended"

    play(scene)


# ── Why it ended ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reported", "reached", "code"),
    [
        ("CONNECT_TIMEOUT", True, "CONNECT_TIMEOUT"),
        ("CONNECT_TIMEOUT", False, "NO_UDP"),  # the server knows more
        ("ICE_FAILED", False, "NO_UDP"),
        ("MICROPHONE_BUSY", False, "MICROPHONE_BUSY"),
    ],
)
def test_a_browser_that_gives_up_says_why(reported, reached, code):
    async def scene():
        connection = FakeConnection(up=False)
        connection.was_reached = reached
        async with Call(connection=connection) as call:
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            call.session.handle(protocol.Report(reported))
            call.session.handle(protocol.HangUp())
        assert call.running.result() == Ending("failed", code)

    play(scene)


def test_a_call_that_is_lost_after_a_report_has_its_code():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.handle(protocol.Report("ICE_FAILED"))
            call.connection.die()
            call.session.detach(call.page)
        assert call.running.result() == Ending("connection_lost", "ICE_FAILED")

    play(scene)


def test_a_call_that_got_over_its_trouble_has_no_code():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.handle(protocol.Report("ICE_FAILED"))
            await asyncio.sleep(1)
            call.session.handle(protocol.HangUp())
        assert call.running.result() == Ending("visitor_ended")
        assert ("browser_failed", {"code": "ICE_FAILED"}) in [(name, data) for name, _at, data in call.notebook.events]

    play(scene)


def test_sound_that_is_lost_on_the_way_is_told_and_explains_the_end():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(6)
            call.connection.stats = {"received": 200, "lost": 50}
            await asyncio.sleep(6)
            [told] = [m for m in call.page.told if isinstance(m, protocol.Event) and m.name == "sound"]
            assert told.data == {"quality": "poor", "loss": 20.0}
            call.connection.die()
            call.session.detach(call.page)
        assert call.running.result() == Ending("connection_lost", "HIGH_LOSS")
        [numbers] = [data for name, _at, data in call.notebook.events if name == "sound"]
        assert numbers["lost_percent"] == 20.0 and numbers["connections"] == 1

    play(scene)


def test_a_rating_is_asked_for_after_a_call_and_not_after_none():
    async def scene(talk):
        async with Call(rating="ticket") as call:
            if talk:
                await call.answered()
            call.session.end("visitor_ended")
        return call.page.told[-2].data["rating"]

    assert play(lambda: scene(True)) == "ticket" and play(lambda: scene(False)) is None
