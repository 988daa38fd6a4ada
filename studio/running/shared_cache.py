"""The cache that processes share: Redis, and this process's own memory while Redis is away.

Limits, tallies and lists on their way into a project stand in it. None of them is worth a refused call or a lost
message: meanwhile every process counts for itself, and what others have counted is there again with Redis.
"""

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

MEMORY_ENTRIES = 100_000
TOLD_EVERY_S = 60.0
TRY_AGAIN_S = 1.0  # nobody waits for it more often than that
TIMEOUTS_S = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}

_away_until_s = 0.0  # of this process; Django makes a cache for each thread
_told_at_s = -TOLD_EVERY_S


class SharedCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = TIMEOUTS_S | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self._here = LocMemCache("while Redis is away", {"OPTIONS": {"MAX_ENTRIES": MEMORY_ENTRIES}})

    def _do(self, name: str, *given: Any, **named: Any) -> Any:
        global _away_until_s, _told_at_s
        now_s = time.monotonic()
        if now_s >= _away_until_s:
            try:
                return getattr(super(), name)(*given, **named)
            except RedisError as error:
                _away_until_s = time.monotonic() + TRY_AGAIN_S
                if now_s - _told_at_s >= TOLD_EVERY_S:
                    _told_at_s = now_s
                    log.error("Redis is away: limits are counted by each process", why=type(error).__name__)
        return getattr(self._here, name)(*given, **named)

    def add(self, *given: Any, **named: Any) -> Any:
        return self._do("add", *given, **named)

    def get(self, *given: Any, **named: Any) -> Any:
        return self._do("get", *given, **named)

    def set(self, *given: Any, **named: Any) -> Any:
        return self._do("set", *given, **named)

    def touch(self, *given: Any, **named: Any) -> Any:
        return self._do("touch", *given, **named)

    def delete(self, *given: Any, **named: Any) -> Any:
        return self._do("delete", *given, **named)

    def incr(self, *given: Any, **named: Any) -> Any:
        return self._do("incr", *given, **named)

    def has_key(self, *given: Any, **named: Any) -> Any:
        return self._do("has_key", *given, **named)

    def get_many(self, *given: Any, **named: Any) -> Any:
        return self._do("get_many", *given, **named)

    def set_many(self, *given: Any, **named: Any) -> Any:
        return self._do("set_many", *given, **named)

    def delete_many(self, *given: Any, **named: Any) -> Any:
        return self._do("delete_many", *given, **named)

    def clear(self) -> Any:
        return self._do("clear")
