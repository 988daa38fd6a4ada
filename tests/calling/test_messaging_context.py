"""What a chat knows of its visitor: what the page said, what the site signed, and the stars at the end."""

import json
import time

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling.lines import context
from calling.models import Chat, Conversation, Event, Identity
from widgets import actions
from widgets.admission import vouched
from widgets.refusals import Refused

from .conftest import change
from .test_messaging import QUESTION, db

RATING = "/api/v1/chat/rating"


@pytest.fixture
def key(chat_widget):
    return actions.new_context_key(chat_widget, by=None)


def signed(key, context_id, ctx=None, *, life_s=30, at_s=0.0, secret=None, kid=None, alg="HS256", **more):
    now = int(time.time() + at_s)
    claims = {
        "sub": context_id,
        "iat": now,
        "exp": now + life_s,
        "ctx": {"plan": "gold"} if ctx is None else ctx,
    } | more
    return jwt.encode(
        claims, key[1] if secret is None else secret, alg, headers={"kid": key[0] if kid is None else kid}
    )


def happened(name):
    return db(lambda: list(Event.objects.filter(name=name).values_list("data", flat=True)))


def vault():
    return db(lambda: Chat.objects.get().vault)


async def opened(client):
    """A socket without the agent, and the id that a context is signed for."""
    await client.begin()
    client.agent_joined = True  # asks for nobody by itself
    await client.open()
    client.agent_joined = False
    return client.events[0]["payload"]["context_id"]


# ── Signed ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_the_site_signed_is_kept_and_fills_the_greeting(sdk, key, chat_widget):
    await db(change, chat_widget, chat=chat_widget.draft["chat"] | {"greeting": "Hello ${page.name}, what is it?"})
    client = sdk()
    token = signed(key, await opened(client), {"name": "Lea", "order": 1042})
    await client.say("REQUEST_POLY_AGENT_JOIN", {"context": token, "data": {"name": "Mallory", "page": "/bikes"}})
    await client.until(lambda: client.texts)
    assert client.texts == ["Hello Lea, what is it?"], "what was signed wins over what anybody can write"
    assert await vault() == {"name": "Lea", "order": 1042}
    assert await happened("context_verified") == [{"names": ["name", "order"]}]
    assert await db(lambda: [str(one) for one in Identity.objects.all()]) == ["Lea"], "to be found by"
    assert await happened("page_info") == [{"text": "", "data": {"name": "Mallory", "page": "/bikes"}}]
    assert token not in json.dumps(client.frames), "the page is told nothing of it"


WRONG = {
    "wrong_signature": {"secret": "another secret, long enough to sign with"},
    "unknown_key": {"kid": "ck_nobody"},
    "lives_too_long": {"life_s": 31},
    "expired": {"at_s": -60},
    "not_yet": {"at_s": 60},
    "not_flat": {"ctx": {"a": {"b": 1}}},
    "no_context": {"ctx": [1]},
    "too_large": {"ctx": {"a": "x" * 8200}},
    "unreadable": {"secret": "", "alg": "none"},
}


@pytest.mark.parametrize("why", WRONG)
async def test_what_is_signed_badly_stops_nobody_and_is_noted(sdk, key, why):
    client = sdk()
    token = signed(key, await opened(client), **WRONG[why])
    await client.say("REQUEST_POLY_AGENT_JOIN", {"context": token})
    await client.until(lambda: client.texts)
    assert await vault() is None and await happened("context_verified") == []
    assert await happened("context_refused") == [{"why": why}]


async def test_a_context_is_good_for_its_own_conversation_only(sdk, key):
    first, second = sdk(), sdk()
    token = signed(key, await opened(first))
    await opened(second)
    await second.say("REQUEST_POLY_AGENT_JOIN", {"context": token})
    await second.until(lambda: second.texts)
    assert await happened("context_refused") == [{"why": "other_conversation"}]


@pytest.mark.parametrize("given", [7, "", None, ["x"], "x" * 20_000, "not.a.jwt", "é.é.é"])
async def test_anything_else_counts_as_declined_or_is_noted_and_the_chat_begins(sdk, key, given):
    client = sdk()
    await opened(client)
    await client.say("REQUEST_POLY_AGENT_JOIN", {"context": given})
    await client.until(lambda: client.texts)
    assert await vault() is None


async def test_a_refresh_takes_the_place_of_all_that_was_signed_before(sdk, key):
    client = sdk()
    context_id = await opened(client)
    await client.say("REQUEST_POLY_AGENT_JOIN", {"context": signed(key, context_id, {"a": 1, "b": 2})})
    await client.until(lambda: client.texts)
    await client.say("USER_CONTEXT", {"context": signed(key, context_id, {"b": 3})})
    await client.say("USER_CONTEXT", {"context": "rubbish"})
    await client.ask(QUESTION)
    assert await vault() == {"b": 3}, "one that is not good changes nothing"


async def test_two_keys_work_and_a_revoked_one_does_not(sdk, chat_widget, key):
    newer = await db(actions.new_context_key, chat_widget, by=None)
    for one in (key, newer):
        assert await db(vouched.read, chat_widget, signed(one, "x"), "x") == {"plan": "gold"}
    await db(actions.new_context_key, chat_widget, by=None)
    with pytest.raises(vouched.NotVouched, match="unknown_key"):
        await db(vouched.read, chat_widget, signed(key, "x"), "x")
    await db(actions.revoke_context_keys, chat_widget, by=None)
    with pytest.raises(vouched.NotVouched, match="unknown_key"):
        await db(vouched.read, chat_widget, signed(newer, "x"), "x")


def test_no_secret_is_readable_in_the_database(chat_widget, key):
    kept = json.dumps(list(chat_widget.context_keys.values("kid", "sealed", "end")))
    assert key[0] in kept and key[1] not in kept and key[1].endswith(chat_widget.context_keys.get().end)


# ── Said by anybody ──────────────────────────────────────────────────────────────────────────────────────────


async def test_what_the_page_says_before_the_agent_comes_is_there_when_it_does(sdk, chat_widget):
    await db(change, chat_widget, chat=chat_widget.draft["chat"] | {"greeting": "You look at ${page.page}."})
    client = sdk()
    await opened(client)
    await client.say("USER_CONTEXT", {"data": {"page": "a red bike"}})
    await client.say("REQUEST_POLY_AGENT_JOIN")
    await client.until(lambda: client.texts)
    assert client.texts == ["You look at a red bike."]
    assert await happened("page_info") == [{"text": "", "data": {"page": "a red bike"}}]


@pytest.mark.parametrize(
    "data", [7, [1], {"a": {"b": 1}}, {"": 1}, {"x" * 65: 1}, {"a": "x" * 2001}, {str(n): n for n in range(51)}]
)
async def test_data_that_cannot_be_used_is_refused_and_nothing_is_kept(sdk, data):
    client = sdk()
    await opened(client)
    await client.say("USER_CONTEXT", {"data": data}, local_id="7")
    refused = await client.heard("SYSTEM_MESSAGE")
    assert refused["payload"]["code"] == "INVALID_ARGUMENT" and refused["metadata"]["custom"] == {"local_id": "7"}
    assert await db(lambda: Chat.objects.get().page) == {}


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(Refused) as refused:
        context.read({"data": {"k": value}})
    assert refused.value.code == "INVALID_ARGUMENT"
    with pytest.raises(vouched.NotVouched):
        vouched._flat({"k": value})


@pytest.mark.long
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@settings(max_examples=100)
def test_whatever_is_told_is_read_or_refused(told):
    try:
        read = context.read({"context": told, "data": told})
    except Refused as refused:
        assert refused.code == "INVALID_ARGUMENT"
    else:
        assert len(read.token) <= context.TOKEN_CHARS and len(read.data) <= context.NAMES


# ── Stars ────────────────────────────────────────────────────────────────────────────────────────────────────


def rate(client, **body):
    given = {"session_id": client.session, "stars": 4, "comment": "Quick."} | body
    return client.server.post(RATING, given, {"Authorization": f"Bearer {client.access}"})


async def over(client):
    await client.start()
    await client.say("USER_END_SESSION")
    await client.close_code()
    return client


async def test_whoever_held_a_chat_rates_it_once_when_it_is_over(sdk, chat_widget):
    await db(change, chat_widget, rating=True)
    client = await over(sdk())
    status, said = await rate(client)
    assert (status, said["stars"]) == (200, 4)
    kept = await Conversation.objects.aget()
    assert kept.rating == 4 and await happened("rated") == [{"stars": 4, "comment": "Quick."}]
    status, said = await rate(client, stars=1)
    assert (status, said["code"]) == (409, "RATING_GIVEN")
    await kept.arefresh_from_db()
    assert kept.rating == 4


async def test_nobody_else_rates_and_nothing_that_goes_on_or_was_not_asked_for(sdk, chat_widget):
    unasked = await over(sdk())
    assert (await rate(unasked))[1]["code"] == "RATING_INVALID"
    await db(change, chat_widget, rating=True)
    running, other = await sdk().start(), await over(sdk())
    assert (await rate(running))[1]["code"] == "RATING_INVALID"
    other.session, running.session = running.session, other.session
    assert (await rate(running))[1]["code"] == "TOKEN_INVALID"
    running.session, other.session = other.session, running.session
    for wrong in ({"stars": 0}, {"stars": 6}, {"stars": "x"}, {"comment": "x" * 1001}, {"session_id": "x"}):
        status, said = await rate(other, **wrong)
        assert status in (400, 404) and said["code"] in ("INVALID_ARGUMENT", "UNKNOWN_SESSION")
    assert not await Conversation.objects.exclude(rating=None).aexists()
