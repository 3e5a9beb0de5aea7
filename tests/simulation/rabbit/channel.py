"""A channel, as both of its ends see it, and what aio-pika makes of a message that comes on it."""

from __future__ import annotations

import asyncio
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Protocol

from aio_pika.exceptions import ChannelInvalidStateError

from tests.simulation.loop import Injected
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from tests.simulation.messages import Visit
    from tests.simulation.world import World

    from .broker import Broker, Stored


class ChannelClosed(Injected, ChannelInvalidStateError):  # noqa: N818 - as all that is injected
    """A channel is used that is closed."""


class Client(Protocol):
    """The end of a channel that receives messages."""

    def on_message(self, channel: Channel, tag: int, queue: str, stored: Stored) -> None: ...
    def on_close(self, channel: Channel) -> None: ...


class Channel:
    """Delivers up to `prefetch` messages of each queue, and takes acknowledgements."""

    def __init__(self, world: World, broker: Broker, client: Client, *, queues: tuple[str, ...], prefetch: int) -> None:
        self._world = world
        self._broker = broker
        self._client = client
        self._queues = queues
        self._prefetch = prefetch
        self._to_broker, self._to_client = Wire(world), Wire(world)
        self._is_open = True
        self._unacknowledged: dict[int, tuple[str, Stored]] = {}
        self._last_tag = 0
        self.closed_at = inf
        """When the client came to know of it, later than the broker."""
        for queue in queues:
            broker.consume(queue, self)

    @property
    def is_closed(self) -> bool:
        """Whether the client knows that it is closed."""
        return self.closed_at < inf

    def has_room_for(self, queue: str) -> bool:
        return sum(name == queue for name, _ in self._unacknowledged.values()) < self._prefetch

    def deliver(self, queue: str, stored: Stored) -> None:
        self._last_tag += 1
        self._unacknowledged[self._last_tag] = (queue, stored)
        self._to_client.send(partial(self._client.on_message, self, self._last_tag, queue, stored))

    async def basic_ack(self, tag: int, *, multiple: bool) -> None:
        """Send an acknowledgement, of which nobody tells whether it arrived."""
        self._to_broker.send(partial(self._acknowledge, tag, multiple=multiple))
        await asyncio.sleep(self._world.latency())
        if self.is_closed:
            raise ChannelClosed

    def close_by_client(self) -> None:
        """Close it behind all that was sent; also what the operating system does for a process that is killed."""
        self.closed_at = self._world.loop.time()
        self._to_broker.send(self._end)

    def close_by_broker(self) -> None:
        """Close it; the client hears of it behind all that was delivered."""
        if self._is_open:
            self._end()
            self._to_client.send(self._tell)

    def lose(self) -> None:
        """Lose the connection, with all that is on its way."""
        if not self.is_closed:
            self._to_broker.cut()
            self._to_client.cut()
            self._end()
            self._tell()

    def cancel(self) -> None:
        """Ask for no more messages."""
        self._to_broker.send(self._cancel)

    def _tell(self) -> None:
        self.closed_at = self._world.loop.time()
        self._client.on_close(self)

    def _cancel(self) -> None:
        for queue in self._queues:
            self._broker.cancel(queue, self)

    def _end(self) -> None:
        if self._is_open:
            self._is_open = False
            self._cancel()
            unacknowledged, self._unacknowledged = self._unacknowledged, {}
            self._broker.requeue(unacknowledged.values())

    def _acknowledge(self, tag: int, *, multiple: bool) -> None:
        if not self._is_open:
            return
        if tag not in self._unacknowledged:
            self._world.loop.fail(f"tag {tag} is acknowledged and not waited for: the broker closes the channel")
        for one in [one for one in self._unacknowledged if one == tag or (multiple and one < tag)]:
            self._broker.acknowledge(*self._unacknowledged.pop(one))


class IncomingMessage:
    """A message as aio-pika gives it."""

    content_type = content_encoding = priority = correlation_id = reply_to = timestamp = type = app_id = None

    def __init__(self, world: World, channel: Channel, tag: int, stored: Stored, visit: Visit) -> None:
        self._world = world
        self._channel = channel
        self.delivery_tag = tag
        self.exchange = stored.exchange
        self.routing_key = stored.routing_key
        self.redelivered = stored.is_redelivered
        self.message_id = str(stored.item)
        self.headers: dict[str, Any] = dict(stored.headers)
        self.body = self.message_id.encode()
        self.processed = False
        self.visit = visit

    @property
    def channel(self) -> Channel:
        if self._channel.is_closed:
            raise ChannelClosed
        return self._channel

    async def ack(self, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - as aio-pika has it
        if self.processed:
            self._world.loop.fail(f"{self.visit.item} is acknowledged twice")
        await self.channel.basic_ack(self.delivery_tag, multiple=multiple)
        self.processed = True
