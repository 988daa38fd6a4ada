"""A page that comes back to its call: who is let in, what it is told, and what of the call goes on."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from agents.engine.line import Gap
from calling.call import protocol, resume
from calling.call.messages import MOST_OFFERS
from calling.call.parts import Patience
from calling.call.protocol import ProtocolError
from calling.call.resume import ResumeTokens
from tests.fakes.call import Call
from tests.fakes.connection import OFFER, SILENT_OFFER, FakeConnection

GONE = 10  # seconds of silence: more than a dead line is waited for, less than a call is kept


def play(scene):
    return clock.run(scene())


# ── Tokens ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_names_its_session_and_nothing_else_fits():
    tokens, others = ResumeTokens("s-1"), ResumeTokens("s-1")
    token = tokens.issue()
    assert resume.session_of(token) == "s-1" and tokens.fits(token)
    for wrong in (others.issue(), "", "s-1.", "s-1", token + "x", token.swapcase(), "é.x", "\ud800.x"):
        assert not tokens.fits(wrong)


@pytest.mark.parametrize("text", ["", ".", "s-1", "s-1.", ".x", "é.x"])
def test_what_is_no_token_names_no_session(text):
    assert resume.session_of(text) == ""


def test_a_token_is_good_until_its_successor_has_arrived():
    tokens = ResumeTokens("s-1")
    first = tokens.issue()
    second = tokens.issue(first)  # on its way
    assert tokens.fits(first) and tokens.fits(second)
    third = tokens.issue(first)  # the second was lost, or so its owner says
    assert tokens.fits(first) and tokens.fits(third) and not tokens.fits(second)
    tokens.confirm()
    assert tokens.fits(third) and not tokens.fits(first)


def test_no_token_is_kept_in_clear():
    tokens = ResumeTokens("s-1")
    token = tokens.issue()
    assert token not in repr(vars(tokens)) and token.partition(".")[2] not in repr(vars(tokens))


# ── One of both is lost, or both ─────────────────────────────────────────────────────────────────────────────


def test_a_page_whose_socket_was_lost_is_told_what_it_missed_and_no_more():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.detach(call.page)
            call.session.tell("info", body="meanwhile")
            page = await call.come_back(call.page.token, last_event=4)
            assert [event.n for event in page.told if isinstance(event, protocol.Event)] == [5]
            assert isinstance(page.told[1], protocol.Attached) and isinstance(page.told[2], protocol.Ping)
            call.session.tell("info", body="afterwards")
            assert page.events() == ["info", "info"]
            call.session.handle(protocol.HangUp())
        assert call.session.history == ["new", "registered", "ringing", "answered", "ended"]
        assert len(call.connections) == 1 and call.place.history == []

    play(scene)


def test_a_page_whose_sound_is_lost_is_asked_for_a_new_connection_and_keeps_its_socket():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(GONE)
            call.connection.silent = GONE
            await asyncio.sleep(4)
            asked = [message for message in call.page.told if isinstance(message, protocol.Reconnect)]
            assert asked == [protocol.Reconnect("s-1")]
            assert call.seat.line is None and call.session.state == "answered"
            call.session.handle(protocol.Offer(OFFER, "s-1"))
            await asyncio.sleep(1)
            old, new = call.connections
            assert old.closed == 1 and call.seat.line is new
            assert [type(message) for message in call.page.told].count(protocol.Answer) == 2
            call.session.handle(protocol.HangUp())
        assert call.page.events() == ["registered", "ringing", "answered", "transcription", "ended"]
        assert new.closed == 1 and call.notebook.was_answered == 1
        assert [event for event in call.agent.events if isinstance(event, Gap)] == [Gap(True), Gap(False)]

    play(scene)


def test_a_page_is_asked_again_until_it_makes_an_offer():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(GONE)
            call.connection.silent = GONE
            await asyncio.sleep(11)
            asked = [message for message in call.page.told if isinstance(message, protocol.Reconnect)]
            assert len(asked) == 3
            call.next = [FakeConnection(up=False)]
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(8)
            assert len([message for message in call.page.told if isinstance(message, protocol.Reconnect)]) == 3
            call.session.end("shutdown")

    play(scene)


def test_a_reload_goes_on_with_the_same_agent_in_the_same_seat():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(2)
            call.session.handle(protocol.Muted(True))
            call.connection.die()
            call.session.detach(call.page)
            await asyncio.sleep(1)
            page = await call.come_back(call.page.token)
            assert page.events() == ["registered", "ringing", "answered", "transcription"]
            [attached] = [message for message in page.told if isinstance(message, protocol.Attached)]
            assert attached.muted and not attached.sound and attached.seconds == pytest.approx(3, abs=0.3)
            assert attached.keeps == Patience().gone_s
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            assert call.seat.line is call.connections[1]
            call.session.handle(protocol.HangUp())
        assert page.events() == ["registered", "ringing", "answered", "transcription", "ended"]
        assert call.notebook.was_answered == 1 and len(call.notebook.turns) == 1  # greeted once

    play(scene)


def test_who_is_back_after_the_slot_was_given_away_gets_it_back():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.connection.die()
            call.session.detach(call.page)
            await asyncio.sleep(GONE)
            assert call.session.state == "detached" and not call.place.holds_line
            await call.come_back(call.page.token)
            assert call.session.state == "answered" and call.place.holds_line
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(60)
            assert call.session.state == "answered" and call.seat.line is call.connections[1]
            call.session.end("shutdown")
        assert [what for what, _at in call.place.history] == ["free", "taken"]

    play(scene)


def test_who_comes_back_after_half_a_minute_is_too_late():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.connection.die()
            call.session.detach(call.page)
        assert 30 < call.loop.time() < 36
        with pytest.raises(ProtocolError, match="SESSION_GONE"):
            await call.come_back(call.page.token)
        assert [what for what, _at in call.place.history] == ["free"] and not call.place.holds_line

    play(scene)


def test_a_reload_while_it_rings_takes_the_place_of_the_first_offer():
    async def scene():
        async with Call(connection=FakeConnection(up=False)) as call:
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            call.session.detach(call.page)
            page = await call.come_back(call.page.token)
            call.session.handle(protocol.Offer(OFFER))
            while call.session.state != "answered":
                await asyncio.sleep(0.1)
            call.session.handle(protocol.HangUp())
        assert page.events() == ["registered", "ringing", "answered", "transcription", "ended"]
        assert [connection.closed for connection in call.connections] == [1, 1]

    play(scene)


@pytest.mark.parametrize("worse", [FakeConnection(up=False), FakeConnection(refuses="NO_AUDIO")])
def test_a_new_connection_that_does_not_come_up_leaves_the_old_one(worse):
    async def scene():
        async with Call() as call:
            await call.answered()
            call.next = [worse]
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(Patience().connect_s + 1)
            assert call.session.state == "answered" and call.seat.line is call.connection
            assert call.page.errors() == ["NO_AUDIO" if worse._refuses else "CONNECT_TIMEOUT"]
            assert worse.closed == 1 and call.connection.closed == 0
            call.session.handle(protocol.HangUp())

    play(scene)


def test_of_two_offers_at_once_the_newer_one_counts():
    async def scene():
        async with Call() as call:
            await call.answered()
            slow = FakeConnection(up=False)
            call.next = [slow]
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(0.1)
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(0.1)
            assert slow.closed == 1 and call.seat.line is call.connections[2]
            slow.up.set()
            await asyncio.sleep(1)
            assert call.seat.line is call.connections[2]
            call.session.handle(protocol.HangUp())
        assert call.page.errors() == []

    play(scene)


def test_a_page_that_does_nothing_but_offer_is_stopped():
    async def scene():
        async with Call() as call:
            await call.answered()
            for _ in range(MOST_OFFERS - 1):
                call.session.handle(protocol.Offer(SILENT_OFFER))
            with pytest.raises(ProtocolError, match="RATE_LIMITED"):
                call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(0.1)
            assert call.seat.line is call.connection
            await asyncio.sleep(60)
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(0.1)
            assert call.seat.line is call.connections[-1] is not call.connection
            call.session.end("shutdown")
        assert all(connection.closed for connection in call.connections[1:])

    play(scene)


# ── Who holds the call ───────────────────────────────────────────────────────────────────────────────────────


def test_a_copied_tab_takes_nothing_away():
    async def scene():
        async with Call() as call:
            await call.answered()
            await asyncio.sleep(GONE)
            copied, before = call.page.token, list(call.page.events())
            with pytest.raises(ProtocolError, match="CALL_ELSEWHERE"):
                await call.come_back(copied)
            assert call.page.closed == [] and call.page.events() == before and call.page.token == copied
            assert call.seat.line is call.connection
            call.session.handle(protocol.HangUp())
        assert call.page.events()[-1] == "ended"

    play(scene)


def test_the_call_can_be_moved_here():
    async def scene():
        async with Call() as call:
            await call.answered()
            page = await call.come_back(call.page.token, move=True)
            assert call.page.errors() == ["CALL_ELSEWHERE"] and call.page.closed == [4008]
            call.session.detach(call.page)  # its socket reports its end late
            call.session.handle(protocol.Offer(OFFER))
            await asyncio.sleep(1)
            assert call.seat.line is call.connections[1] and call.connection.closed == 1
            call.session.handle(protocol.HangUp())
        assert page.events()[-1] == "ended" and "ended" not in call.page.events()

    play(scene)


def test_a_page_that_does_not_answer_loses_the_call_within_a_second():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.page.alive = False  # a network that has changed: nobody has closed the old socket
            began = call.loop.time()
            page = await call.come_back(call.page.token)
            assert call.loop.time() - began <= Patience().held_s
            assert call.page.closed == [4008]
            call.session.handle(protocol.HangUp())
        assert page.events()[-1] == "ended"

    play(scene)


def test_a_page_without_sound_loses_the_call_to_one_that_asks():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.connection.silent = GONE
            await asyncio.sleep(GONE)
            await call.come_back(call.page.token)
            assert call.page.closed == [4008]
            call.session.end("shutdown")

    play(scene)


def test_a_page_that_has_just_come_has_time_to_make_sound():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.connection.die()
            call.session.detach(call.page)
            page = await call.come_back(call.page.token)
            with pytest.raises(ProtocolError, match="CALL_ELSEWHERE"):
                await call.come_back(page.token)
            call.session.end("shutdown")

    play(scene)


def test_of_two_pages_at_once_one_gets_the_call():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.connection.die()
            call.session.detach(call.page)
            both = await asyncio.gather(
                call.come_back(call.page.token), call.come_back(call.page.token), return_exceptions=True
            )
            refused = [one for one in both if isinstance(one, ProtocolError)]
            assert [error.code for error in refused] == ["RESUME_INVALID"]  # the other's token has arrived meanwhile
            call.session.end("shutdown")

    play(scene)


def test_wrong_tokens_and_spent_ones_change_nothing():
    async def scene():
        async with Call() as call:
            await call.answered()
            first = call.page.token
            call.session.detach(call.page)
            page = await call.come_back(first)
            for wrong in (first, "s-1.wrong", ResumeTokens("s-1").issue(), "s-1."):
                with pytest.raises(ProtocolError, match="RESUME_INVALID"):
                    await call.come_back(wrong, move=True)
            assert page.closed == [] and page.errors() == []
            call.session.handle(protocol.HangUp())
        with pytest.raises(ProtocolError, match="SESSION_GONE"):
            await call.come_back(page.token)

    play(scene)


def test_an_answer_that_is_lost_on_the_way_loses_no_call():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.detach(call.page)
            lost = call.another_page()
            lost.alive = False  # it never gets its token, so it answers no ping
            await call.session.come_back(call.page.token, lost, 0)
            call.session.handle(protocol.Offer(OFFER))  # sent without waiting: proves nothing
            call.session.detach(lost)
            page = await call.come_back(call.page.token)
            with pytest.raises(ProtocolError, match="RESUME_INVALID"):
                await call.come_back(call.page.token)
            assert page.closed == []
            call.session.end("shutdown")

    play(scene)
