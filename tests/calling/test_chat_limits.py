"""What chats may take of the disk: everything that is kept draws on a limit, and on bytes as they are stored."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from calling.gateway.chat import here
from calling.models import Chat, ChatEvent, Turn
from calling.record.store import chat_limits
from tests.fakes.messaging import Refused, types
from widgets.admission import limits

MANY = {f"k{number}": "😀" * 1024 for number in range(10)}
SID = {"call_sid": "one"}


def db(work, *given):
    return sync_to_async(work)(*given)


def kept(client):
    return db(lambda: list(ChatEvent.objects.filter(chat=client.session).values_list("type", flat=True)))


def link(custom):
    said = {"type": "EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION", "payload": SID, "metadata": {"custom": custom}}
    return json.dumps(said, ensure_ascii=False)


def bytes_stored():
    """The JSON and the words of all rows, as this database has them."""
    with connection.cursor() as cursor:
        event, turn = ChatEvent._meta.db_table, Turn._meta.db_table
        size = "octet_length" if connection.vendor != "sqlite" else "length"
        cast = "CAST({} AS blob)" if connection.vendor == "sqlite" else "{}::text"
        columns = [(event, "payload"), (event, "custom"), (turn, "text"), (turn, "planned")]
        total = 0
        for table, column in columns:
            cursor.execute(f'SELECT COALESCE(SUM({size}({cast.format(column)})), 0) FROM "{table}"')
            total += cursor.fetchone()[0]
    return total


async def test_what_a_chat_takes_is_counted_as_it_is_stored(sdk):
    client = await sdk().start()
    await client.ask("when are you open 😀")
    await client.say_raw(link(MANY))
    await client.heard("LINK_TO_WEBRTC_CONVERSATION")
    counted = (await db(Chat.objects.get)).kept_bytes
    assert counted >= await db(bytes_stored) > 120_000


async def test_a_chat_ends_before_it_is_too_large_and_not_after(sdk, monkeypatch):
    client = await sdk().start()
    before = await kept(client)
    monkeypatch.setattr(chat_limits, "BYTES_MOST", 100_000)
    await client.say_raw(link(MANY))
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "CHAT_FULL"
    assert await kept(client) == before and (await db(Chat.objects.get)).call_sid == ""


@pytest.mark.parametrize(
    ("type", "payload"), [("LINK_TO_WEBRTC_CONVERSATION", SID), ("USER_MESSAGE", {"text": "when are you open"})]
)
@pytest.mark.parametrize(
    ("table", "name", "most"),
    [
        ("PER_ADDRESS", "message", 2),
        ("PER_ADDRESS", "chat-bytes", 9_000),
        ("PER_ADDRESS", "chat-bytes-in-a-day", 9_000),
        ("PER_WIDGET", "chat-bytes", 9_000),
    ],
)
async def test_whatever_a_visitor_has_kept_draws_on_each_limit(sdk, monkeypatch, type, payload, table, name, most):
    client = await sdk().start()
    monkeypatch.setitem(getattr(limits, table), name, most)
    await here.here().hub.quiet()  # the greeting's own work looks once more whether something waits
    monkeypatch.setattr(here.here().answers, "wake", lambda chat: None)
    for number in range(8):
        before = await kept(client)
        await client.say(type, payload, long=str(number) * 1000)
        await client.hear()
        if types(client.frames[-1:]) == ["SYSTEM_MESSAGE"]:
            break
    assert client.frames[-1]["payload"]["code"] == "RATE_LIMITED" and 0 < number < 7
    assert await kept(client) == before


async def test_another_session_of_the_same_address_goes_on_with_what_is_left(sdk, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "chat-bytes", 200_000)
    one = await sdk().start()
    await one.say_raw(link(MANY))
    await one.heard("LINK_TO_WEBRTC_CONVERSATION")
    other = await sdk().start()
    before = await kept(other)
    await other.say_raw(link(MANY))
    assert (await other.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "RATE_LIMITED"
    assert await kept(other) == before


async def test_sessions_draw_on_the_bytes_of_their_address_too(sdk, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "chat-bytes", 2_000)
    await sdk().begin()
    with pytest.raises(AssertionError, match="RATE_LIMITED"):
        await sdk().begin()
    assert await db(Chat.objects.count) == 1


async def test_a_chat_can_be_ended_whatever_is_used_up(sdk, monkeypatch):
    client = await sdk().start()
    monkeypatch.setitem(limits.PER_ADDRESS, "message", 0)
    monkeypatch.setitem(limits.PER_ADDRESS, "chat-bytes", 0)
    monkeypatch.setattr(chat_limits, "EVENTS_MOST", 1)
    await client.say("USER_END_SESSION")
    await client.heard("SESSION_END")
    assert (await db(Chat.objects.get)).ended_at


async def test_more_parameters_than_a_socket_has_are_a_bad_request(sdk):
    client = await sdk().begin()
    with pytest.raises(Refused) as refused:
        await client.open(**{f"a{number}": "1" for number in range(30)})
    assert refused.value.args == (400,)
