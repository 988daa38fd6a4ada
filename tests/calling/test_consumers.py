"""The signalling socket: the order of a call, who is turned away and how, and what a hostile page achieves."""

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from calling.call.parts import Patience
from calling.gateway import consumers
from calling.models import Conversation
from calling.record.store import notes
from tests.calling.conftest import SITE, change
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import ANSWER, OFFER, SILENT_OFFER
from widgets import actions
from widgets.admission import credentials
from widgets.models import RefusedHost, SpentTicket
from widgets.refusals import Refused

make = sync_to_async
NOBODY = "https://elsewhere.example.net"


async def only_conversation():
    return await Conversation.objects.select_related("consent", "version").aget()


async def test_a_call_is_told_in_the_documented_order(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)(), lastEvent=0)
        await caller.offer(OFFER, sessionId=None)
        heard = await caller.hears_until("transcription")
        await caller.say("close", sessionId=caller.session)
        heard += await caller.hears_until("closed")
        await here.quiet()
    assert gist(heard) == [
        "registered",
        "ringing",
        "answer",
        "answered",
        "transcription",
        "ended",
        "close",
        "closed 1000",
    ]
    events = [message for message in heard if message["type"] == "event"]
    assert [event["n"] for event in events] == [1, 2, 3, 4, 5]
    assert events[0]["data"] == {"session": caller.session, "reference": caller.reference, "agent": "Robin"}
    assert heard[2]["data"] == {"type": "answer", "sdp": ANSWER}
    ended = events[-1]["data"]
    assert (ended["cause"], ended["code"], ended["reference"]) == ("visitor_ended", "", caller.reference)
    kept = await only_conversation()
    assert (kept.reference, kept.end_cause, kept.error_code) == (caller.reference, "visitor_ended", "")
    assert kept.started_at <= kept.answered_at <= kept.ended_at
    turn = await kept.turns.aget()
    assert (turn.speaker, turn.text, turn.interrupted, turn.ended_s is not None) == ("agent", "Hello there", True, True)
    assert kept.agent_state == {"turns": 1}
    assert here.slots.taken == 0 and here.connections[0].closed == 1


async def test_an_offer_that_carries_the_ticket_needs_no_hello(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.offer(OFFER, sessionId="", authToken=await make(ticket)(), mode="end-to-end", callSid="c-1")
        assert gist(await caller.hears_until("answered")) == ["registered", "ringing", "answer", "answered"]
        await caller.say("close", sessionId=caller.session)
        await caller.hears_until("closed")
        await here.quiet()


async def test_the_agent_may_hang_up(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.say("dtmf", digit="9")
        assert gist(await caller.hears_until("closed")) == ["ended", "close", "closed 1000"]
        await here.quiet()
    assert (await only_conversation()).end_cause == "agent_ended"


async def test_an_agent_that_breaks_is_told_to_the_page_and_loses_no_turn(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.say("dtmf", digit="5")
        await caller.hears_until("transcription")
        await caller.say("dtmf", digit="0")
        assert gist(await caller.hears_until("closed")) == ["error AGENT_FAILURE", "ended", "close", "closed 1000"]
        await here.quiet()
    kept = await only_conversation()
    assert (kept.end_cause, kept.error_code) == ("failed", "AGENT_FAILURE")
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there", "pressed 5"]


async def test_an_agent_that_cannot_be_made_ready_fails_the_call(calls, ticket):
    async def broken(setup):
        raise OSError("no weights")

    here = calls(answerer=broken)
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        heard = gist(await caller.hears_until("closed"))
        await here.quiet()
    assert heard == ["registered", "ringing", "answer", "error AGENT_FAILURE", "ended", "close", "closed 1000"]
    assert here.slots.taken == 0


async def test_what_the_page_sends_reaches_the_agent_and_comes_back_as_an_event(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.say("info", text="cart", data={"items": 3})
        assert (await caller.hears())["data"] == {"body": {"text": "cart", "names": ["items"]}}
        await caller.say("ping")
        assert await caller.hears() == {"type": "pong"}
        await caller.say("muted", muted=True)
        await caller.say("report", code="MICROPHONE_BUSY")
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()
    noted = [(event.name, event.data) async for event in (await only_conversation()).events.all()]
    assert noted[:2] == [("muted", {"reason": "muted"}), ("browser_failed", {"code": "MICROPHONE_BUSY"})]
    assert [name for name, _data in noted[2:]] == ["sound"]


async def test_a_report_of_an_unknown_code_is_refused_and_the_call_ends_as_if_it_had_not_come(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.say("report", code="MIC_LOST")
        assert (await caller.hears())["data"]["code"] == "INVALID_MESSAGE"
        await caller.say("close")
        assert gist(await caller.hears_until("closed")) == ["ended", "close", "closed 1000"]
        await here.quiet()
    kept = await only_conversation()
    assert (kept.end_cause, kept.error_code, [event.name async for event in kept.events.all()]) == (
        "visitor_ended",
        "",
        ["sound"],
    )
    assert here.slots.taken == 0


# ── Who is turned away ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("origin", [NOBODY, "null", "https://localhost.example.net"])
async def test_a_socket_of_another_origin_is_refused_before_it_opens(calls, ticket, rows, origin):
    calls()
    before = await rows()
    caller = Caller(origin)
    assert not await caller.connect()
    assert await rows() == before
    await caller.vanish()


async def refused(caller, rows, frame, *codes):
    """The frame is answered by these, and changes nothing."""
    await notes.flush()
    before = await rows()
    await caller.raw(frame) if isinstance(frame, str | bytes) else await caller.say(*frame[:1], **frame[1])
    assert gist(await caller.hears_until("closed")) == [f"error {codes[0]}", "closed 4008"]
    assert await rows() == before


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (("hello", {}), "UNAUTHORIZED"),
        (("hello", {"ticket": "garbage"}), "TICKET_INVALID"),
        (("hello", {"ticket": "a:b:c"}), "TICKET_INVALID"),
        (("offer", {"data": {"type": "offer", "sdp": OFFER}}), "UNAUTHORIZED"),
        (("offer", {"data": {"type": "offer", "sdp": OFFER}, "authToken": "garbage"}), "TICKET_INVALID"),
        (("offer", {"data": {"type": "offer", "sdp": SILENT_OFFER}, "authToken": "garbage"}), "NO_AUDIO"),
        (("offer", {"data": {"type": "offer", "sdp": OFFER}, "authToken": "t", "sessionId": "x"}), "SESSION_GONE"),
        (("offer", {"data": {"type": "offer", "sdp": OFFER}, "mode": "echo"}), "FORBIDDEN"),
        (("close", {}), "UNAUTHORIZED"),
        (("info", {"text": "x"}), "UNAUTHORIZED"),
        ("x" * 40_000, "TOO_LARGE"),
    ],
)
async def test_at_the_door_a_bad_message_has_a_code_and_changes_nothing(calls, widget, rows, frame, code):
    here = calls()
    async with Caller() as caller:
        await refused(caller, rows, frame, code)
    assert here.slots.taken == 0


async def test_garbage_is_answered_and_does_not_close_the_door(calls, ticket):
    here = calls()
    async with Caller() as caller:
        for frame in ("nonsense", "[[[[", '{"type": "unknown"}', b"\x00\x01", '{"type":"offer","mode":"x"}'):
            await caller.raw(frame)
        heard = [await caller.hears() for _ in range(5)]
        assert gist(heard) == ["error INVALID_MESSAGE"] * 4 + ["error INVALID_ARGUMENT"]
        await caller.say("hello", ticket=await make(ticket)())
        assert (await caller.hears())["name"] == "registered"
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()


async def test_a_ticket_admits_once(calls, ticket, rows):
    here = calls()
    once = await make(ticket)()
    async with Caller() as first, Caller() as second:
        await first.say("hello", ticket=once)
        await first.offer(OFFER)
        await first.hears_until("transcription")
        await refused(second, rows, ("hello", {"ticket": once}), "TICKET_SPENT")
        assert here.slots.taken == 1
        await first.say("close")
        await first.hears_until("closed")
        await here.quiet()
    assert here.slots.taken == 0


async def test_an_expired_ticket_admits_nobody(calls, ticket, rows, time_machine_at):
    calls()
    old = await make(ticket)()
    async with Caller() as caller:
        with time_machine_at(61):
            await refused(caller, rows, ("hello", {"ticket": old}), "TICKET_INVALID")


async def test_a_site_that_was_taken_off_the_list_is_refused_and_counted(calls, ticket, widget, rows):
    calls()
    good = await make(ticket)()
    await make(actions.set_domains)(widget, ["other.example.org"], by=None)
    async with Caller() as caller:
        await refused(caller, rows, ("hello", {"ticket": good}), "HOST_NOT_ALLOWED")
    assert (await RefusedHost.objects.aget()).count == 1


async def test_a_widget_that_was_switched_off_is_refused(calls, ticket, widget, rows):
    calls()
    good = await make(ticket)()
    await make(actions.set_enabled)(widget, False, by=None)
    async with Caller() as caller:
        await refused(caller, rows, ("hello", {"ticket": good}), "WIDGET_OFF")


async def test_a_call_without_the_consent_that_is_asked_for_is_refused(calls, ticket, widget, rows):
    calls()
    before = await make(ticket)()
    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "I agree"})
    async with Caller() as caller:
        await refused(caller, rows, ("hello", {"ticket": before}), "CONSENT_REQUIRED")


async def test_a_yes_is_tied_to_the_call_it_was_given_for(calls, ticket, widget):
    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "I agree"})
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("answered")
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()
    kept = await only_conversation()
    assert kept.consent.conversation == kept.pk


async def test_a_full_house_is_told_and_does_not_cost_the_ticket(calls, ticket, rows):
    here = calls(most=1)
    first, second = Caller(), Caller()
    async with first, second:
        await first.say("hello", ticket=await make(ticket)())
        await first.offer(OFFER)
        await first.hears_until("transcription")
        kept = await make(ticket)()
        await refused(second, rows, ("hello", {"ticket": kept}), "FULL")
        await first.say("close")
        await first.hears_until("closed")
        await here.quiet()
    async with Caller() as third:
        await third.say("hello", ticket=kept)
        assert gist(await third.hears_until("registered")) == ["registered"]
        await third.say("close")
        await third.hears_until("closed")
        await here.quiet()


async def test_a_ticket_is_refused_while_the_house_is_full(calls, ticket, widget):
    """Before the microphone opens: the frame asks for its ticket first."""
    here = calls(most=1)
    grant = credentials.make_grant(widget.code, SITE)

    @sync_to_async
    def ask():
        headers = {"Origin": settings.PUBLIC_URL}
        answer = Client().post("/api/v1/widget/ticket", {"grant": grant}, "application/json", headers=headers)
        return answer.status_code, answer.json().get("error", {}).get("code")

    assert await ask() == (200, None)
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("answered")
        assert await ask() == (503, "FULL")
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()
    assert await ask() == (200, None)


async def test_a_widgets_own_limit_counts_its_own_calls(calls, ticket, widget, rows):
    here = calls(most=10)
    await make(actions.set_max_calls)(widget, 1, by=None)
    async with Caller() as first, Caller() as second:
        await first.say("hello", ticket=await make(ticket)())
        await first.offer(OFFER)
        await first.hears_until("transcription")
        await refused(second, rows, ("hello", {"ticket": await make(ticket)()}), "FULL")
        here.check_room()
        await first.say("close")
        await first.hears_until("closed")
        await here.quiet()


async def test_a_process_that_is_about_to_end_takes_no_calls(calls, ticket, rows):
    here = calls()
    await here.drain()
    async with Caller() as caller:
        await refused(caller, rows, ("hello", {"ticket": await make(ticket)()}), "SHUTTING_DOWN")
    with pytest.raises(Refused, match="SHUTTING_DOWN"):
        here.check_room()


async def test_a_socket_that_says_nothing_is_closed(calls, widget, rows):
    calls(patience=Patience(first_message_s=0.01))
    before = await rows()
    async with Caller() as caller:
        assert gist(await caller.hears_until("closed")) == ["error UNAUTHORIZED", "closed 4008"]
    assert await rows() == before


async def test_a_flood_of_messages_closes_the_socket(calls, widget, monkeypatch):
    monkeypatch.setattr(consumers, "MESSAGES_A_SECOND", 0.0)
    calls()
    async with Caller() as caller:
        for _ in range(round(consumers.BURST) + 1):
            await caller.raw("nonsense")
        heard = gist(await caller.hears_until("closed"))
    assert heard[-2:] == ["error RATE_LIMITED", "closed 4008"]
    assert heard[:-2] == ["error INVALID_MESSAGE"] * round(consumers.BURST)


# ── In a call ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_cannot_be_used_does_not_touch_the_running_call(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.offer(SILENT_OFFER)
        assert gist([await caller.hears()]) == ["error NO_AUDIO"]
        await caller.offer(OFFER, mode="echo")
        await caller.offer(OFFER, sessionId="another")
        await caller.say("hello", ticket="again")
        await caller.raw("nonsense")
        heard = gist([await caller.hears() for _ in range(4)])
        assert heard == [
            "error FORBIDDEN",
            "error SESSION_GONE",
            "error CALL_EXISTS",
            "error INVALID_MESSAGE",
        ]
        await caller.say("dtmf", digit="5")
        assert (await caller.hears())["name"] == "transcription"
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()
    assert [connection.closed for connection in here.connections] == [1, 1]
    assert await SpentTicket.objects.acount() == 1


async def test_an_offer_without_audio_fails_the_call_with_its_code(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(SILENT_OFFER)
        heard = gist(await caller.hears_until("closed"))
        await here.quiet()
    assert heard == ["registered", "ringing", "error NO_AUDIO", "ended", "close", "closed 1000"]
    kept = await only_conversation()
    assert (kept.end_cause, kept.error_code, kept.answered_at) == ("failed", "NO_AUDIO", None)
    assert here.slots.taken == 0


async def test_frames_that_are_too_large_cost_the_socket_and_not_the_call(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.raw("x" * 40_000)
        assert gist(await caller.hears_until("closed")) == ["error TOO_LARGE", "closed 4008"]
        await caller.vanish()
        assert [session.state for session in here.sessions.values()] == ["answered"]
    await here.drain(0)
    assert (await only_conversation()).end_cause == "shutdown"


async def test_calls_are_told_when_the_process_ends(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await here.drain(0)
        heard = await caller.hears_until("closed")
    assert gist(heard) == ["ended", "close", "closed 1000"]
    assert heard[0]["data"]["cause"] == "shutdown"
    assert (await only_conversation()).end_cause == "shutdown"
