"""Publishing with confirms, through a channel of its own: an error on it must not close one that messages arrive on."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Final, cast
from weakref import WeakValueDictionary

from faststream.exceptions import SubscriberNotFound
from faststream.rabbit.testing import FakeProducer
from pamqp.header import ContentHeader

from ..publishing import NotConnected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from aio_pika import Message as OutgoingMessage
    from aio_pika.abc import AbstractRobustChannel, HeadersType
    from faststream.rabbit import RabbitBroker

_FRAME_BYTES: Final = 8
"""What a frame has around its payload (AMQP 0-9-1, 2.3.5)."""


class HeadersTooLarge(Exception):  # noqa: N818 - says what is wrong
    """The headers do not fit into one frame, as they have to: sending them would cost the connection."""


class Outbox:
    """A channel that messages are published on."""

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._channel: AbstractRobustChannel | None = None
        self._under_way: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def is_open(self) -> bool:
        """Whether there is a RabbitMQ; there is none under an in-memory test broker."""
        return self._channel is not None

    async def start(self) -> None:
        """Open the channel; the broker is connected."""
        connection = await self._broker.connect()
        channel: AbstractRobustChannel = connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.initialize()
        self._channel = channel

    def close(self) -> None:
        """Forget the channel, which ends with the connection."""
        self._channel = None

    async def declare(self, queue: str, arguments: Mapping[str, object]) -> None:
        """Declare a durable queue; the broker keeps it, so it is not restored with the connection."""
        if self._channel is not None:
            encoded = cast("HeadersType", dict(arguments))
            await self._channel.declare_queue(queue, durable=True, arguments=encoded, robust=False)

    async def publish(
        self, message: OutgoingMessage, routing_key: str, *, exchange: str = "", mandatory: bool = True
    ) -> None:
        """Publish a message; returns when the broker has confirmed it.

        HeadersTooLarge when there is no sending it; aio_pika's errors when the broker refuses it, also because no queue
        gets it although that is `mandatory`.
        """
        if self._channel is None:
            await self._publish_in_memory(message, routing_key, exchange)
            return
        underlay = await self._channel.get_underlay_channel()
        size = len(ContentHeader(body_size=len(message.body), properties=message.properties).marshal())
        if size + _FRAME_BYTES > underlay.connection.connection_tune.frame_max:
            raise HeadersTooLarge(f"its headers take {size} bytes")
        target = (
            await self._channel.get_exchange(exchange, ensure=False) if exchange else self._channel.default_exchange
        )
        async with self._alone(message.message_id):
            await target.publish(message, routing_key, mandatory=mandatory)

    def _alone(self, message_id: str | None) -> AbstractAsyncContextManager[object]:
        """Have one message of an id under way at a time.

        The client takes a message that the broker returns for the last one of that id: it would raise the error of one
        for the other, and report that one, which is nowhere, as confirmed.
        """
        if not message_id:
            return nullcontext()
        return self._under_way.setdefault(message_id, asyncio.Lock())

    async def _publish_in_memory(self, message: OutgoingMessage, routing_key: str, exchange: str) -> None:
        if not isinstance(self._broker.config.producer, FakeProducer):
            raise NotConnected
        with suppress(SubscriberNotFound):  # nobody looks at what comes of it
            await self._broker.publish(message, routing_key=routing_key, exchange=exchange or None)
