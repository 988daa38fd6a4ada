"""A visitor's stars: asked for where the widget says so, once, soon after the call."""

import uuid

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from calling.models import Conversation
from tests.calling.conftest import change
from tests.fakes.caller import Caller
from tests.fakes.connection import OFFER
from widgets.admission import credentials

make = sync_to_async


async def ended(calls, ticket, *, talk=True):
    """The `ended` event of a call."""
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        if talk:
            await caller.offer(OFFER)
            await caller.hears_until("transcription")
        else:
            await caller.hears_until("registered")
        await caller.say("close")
        heard = await caller.hears_until("ended")
        await caller.hears_until("closed")
        await here.quiet()
    return heard[-1]["data"]


def rate(ticket, stars, **headers):
    answer = Client().post(
        "/api/v1/widget/rating",
        {"ticket": ticket, "stars": stars},
        "application/json",
        headers={"Origin": settings.PUBLIC_URL} | headers,
    )
    return answer.status_code, answer.json().get("error", {}).get("code") or answer.json()


async def test_a_call_can_be_rated_once(calls, ticket, widget):
    await make(change)(widget, rating=True)
    one = (await ended(calls, ticket))["rating"]
    assert await make(rate)(one, 4) == (200, {"stars": 4})
    assert await make(rate)(one, 1) == (409, "RATING_GIVEN")
    assert (await Conversation.objects.aget()).rating == 4


async def test_a_widget_that_does_not_ask_gets_no_stars(calls, ticket):
    assert (await ended(calls, ticket))["rating"] is None


async def test_a_call_that_was_never_answered_is_not_rated(calls, ticket, widget):
    await make(change)(widget, rating=True)
    assert (await ended(calls, ticket, talk=False))["rating"] is None


@pytest.mark.parametrize("stars", [0, 6, -1, 2.5, True, None, "5", [5]])
async def test_only_one_to_five_stars_are_taken(calls, ticket, widget, stars):
    await make(change)(widget, rating=True)
    one = (await ended(calls, ticket))["rating"]
    assert await make(rate)(one, stars) == (400, "INVALID_ARGUMENT")
    assert (await Conversation.objects.aget()).rating is None


async def test_a_rating_that_comes_late_or_from_elsewhere_is_refused(calls, ticket, widget, time_machine_at):
    await make(change)(widget, rating=True)
    one = (await ended(calls, ticket))["rating"]
    for wrong in ("", "garbage", None, await make(ticket)(), one + "x"):
        assert await make(rate)(wrong, 5) == (401, "RATING_INVALID")
    assert await make(rate)(credentials.make_rating(str(uuid.uuid4())), 5) == (401, "RATING_INVALID")
    assert await make(rate)(one, 5, Origin="https://elsewhere.example.net") == (403, "ORIGIN_NOT_ALLOWED")
    with time_machine_at(601):
        assert await make(rate)(one, 5) == (401, "RATING_INVALID")
    assert (await Conversation.objects.aget()).rating is None
