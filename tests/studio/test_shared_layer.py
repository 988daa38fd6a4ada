"""The channel layer that processes share, over an end of its Redis."""

import asyncio

import pytest
from redis.exceptions import RedisError

from studio.running.shared_layer import SharedLayer
from tests.fakes import redis
from tests.fakes.redis import Redis

pytestmark = pytest.mark.skipif(not redis.is_installed(), reason="needs Redis: sh tests/tools.sh installs it")


async def test_who_may_have_missed_something_is_told_once_when_redis_is_back_and_hears_what_comes_then():
    server = await asyncio.to_thread(Redis)
    here, there = SharedLayer(hosts=[server.url]), SharedLayer(hosts=[server.url])
    try:
        mine, alone = await here.new_channel(), await here.new_channel()
        await here.group_add("chat.a", mine)
        await there.group_send("chat.a", {"type": "chat.told", "n": 1})
        assert await here.receive(mine) == {"type": "chat.told", "n": 1}, "and no word of the first subscription"

        await asyncio.to_thread(server.stop)
        with pytest.raises(RedisError):
            await there.group_send("chat.a", {"type": "chat.told", "n": 2})
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(30):
            assert await here.receive(mine) == {"type": "group.heard"}
        await there.group_send("chat.a", {"type": "chat.told", "n": 3})
        assert await here.receive(mine) == {"type": "chat.told", "n": 3}
        assert here.channels[alone].empty(), "a channel in no group lacks nothing"
    finally:
        await here.flush()
        await there.flush()
        await asyncio.to_thread(server.remove)
