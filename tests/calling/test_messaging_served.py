"""Chats on the real product: two gateways that share a PostgreSQL and a Redis, either of which may go at any moment."""

import shutil
import subprocess
import sys

import pytest

from tests.browser.site import ROOT, free_port
from tests.fakes import postgres, redis
from tests.fakes.house import House
from tests.fakes.messaging import Refused, Sdk, Served
from tests.fakes.postgres import Postgres
from tests.fakes.redis import Redis

pytestmark = [
    pytest.mark.product,
    pytest.mark.skipif(
        postgres.programs() is None or not redis.is_installed(),
        reason="needs PostgreSQL and Redis: sh tests/tools.sh installs them",
    ),
]

# A second gateway of one database, which the product does not start by itself yet: calls have one owner, chats any.
SECOND = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
import django
django.setup()
from calling.gateway import alone
alone.here()._session = None
alone.here().take()
from studio.running.gateway import Gateway
raise SystemExit(Gateway().run())
"""


@pytest.fixture(scope="module")
def houses():
    """Two gateways, their Redis, and what the demo's app shows."""
    database, messages = Postgres(free_port()), Redis()
    shared = {
        "DATABASE_URL": database.url,
        "REDIS_URL": messages.url,
        "STUDIO_SPEECH": "scripted",
        "STUDIO_SECRET_KEY": "shared-by-two-gateways-" + "x" * 40,
    }
    first, second = House(**shared), Second(**shared)
    try:
        first.start()
        second.begin("gateway")
        second.until_ready()
        app = next(one["app"] for one in first.described["widgets"] if one["kind"] == "chat")
        yield first, second, messages, app
    finally:
        second.stop()
        first.stop()
        for house in (first, second):
            shutil.rmtree(house.data, ignore_errors=True)
        messages.remove()
        database.remove()


class Second(House):
    def begin(self, name):
        with self._log.open("ab") as output:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-c", SECOND],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )


async def begun(house, app):
    client = await Sdk(app["token"], app["host"], server=Served(house.url)).begin()
    return await client.open()


async def elsewhere(client, house):
    """The same chat on a socket of another process."""
    other = Sdk("", "", server=Served(house.url))
    other.access, other.session = client.access, client.session
    return await other.open()


async def test_a_chat_goes_on_in_another_process_whatever_happens_to_the_first(houses):
    first, second, messages, app = houses
    client = await begun(first, app)
    await client.until(lambda: client.texts)
    other = await elsewhere(client, second)
    await other.until(lambda: other.texts)

    await other.write("I spoke for seconds")
    await other.until(lambda: len(other.texts) == 2)
    await client.until(lambda: len(client.texts) == 2)
    assert client.texts == other.texts and client.seen == other.seen

    more = [await elsewhere(client, house) for house in (first, second) * 4]
    with pytest.raises(Refused, match="429"):  # the eleventh, of which this process has five
        await elsewhere(client, second)
    for one in more:
        await one.leave()

    messages.stop()
    await client.write("I spoke for seconds")
    await client.until(lambda: len(client.texts) == 3)  # its own process needs no Redis

    messages.start()
    await other.write("I spoke for seconds")
    await other.until(lambda: len(other.texts) == 4)  # what it had not heard came first
    await client.write("I spoke for seconds")
    await client.until(lambda: len(client.texts) == 5)  # whichever process answered

    first.kill("gateway")
    await client.leave()
    late = await elsewhere(client, second)
    await late.until(lambda: len(late.texts) == 5)
    assert late.texts == client.texts and not (client.seen - late.seen)
    await late.write("I spoke for seconds")
    await late.until(lambda: len(late.texts) == 6)
    await late.say("USER_END_SESSION")
    assert await late.close_code() == 1000
    await other.leave()


async def test_the_server_says_by_its_status_why_a_socket_is_not_opened(houses):
    _first, second, _messages, app = houses
    client = await Sdk(app["token"], app["host"], server=Served(second.url)).begin()
    for changed, status in (
        ({"session_id": ""}, 400),
        ({"access_token": "x.y.z"}, 401),
        ({"session_id": "00000000-0000-4000-8000-000000000000"}, 404),
    ):
        with pytest.raises(Refused) as refused:
            await client.open(**changed)
        assert refused.value.args == (status,)
    await client.open()
    await client.leave()
