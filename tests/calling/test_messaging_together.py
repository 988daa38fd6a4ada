"""Chats beyond one socket: how they end, several sockets and processes, and what happens when something is away."""

import asyncio
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from channels.layers import channel_layers
from django.core.cache import cache
from django.utils import timezone

from calling.gateway.chat import answers, consumer, here, hub
from calling.lines import messaging
from calling.models import Chat, ChatEvent, Conversation, Turn
from calling.record import tasks
from calling.record.store import attempts, chat_answers, chat_places, database, recovery
from calling.record.store import chats as store
from tests.fakes.messaging import types
from widgets import actions
from widgets.admission import limits
from widgets.refusals import Refused as Turned

from .test_messaging import HOURS, QUESTION, again, db, kept

# ── Heartbeats, typing, the end ──────────────────────────────────────────────────────────────────────────────


async def test_a_heartbeat_is_echoed_and_kept_nowhere(sdk):
    client = await sdk().start()
    before = await kept(client)
    await client.say("HEARTBEAT", beat=7)
    beat = await client.heard("HEARTBEAT")
    assert beat["sequence"] is None and beat["metadata"]["custom"] == {"beat": "7"}
    for state in messaging.TYPING_STATES:
        await client.say("USER_TYPING", {"state": state})
    await client.say("HEARTBEAT")
    await client.heard("HEARTBEAT")
    assert await kept(client) == before, "typing is not echoed either"


async def test_a_visitor_who_ends_the_chat_gets_echo_end_and_close_in_this_order(sdk):
    client = await sdk().start()
    await client.say("USER_END_SESSION")
    assert await client.close_code() == 1000
    assert types(client.events[-2:]) == ["USER_END_SESSION", "SESSION_END"]
    assert client.events[-1]["payload"] == {"reason": "REASON_USER_END"}
    call = await db(Conversation.objects.get)
    assert call.end_cause == "visitor_ended" and call.ended_at


async def test_an_agent_that_says_goodbye_ends_the_chat(sdk):
    client = await sdk().start()
    assert await client.ask("goodbye") == "Thank you for writing. Goodbye!"
    assert client.ended, "the message itself says so"
    assert await client.close_code() == 1000
    assert client.events[-1]["payload"] == {"reason": "REASON_NATURAL_END"}
    assert (await db(Conversation.objects.get)).end_cause == "agent_ended"


async def test_after_ten_minutes_without_a_word_an_open_socket_is_told_the_end(sdk, time_machine_at):
    client = await sdk().start()
    await db(Chat.objects.update, seen_at=timezone.now() - timedelta(seconds=601))
    events, left = await store.end_if_idle(uuid.UUID(client.session))
    await here.here().hub.tell(uuid.UUID(client.session), events)
    assert left == 0 and await client.close_code() == 1000
    assert client.events[-1]["payload"] == {"reason": "REASON_USER_ABANDONED"}
    assert (await db(Conversation.objects.get)).end_cause == "silence"


async def test_the_worker_ends_a_chat_whose_clients_are_gone_and_no_other(sdk):
    client = await sdk().start()
    await db(tasks.HANDLERS["end_idle_chat"], {"chat": client.session})
    assert (await db(Chat.objects.get)).ended_at is None
    await db(Chat.objects.update, seen_at=timezone.now() - timedelta(seconds=601))
    await db(tasks.HANDLERS["end_idle_chat"], {"chat": client.session})
    assert (await db(Chat.objects.get)).ended_at
    assert (await kept(client))[-1] == "SESSION_END"


async def test_a_session_in_which_nobody_asked_for_the_agent_is_forgotten(sdk):
    await sdk().begin()
    await db(Chat.objects.update, ended_at=timezone.now() - timedelta(days=2))
    await db(tasks.HANDLERS["purge"], {})
    assert not await db(Chat.objects.exists)


async def test_a_start_leaves_chats_alone(sdk, store):
    client = await sdk().start()
    await client.ask(QUESTION)
    assert await db(recovery._recover) == 0
    assert (await db(Conversation.objects.get)).ended_at is None
    assert await client.ask("what does it cost") == "See [our list](https://example.com/p)."


async def test_a_call_that_is_linked_is_noted(sdk):
    client = await sdk().start()
    sid = str(uuid.uuid4())
    await client.say("LINK_TO_WEBRTC_CONVERSATION", {"call_sid": sid})
    await client.heard("LINK_TO_WEBRTC_CONVERSATION")
    assert (await db(Chat.objects.get)).call_sid == sid


# ── Several sockets, several processes ───────────────────────────────────────────────────────────────────────


async def test_two_sockets_show_the_same_chat(sdk):
    client = await sdk().start()
    other = await again(client)
    await client.write(QUESTION)
    await client.until(lambda: HOURS in client.texts)
    await other.until(lambda: HOURS in other.texts)
    assert client.seen == other.seen
    await client.say("USER_END_SESSION")
    assert [await client.close_code(), await other.close_code()] == [1000, 1000]


async def test_two_processes_share_a_chat(sdk, chats):
    client = await sdk().start()
    chats()
    other = await again(client)
    await other.write(QUESTION)
    await other.until(lambda: HOURS in other.texts)
    await client.until(lambda: HOURS in client.texts)
    await client.write("what does it cost")
    await other.until(lambda: len(other.texts) == 3)
    await client.until(lambda: len(client.texts) == 3)
    assert client.seen == other.seen and client.texts == other.texts
    await other.leave()


async def test_sockets_of_a_chat_are_counted_over_processes_and_a_killed_one_keeps_no_place(sdk, chats, monkeypatch):
    monkeypatch.setattr(chat_places, "SOCKETS_A_CHAT", 3)
    client = await sdk().start()
    other = await again(client)
    chats()  # another process, which has counted none of these
    last = await again(client)
    with pytest.raises(Exception, match="429"):
        await again(client)

    await last.leave()
    await here.here().hub.quiet()
    last = await again(client)
    with pytest.raises(Exception, match="429"):
        await again(client)
    await db(cache.clear)  # no frame has kept them
    late = await again(client)
    for one in (late, last, other):
        await one.leave()


async def test_what_the_channel_layer_loses_is_read_again(sdk, chats, monkeypatch):
    async def lost(self, *_given):
        raise OSError("Redis is away")

    client = await sdk().start()
    chats()
    monkeypatch.setattr("channels.layers.InMemoryChannelLayer.group_send", lost)
    other = await again(client)
    await other.write(QUESTION)
    await other.until(lambda: HOURS in other.texts)  # its own process needs no layer
    monkeypatch.undo()
    await other.write("what does it cost")
    await client.until(lambda: len(client.texts) == 3)
    await other.until(lambda: len(other.texts) == 3)
    assert client.texts == other.texts, "a gap was seen, and filled"
    await other.leave()


@pytest.mark.parametrize("first", ["the database is away", "nothing is there yet"])
async def test_a_gap_that_could_not_be_filled_at_once_is_filled_later(sdk, chats, monkeypatch, first):
    async def lost(self, *_given):
        raise OSError("Redis is away")

    tried, read = [], store.read

    async def reading(chat, after):
        tried.append(after)
        if len(tried) > 1:
            return await read(chat, after)
        if first == "the database is away":
            raise Turned("UNAVAILABLE")
        return []

    client = await sdk().start()
    await here.here().hub.quiet()
    with monkeypatch.context() as away:
        away.setattr("channels.layers.InMemoryChannelLayer.group_send", lost)
        chats()
        other = await again(client)
        await other.ask(QUESTION)
    await here.here().hub.quiet()
    monkeypatch.setattr(consumer, "CATCH_UP_PAUSE_S", 0.0)
    monkeypatch.setattr(store, "read", reading)
    await other.write("what does it cost")
    await client.until(lambda: len(client.texts) == 3)
    assert len(tried) >= 2
    await other.leave()


async def test_a_redis_that_was_started_anew_learns_at_a_heartbeat_who_listens(sdk, chats, monkeypatch):
    monkeypatch.setattr(consumer, "SEE_EVERY_S", 0.0)
    client = await sdk().start()
    channel_layers["default"].groups.clear()
    await client.say("HEARTBEAT")
    await client.heard("HEARTBEAT")
    chats()
    other = await again(client)
    await client.say("HEARTBEAT")
    await client.heard("HEARTBEAT")
    await other.write(QUESTION)
    await client.until(lambda: HOURS in client.texts)
    await other.leave()


async def test_a_heartbeat_finds_what_was_lost_for_good(sdk, chats, monkeypatch):
    async def lost(self, *_given):
        raise OSError("Redis is away")

    monkeypatch.setattr(consumer, "SEE_EVERY_S", 0.0)
    client = await sdk().start()
    monkeypatch.setattr("channels.layers.InMemoryChannelLayer.group_send", lost)
    chats()
    other = await again(client)
    await other.ask(QUESTION)
    await client.say("HEARTBEAT")
    await client.until(lambda: HOURS in client.texts)
    await other.leave()


async def test_an_idle_chat_has_no_task_in_any_process(sdk):
    client = await sdk().start()
    await client.ask(QUESTION)
    mine = here.here()
    await mine.hub.quiet()
    assert not mine.hub._tasks and not mine.answers._tasks
    await client.leave()
    assert not mine.hub._sockets and not mine.hub._taken


async def test_an_answer_that_a_killed_process_owed_is_given_by_another_once(sdk, chats, monkeypatch):
    client = await sdk().start()
    await here.here().hub.quiet()  # the greeting's own work looks once more whether something waits
    monkeypatch.setattr(here.here().answers, "wake", lambda chat: None)
    await client.write(QUESTION)
    await client.heard("USER_MESSAGE")
    chat = uuid.UUID(client.session)
    owed = await chat_answers.claim(chat)  # … and here the process dies
    assert owed is not None and await chat_answers.claim(chat) is None, "nobody else thinks about it meanwhile"
    await db(Chat.objects.update, answering_until=timezone.now() - timedelta(seconds=1))
    chats()
    other = await again(client)
    await other.until(lambda: HOURS in other.texts)
    assert await chat_answers.answered(owed, [], {}) is None, "the first one is too late"
    assert (await kept(client)).count("POLY_AGENT_MESSAGE") == 2
    await other.leave()


async def test_a_message_that_comes_in_while_another_is_answered_waits_for_its_turn(sdk, monkeypatch):
    from agents.engine.text import TextAgent

    client = await sdk().start()
    thinking, go_on, true = asyncio.Event(), asyncio.Event(), TextAgent.answer

    async def slow(self, given):
        thinking.set()
        await go_on.wait()
        return await true(self, given)

    monkeypatch.setattr(TextAgent, "answer", slow)
    await client.write(QUESTION)
    await thinking.wait()
    await client.write("what does it cost")
    await client.until(lambda: not client.unconfirmed)
    go_on.set()
    await client.until(lambda: len(client.texts) == 3)
    assert types([event for event in client.events if event["sequence"] is not None])[4:] == [
        "USER_MESSAGE",
        "USER_MESSAGE",
        "POLY_AGENT_MESSAGE",
        "POLY_AGENT_MESSAGE",
    ]


# ── Faults ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_database_a_message_is_refused_and_kept_once_when_it_is_back(sdk, monkeypatch):
    client = await sdk().start()

    async def away(step):
        raise Turned("UNAVAILABLE")

    true = store.attempted
    monkeypatch.setattr(store, "attempted", away)
    local = await client.write(QUESTION)
    refused = (await client.heard("SYSTEM_MESSAGE"))["payload"]
    assert refused["code"] == "UNAVAILABLE" and "unable to start a conversation" in refused["message"].lower()
    monkeypatch.setattr(store, "attempted", true)
    await client.resend()
    await client.until(lambda: HOURS in client.texts)
    assert (await kept(client)).count("USER_MESSAGE") == 1 and local not in client.unconfirmed


async def test_an_answer_that_cannot_be_had_is_a_sentence_and_the_chat_goes_on(sdk, monkeypatch):
    from agents.engine.text import TextAgent

    client = await sdk().start()
    true = TextAgent.answer

    async def breaks(self, given):
        raise RuntimeError("a mistake")

    monkeypatch.setattr(TextAgent, "answer", breaks)
    assert "something went wrong" in await client.ask(QUESTION)
    monkeypatch.setattr(TextAgent, "answer", true)
    assert await client.ask(QUESTION) == HOURS
    assert await db(lambda: Turn.objects.filter(source="failure").count()) == 1


async def test_an_answer_that_takes_too_long_is_given_up(sdk, monkeypatch):
    from agents.engine.text import TextAgent

    client = await sdk().start()

    async def never(self, given):
        await asyncio.Event().wait()

    monkeypatch.setattr(TextAgent, "answer", never)
    monkeypatch.setattr(answers, "THINK_S", 0.0)
    assert "something went wrong" in await client.ask(QUESTION)


async def test_a_widget_that_was_switched_off_goes_on_with_chats_that_began(sdk, chat_widget):
    client, late = await sdk().start(), await sdk().begin()
    await db(actions.set_enabled, chat_widget, False, by=None)
    assert await client.ask(QUESTION) == HOURS
    await late.open()
    assert (await late.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "WIDGET_OFF"
    assert await db(Conversation.objects.count) == 1


async def test_a_revoked_app_is_told_to_make_a_new_session(sdk, chat_widget, monkeypatch):
    monkeypatch.setattr(consumer, "SEE_EVERY_S", 0.0)
    client = await sdk().start()
    await db(actions.revoke_apps, chat_widget, by=None)
    await client.say("HEARTBEAT")
    assert await client.close_code() == 4001


async def test_a_deleted_conversation_takes_its_chat_along(sdk):
    client = await sdk().start()
    await client.ask(QUESTION)
    await db(lambda: Conversation.objects.get().delete())
    assert await db(lambda: (Chat.objects.count(), ChatEvent.objects.count())) == (0, 0)
    await client.write("hm")
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["message"] == "Conversation not found"


async def test_sockets_of_one_address_have_a_limit(sdk, monkeypatch):
    monkeypatch.setattr(hub, "SOCKETS_AN_ADDRESS", 1)
    one, other = await sdk().begin(), await sdk().begin()
    await one.open()
    with pytest.raises(Exception, match="429"):
        await other.open()


async def test_messages_of_one_address_have_a_limit_and_one_that_is_sent_again_does_not_count(sdk, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "message", 2)  # the agent was asked for, too
    client = await sdk().start()
    local = await client.write(QUESTION)
    await client.until(lambda: HOURS in client.texts)
    client.unconfirmed[local] = QUESTION
    await client.resend()
    await client.hear()
    assert types(client.frames[-1:]) == ["USER_MESSAGE"]
    await client.write("hm")
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "RATE_LIMITED"


async def test_chats_that_wait_for_their_turn_say_nothing_about_the_database(transactional_db, monkeypatch):
    held, threads = threading.Event(), ThreadPoolExecutor(1)
    monkeypatch.setattr(attempts, "PATIENCE_S", 0.05)
    running = asyncio.get_running_loop().run_in_executor(threads, held.wait)
    with pytest.raises(Turned) as refused:
        await attempts.attempt(lambda check: None, lambda done: None, threads)
    assert refused.value.code == "UNAVAILABLE" and not database.presence.is_away
    held.set()
    await running
    threads.shutdown()
