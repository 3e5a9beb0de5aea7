"""Writes copies of messages to other queues: bytes, headers and properties as they came."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from aio_pika import Message as OutgoingMessage
from aio_pika.abc import DeliveryMode
from faststream.exceptions import SubscriberNotFound
from pamqp.header import ContentHeader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aio_pika.abc import AbstractRobustChannel, HeadersType
    from faststream.rabbit import RabbitBroker

    from .arrival import Arrival


_FRAME_BYTES: Final = 8
"""What a frame has around its payload (AMQP 0-9-1, 2.3.5)."""


class HeadersTooLarge(Exception):  # noqa: N818 - says what is wrong
    """The headers do not fit into one frame, as they have to: sending them would cost the connection."""


class Copies:
    """Publishes through a channel of its own: an error on it must not close the one that messages arrive on."""

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._channel: AbstractRobustChannel | None = None

    @property
    def is_in_memory(self) -> bool:
        """Whether there is no RabbitMQ, as under an in-memory test broker."""
        return self._channel is None

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
        """Declare a durable queue for copies; the broker keeps it, so it is not restored with the connection."""
        if self._channel is not None:
            encoded = cast("HeadersType", dict(arguments))
            await self._channel.declare_queue(queue, durable=True, arguments=encoded, robust=False)

    async def write(self, message: Arrival, queue: str, headers: Mapping[str, object]) -> None:
        """Write a copy with these headers; returns when the broker has confirmed that it is in the queue.

        HeadersTooLarge when there is no sending them.
        """
        copy = _copy(message, headers)
        if self._channel is None:
            with suppress(SubscriberNotFound):  # nobody looks at that queue
                await self._broker.publish(copy, routing_key=queue)
            return
        underlay = await self._channel.get_underlay_channel()
        size = len(ContentHeader(body_size=len(copy.body), properties=copy.properties).marshal())
        if size + _FRAME_BYTES > underlay.connection.connection_tune.frame_max:
            raise HeadersTooLarge(f"its headers take {size} bytes")
        await self._channel.default_exchange.publish(copy, queue, mandatory=True)


def _copy(message: Arrival, headers: Mapping[str, object]) -> OutgoingMessage:
    """Keep all properties but `expiration`, which would delete it, and `user_id`, which must be our own."""
    incoming = message.incoming
    return OutgoingMessage(
        message.body,
        headers=cast("HeadersType", _encodable(dict(headers))),
        content_type=_optional(incoming.content_type),
        content_encoding=_optional(incoming.content_encoding),
        priority=incoming.priority,
        correlation_id=_optional(incoming.correlation_id),
        reply_to=_optional(incoming.reply_to),
        message_id=_optional(incoming.message_id),
        timestamp=incoming.timestamp,
        type=_optional(incoming.type),
        app_id=_optional(incoming.app_id),
        delivery_mode=DeliveryMode.PERSISTENT,
    )


def _encodable(value: object) -> object:
    """Give what pamqp reads and refuses to write, bytes and texts that are no UTF-8, as something that it writes."""
    if isinstance(value, dict):
        return {_written(key): _encodable(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, str):
        return _written(value)
    if isinstance(value, list):
        return [_encodable(item) for item in cast("list[object]", value)]
    return bytearray(value) if isinstance(value, bytes) else value


def _written(text: str) -> str:
    r"""Write bytes that are no UTF-8, which were read as surrogates, as `\udc80` and so on."""
    return text.encode("utf-8", "backslashreplace").decode()


def _optional(text: str | None) -> str | None:
    return None if text is None else _written(text)
