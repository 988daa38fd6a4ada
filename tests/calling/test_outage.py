"""The real product on a real PostgreSQL that dies in mid-call, and comes back."""

import asyncio
import shutil

import pytest

from tests.browser.site import free_port, until
from tests.fakes import postgres
from tests.fakes.guest import Guest, TurnedAway
from tests.fakes.house import House
from tests.fakes.postgres import Postgres

pytestmark = [
    pytest.mark.product,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL: sh tests/tools.sh installs it"),
]


@pytest.fixture(scope="module")
def database():
    made = Postgres(free_port())
    yield made
    made.remove()


@pytest.fixture(scope="module")
def house(database):
    made = House(
        DATABASE_URL=database.url, STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1", STUDIO_END_OF_TURN_MS="200"
    )
    try:
        yield made.start()
    finally:
        made.stop()
        shutil.rmtree(made.data, ignore_errors=True)


def waiting(house):
    return house.health()["notes"]["waiting"]


def kept(house, guest):
    """What the database has of the call, once it has its end."""

    def ended():
        return next(
            (one for one in house.conversations() if one["reference"] == guest.reference and one["cause"]), None
        )

    return until(ended)


def told(guest):
    """What the guest's page showed last of each turn."""
    return [(speaker, text) for _index, [*_earlier, (speaker, text)] in sorted(guest.told.items())]


def said(conversation):
    return [(turn["speaker"], turn["text"]) for turn in conversation["turns"]]


async def test_a_database_that_dies_in_mid_call_costs_no_turn_and_new_calls_are_refused_with_a_code(house, database):
    guest = await Guest(house).call()
    await guest.speak()
    late = Guest(house, "192.0.2.2")
    ticket = await late.ticket()

    await asyncio.to_thread(database.stop)
    for _ in range(3):
        await guest.speak()
    with pytest.raises(TurnedAway, match="UNAVAILABLE"):
        await late.ticket()
    await late.open()
    late.say(type="hello", ticket=ticket, lastEvent=0)
    with pytest.raises(TurnedAway, match="UNAVAILABLE"):
        await late.until(lambda: bool(late.token))
    await guest.hang_up()  # the call's end waits for nobody
    assert waiting(house) > 6 and house.health()["activeSessions"] == 0

    await asyncio.to_thread(database.start)
    await asyncio.to_thread(until, lambda: waiting(house) == 0)
    conversation = await asyncio.to_thread(kept, house, guest)
    assert len(guest.told) == 9 and said(conversation) == told(guest)
    assert conversation["cause"] == "visitor_ended"

    again = await Guest(house, "192.0.2.3").call()
    await again.hang_up()
    assert [one["reference"] for one in house.conversations()].count(again.reference) == 1


async def test_a_database_that_hangs_is_known_to_hang_and_new_calls_are_refused_without_asking_it(house, database):
    guest, late = await Guest(house, "192.0.2.7").call(), Guest(house, "192.0.2.8")
    await late.ticket()
    database.hang()
    try:
        await guest.speak()
        with pytest.raises(TurnedAway, match="UNAVAILABLE"):
            await late.ticket()  # this one finds out, if the guest's notes have not
        with pytest.raises(TurnedAway, match="UNAVAILABLE"):
            await late.ticket()
        refused = [line for line in house.output().splitlines() if "widget_request_refused" in line]
        assert "the database is away" in refused[-1]
    finally:
        database.go_on()
    await asyncio.to_thread(until, lambda: waiting(house) == 0)
    await guest.hang_up()
    conversation = await asyncio.to_thread(kept, house, guest)
    assert said(conversation) == told(guest) and len(guest.told) == 3
    await late.call()
    await late.hang_up()


async def test_a_gateway_killed_while_its_database_is_dead_loses_no_turn_either(house, database):
    guest = await Guest(house, "192.0.2.4").call()
    await asyncio.to_thread(database.stop)
    await guest.speak()
    house.kill("gateway")
    house.begin("gateway")
    await asyncio.to_thread(house.until_ready)  # it serves, and takes no calls
    assert waiting(house) > 0
    with pytest.raises(TurnedAway):
        await Guest(house, "192.0.2.5").call()

    await asyncio.to_thread(database.start)
    conversation = await asyncio.to_thread(kept, house, guest)
    assert said(conversation) == told(guest) and len(guest.told) == 3
    assert conversation["cause"] == "connection_lost" and waiting(house) == 0
    with pytest.raises(TurnedAway, match="SESSION_GONE"):
        await guest.come_back()
    await guest.close()
    await (await Guest(house, "192.0.2.6").call()).hang_up()
