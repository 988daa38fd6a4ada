"""A chat goes on aloud and comes back: one conversation, one transcript, and nothing written twice or lost between."""

import json

import pytest

from agents.engine.line import Left, Typed
from agents.engine.notes import Ending, TurnNote
from calling.gateway.chat import here
from calling.models import Chat, ChatEvent, Conversation
from calling.record.store import chat_calls, notes, recovery
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER
from tests.fakes.messaging import KNOWN
from widgets import actions
from widgets.admission import access, access_tokens, credentials

from .conftest import SITE
from .test_messaging import HOURS, QUESTION, again, db
from .test_messaging_card import OURS

TICKET = "/api/v1/chat/ticket"


class Aloud:
    """An agent that says back what is typed, and goes on from the state that it is given."""

    def __init__(self, setup):
        self.setup = setup
        self.memory = dict(setup.aloud.state) if setup.aloud else {"next_index": 0}

    def _next(self):
        self.memory["next_index"] += 1
        return self.memory["next_index"] - 1

    async def run(self, seat, record):
        async for event in seat.events():
            match event:
                case Typed(text, _patient, id):
                    record.turn(
                        TurnNote(
                            self._next(),
                            "visitor",
                            text,
                            seat.now_s(),
                            seat.now_s(),
                            decision={"typed": id},
                        )
                    )
                    said = TurnNote(
                        self._next(), "agent", "As I wrote:", seat.now_s(), planned="As I wrote: at 9.", source="Hours"
                    )
                    record.turn(said)
                    said.text, said.ended_s = said.planned, seat.now_s()
                    record.turn(said)
                    record.state(self.memory)
                case Left(cause):
                    return Ending(cause)
        return Ending("visitor_ended")

    def state(self):
        return self.memory

    def restore(self, state):
        self.memory = state


@pytest.fixture
def aloud(calls, chat_widget):
    """Places a call from a chat; returns the visitor's page."""
    made = []

    async def answerer(setup):
        made.append(Aloud(setup))
        return made[-1]

    there = calls(answerer=answerer)
    there.agents = made

    def ticket(client, **claims):
        user = access_tokens.read(client.access).user
        grant = credentials.GrantClaims(chat_widget.code, SITE, credentials.EMBED)
        return credentials.make_ticket(grant, **({"chat": client.session, "user": user} | claims))

    there.ticket = ticket
    return there


async def talk(caller, ticket):
    await caller.say("hello", ticket=ticket)
    await caller.hears_until("registered")
    await caller.offer(OFFER)
    await caller.hears_until("answered")


def events(client, *types):
    rows = ChatEvent.objects.filter(chat=client.session)
    return list((rows.filter(type__in=types) if types else rows).values_list("type", "payload"))


def turns(conversation):
    return [(turn.speaker, turn.text, turn.decision.get("medium", "")) for turn in conversation.turns.order_by("index")]


async def test_a_chat_goes_on_aloud_and_back_as_one_conversation_with_one_transcript(sdk, aloud, monkeypatch):
    monkeypatch.setattr("tests.fakes.messaging.KNOWN", KNOWN | {chat_calls.SAID, chat_calls.BEGAN, chat_calls.ENDED})
    client = await sdk().start()
    await client.ask(QUESTION)
    before = await db(Conversation.objects.get)
    async with Caller() as caller:
        await talk(caller, aloud.ticket(client))
        assert caller.reference == before.reference
        assert aloud.agents[0].memory["spoken"] == "Hours", "the agent knows what was typed"
        await caller.say("write", text="Also on Friday?", id="l1")
        await client.until(lambda: [one for one in client.events if one["type"].endswith("VOICE_TURN")][1:])
        await caller.say("close")
        await client.until(lambda: client.events[-1]["type"].endswith("VOICE_ENDED"))
        await aloud.quiet()
    assert await client.ask("what does it cost") == "See [our list](https://example.com/p)."

    kept = await db(Conversation.objects.get)
    assert kept.pk == before.pk and kept.channel == Conversation.CHAT and kept.ended_at is None
    assert (await db(turns, kept))[1:] == [
        ("visitor", QUESTION, ""),
        ("agent", HOURS, ""),
        ("visitor", "Also on Friday?", "text"),
        ("agent", "As I wrote: at 9.", "voice"),
        ("visitor", "what does it cost", ""),
        ("agent", "See [our list](https://example.com/p).", ""),
    ]
    clock = [turn.started_s async for turn in kept.turns.order_by("index")]
    assert clock == sorted(clock), "on the conversation's own clock"
    noted = [event.name async for event in kept.events.order_by("at_s", "id")]
    assert "talk_began" in noted and "talk_ended" in noted
    said = await db(events, client, chat_calls.SAID)
    assert [payload for _type, payload in said] == [
        {"turn": 3, "speaker": "visitor", "text": "Also on Friday?", "medium": "text"},
        {"turn": 4, "speaker": "agent", "text": "As I wrote: at 9.", "medium": "voice"},
    ]

    # The chat is rated once, when it is over; the call had no ticket for that.
    await client.say("USER_END_SESSION")
    assert await client.close_code() == 1000
    assert (await db(Conversation.objects.get)).end_cause == "visitor_ended"


async def test_what_another_tab_writes_during_the_call_waits_for_its_end_and_is_answered_then(sdk, aloud):
    client = await sdk().start()
    other = await again(client)
    async with Caller() as caller:
        await talk(caller, aloud.ticket(client))
        local = await other.write(QUESTION)
        await other.until(lambda: local not in other.unconfirmed)
        assert await db(lambda: Conversation.objects.get().turns.count()) == 1, "turns are the call's to write"
        assert HOURS not in client.texts
        await caller.say("close")
        await other.until(lambda: HOURS in other.texts)
        await aloud.quiet()
    assert (await db(turns, await db(Conversation.objects.get)))[1:] == [
        ("visitor", QUESTION, ""),
        ("agent", HOURS, ""),
    ]


async def test_words_that_the_call_took_are_not_taken_again_by_the_chat(sdk, aloud):
    client = await sdk().start()
    async with Caller() as caller:
        await talk(caller, aloud.ticket(client))
        await caller.say("write", text=QUESTION, id="l7")
        await caller.say("close")
        await aloud.quiet()
    before = await db(turns, await db(Conversation.objects.get))
    await client.write(QUESTION, "l7")  # a page that missed it
    await client.say("HEARTBEAT")
    await client.heard("HEARTBEAT")
    await here.here().hub.quiet()
    assert await db(turns, await db(Conversation.objects.get)) == before


@pytest.mark.parametrize("wrong", ["user", "chat", "widget", "over", "aloud", "consent"])
async def test_nobody_goes_on_aloud_with_a_chat_that_is_not_theirs_or_cannot(sdk, aloud, chat_widget, project, wrong):
    client = await sdk().start()
    code = "UNKNOWN_SESSION"
    claims = {}
    if wrong == "user":
        claims = {"user": "somebody"}
    elif wrong == "chat":
        claims = {"chat": "x" * 36}
    elif wrong == "widget":
        await db(Chat.objects.update, widget=None)
    elif wrong == "over":
        await client.say("USER_END_SESSION")
        await client.close_code()
    elif wrong == "consent":
        await db(actions.save_draft, chat_widget, chat_widget.draft | {"consent": {"enabled": True}}, by=None)
        await db(actions.publish_widget, chat_widget, by=None)
        code = "CONSENT_REQUIRED"
    async with Caller() as first:
        if wrong == "aloud":
            await talk(first, aloud.ticket(client))
            code = "CALL_EXISTS"
        before = await db(events, client)
        async with Caller() as caller:
            await caller.say("hello", ticket=aloud.ticket(client, **claims))
            assert gist([await caller.hears()]) == [f"error {code}"]
        assert await db(events, client) == before
        if wrong == "aloud":
            await first.say("close")
            await first.hears_until("closed")
    await aloud.quiet()


async def test_a_call_of_a_killed_process_gives_the_chat_back_at_the_next_start(sdk, aloud):
    client = await sdk().start()
    chat = await db(Chat.objects.get)
    grant = credentials.GrantClaims(chat.widget_id and (await db(lambda: chat.widget.code)), SITE, credentials.EMBED)
    admitted = await db(access.admission, grant)
    await db(chat_calls.begin, chat.pk, admitted)
    local = await client.write(QUESTION)
    await client.until(lambda: local not in client.unconfirmed)
    assert await db(recovery._recover) == 0
    chat = await db(Chat.objects.get)
    assert chat.aloud_until is None and chat.ended_at is None
    here.here().answers.wake(chat.pk)
    await client.until(lambda: HOURS in client.texts)


async def test_notes_that_come_again_after_a_crash_change_nothing(sdk, aloud, store):
    client = await sdk().start()
    async with Caller() as caller:
        await talk(caller, aloud.ticket(client))
        await caller.say("write", text="Hi", id="l1")
        await caller.say("close")
        await aloud.quiet()
    before = await db(events, client)
    conversation = await db(Conversation.objects.get)
    record = notes.Record(conversation.pk)
    record.go_on(aloud.agents[0].setup.aloud)
    turn = await db(conversation.turns.get, text="Hi")
    said = TurnNote(turn.index, "visitor", "Hi", 0.0, 0.5, decision={"typed": "l1"})
    record.turn(said)
    notes.hang_up(conversation.pk, await db(lambda: conversation.chat.pk), Ending("visitor_ended"), 2.0)
    assert await notes.flush(10)
    assert await db(events, client) == before


def ask(client, **body):
    return client.post(TICKET, json.dumps(body), content_type="application/json", headers=OURS)


def test_a_ticket_for_the_call_is_had_with_the_chats_own_token_where_the_widget_lets_talk(client, chat_widget, calls):
    calls()
    grant = access.embed_grant(chat_widget, SITE)[0]
    holder = access_tokens.Holder(access_tokens.new_user(), credentials.read_grant(grant))
    body = {"grant": grant, "token": access_tokens.make(holder), "session": "0" * 36}
    given = ask(client, **body)
    assert given.status_code == 200, given.json()
    claims = credentials.read_ticket(given.json()["ticket"])
    assert (claims.chat, claims.user) == ("0" * 36, holder.user)

    assert ask(client, **body | {"token": "x"}).json()["error"]["code"] == "TOKEN_INVALID"
    assert ask(client, **body | {"session": 7}).json()["error"]["code"] == "INVALID_ARGUMENT"
    actions.save_draft(chat_widget, chat_widget.draft | {"chat": {**chat_widget.draft["chat"], "talk": False}}, by=None)
    actions.publish_widget(chat_widget, by=None)
    assert ask(client, **body).json()["error"]["code"] == "FORBIDDEN"
