"""The cache that processes share, with and without its Redis."""

import pytest

from studio.running import shared_cache
from studio.running.shared_cache import SharedCache
from tests.fakes import redis
from tests.fakes.redis import Redis

pytestmark = pytest.mark.skipif(not redis.is_installed(), reason="needs Redis: sh tests/tools.sh installs it")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(shared_cache, "_away_until_s", 0.0)
    monkeypatch.setattr(shared_cache, "TRY_AGAIN_S", 0.0)
    made = Redis()
    yield made
    made.remove()


def test_counting_goes_on_in_this_process_while_redis_is_away_and_comes_back_with_it(server):
    cache = SharedCache(server.url, {})
    assert cache.add("limit", 0, 60) and cache.incr("limit") == 1

    server.stop()
    assert cache.get("limit") is None
    assert cache.add("limit", 0, 60) and [cache.incr("limit"), cache.incr("limit")] == [1, 2]
    assert cache.delete("limit") and cache.get("limit", "none") == "none"
    cache.set_many({"one": 1, "two": 2})
    assert cache.get_many(["one", "two", "three"]) == {"one": 1, "two": 2}
    assert cache.get_or_set("four", 4) == 4 and "four" in cache and cache.decr("four") == 3
    cache.clear()
    assert cache.get("one") is None

    server.start()
    assert cache.add("limit", 0, 60) and cache.incr("limit") == 1
    assert SharedCache(server.url, {}).get("limit") == 1


def test_a_redis_that_is_away_is_not_asked_for_every_count(server, monkeypatch):
    monkeypatch.setattr(shared_cache, "TRY_AGAIN_S", 60.0)
    cache = SharedCache(server.url, {})
    server.stop()
    cache.set("a", 1)
    server.start()

    assert cache.get("a") == 1
    monkeypatch.setattr(shared_cache, "_away_until_s", 0.0)
    assert cache.get("a") is None
