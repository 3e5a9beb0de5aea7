"""A message as it arrived: out of the client's object, and out of the queue that it may have waited in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from ..message import RabbitMessage

if TYPE_CHECKING:
    from aio_pika import IncomingMessage

WAITED_ATTEMPTS: Final = "x-retry-attempts"
WAITED_EXCHANGE: Final = "x-retry-exchange"
WAITED_ROUTING_KEY: Final = "x-retry-routing-key"
"""Headers of a message that waits in a queue: what its next delivery has to know and AMQP forgets."""


@dataclass(slots=True, kw_only=True)
class Arrival(RabbitMessage):
    """A message together with the client's object, which has the properties that a copy must keep."""

    incoming: IncomingMessage = field(repr=False, compare=False)


def arrival(incoming: IncomingMessage, queue: str) -> Arrival:
    """Read a message that came from `queue`; one that waited for another attempt is as it was before."""
    headers = dict(cast("dict[str, object]", incoming.headers))
    attempts = headers.pop(WAITED_ATTEMPTS, 0)
    return Arrival(
        exchange=str(headers.pop(WAITED_EXCHANGE, incoming.exchange or "")),
        routing_key=str(headers.pop(WAITED_ROUTING_KEY, incoming.routing_key or "")),
        queue=queue,
        body=incoming.body,
        amqp_headers=headers,
        message_id=incoming.message_id,
        correlation_id=incoming.correlation_id,
        reply_to=incoming.reply_to,
        content_type=incoming.content_type,
        timestamp=incoming.timestamp,
        redelivered=bool(incoming.redelivered),
        attempt=max(0, attempts) + 1 if isinstance(attempts, int) else 1,  # anybody can write that header
        incoming=incoming,
    )
