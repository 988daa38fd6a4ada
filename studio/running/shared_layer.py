"""The channel layer that processes share: Redis, and word to whoever listens that it may have missed something.

Redis keeps nothing for a process that was not connected. When it is back, and the process hears its groups again, each
channel in them gets `group.heard`: what happened meanwhile, it reads where it is kept.
"""

from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection
from redis.asyncio import ConnectionPool
from redis.asyncio.client import PubSub

HEARD_AGAIN = {"type": "group.heard"}


class SharedLayer(RedisPubSubChannelLayer):
    def _get_layer(self) -> RedisPubSubLoopLayer:
        layer = super()._get_layer()
        if not isinstance(layer._shards[0], _Shard):
            layer._shards = [_Shard(shard.host, layer) for shard in layer._shards]
        return layer


class _Shard(RedisSingleShardConnection):
    def _ensure_redis(self) -> None:
        if self._redis is None:
            super()._ensure_redis()
            self._pubsub = _Subscriptions(self._redis.connection_pool, self._heard_again)

    def _heard_again(self, name: str) -> None:
        """As if it had been sent to the group, in this process alone; a channel of its own is in no group."""
        layer = self.channel_layer
        if name in layer.groups:
            self._receive_message({"channel": name, "data": layer.channel_layer.serialize(HEARD_AGAIN)})


class _Subscriptions(PubSub):
    """`heard_again` is told each name whose subscription Redis confirms after it was away.

    After the confirmation, not at the connection: what is sent in between reaches nobody.
    """

    def __init__(self, pool: ConnectionPool, heard_again: Callable[[str], None]) -> None:
        super().__init__(pool)
        self._heard_again = heard_again
        self._missed: set[bytes] = set()

    async def on_connect(self, connection: Any) -> None:
        self._missed = set(self.channels)
        await super().on_connect(connection)

    async def handle_message(self, response: Any, ignore_subscribe_messages: bool = False) -> Any:
        if response and response[0] == b"subscribe" and response[1] in self._missed:
            self._missed.discard(response[1])
            self._heard_again(response[1].decode())
        return await super().handle_message(response, ignore_subscribe_messages)
