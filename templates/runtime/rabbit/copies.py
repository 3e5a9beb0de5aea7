"""Writes copies of messages to other queues: bytes, headers and properties as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aio_pika import Message as OutgoingMessage
from aio_pika.abc import DeliveryMode

from ..writable import writable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aio_pika.abc import HeadersType

    from .arrival import Arrival
    from .outbox import Outbox


class Copies:
    """Writes copies, each confirmed by the broker."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    @property
    def is_in_memory(self) -> bool:
        """Whether there is no RabbitMQ, as under an in-memory test broker."""
        return not self._outbox.is_open

    async def declare(self, queue: str, arguments: Mapping[str, object]) -> None:
        """Declare a durable queue for copies."""
        await self._outbox.declare(queue, arguments)

    async def write(self, message: Arrival, queue: str, headers: Mapping[str, object]) -> None:
        """Write a copy with these headers; returns when the broker has confirmed that it is in the queue.

        HeadersTooLarge when there is no sending them.
        """
        await self._outbox.publish(_copy(message, headers), queue)


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
        return {writable(key): _encodable(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, list):
        return [_encodable(item) for item in cast("list[object]", value)]
    return bytearray(value) if isinstance(value, bytes) else value


def _optional(text: str | None) -> str | None:
    return None if text is None else writable(text)
