"""Whether RabbitMQ still delivers: a queue that is deleted ends its consumer, and no client says so.

aio-pika declares such a queue anew and consumes it again; here is said when it cannot.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aio_pika.abc import AbstractRobustChannel, AbstractRobustConnection

_PATIENCE: Final = 2.0
"""Seconds that RabbitMQ has to tell; without an answer the connection is what is broken, which others say."""


async def lost_queues(connection: AbstractRobustConnection, queues: Iterable[str]) -> list[str]:
    """Tell which queues are not there or not consumed, or that RabbitMQ does not answer."""
    answers = asyncio.gather(*(_what_is_wrong(connection, queue) for queue in queues))
    try:
        return [answer for answer in await asyncio.wait_for(answers, _PATIENCE) if answer]
    except asyncio.TimeoutError:
        return [f"RabbitMQ has not answered for {_PATIENCE:g} s"]
    except (AMQPError, ConnectionError, RuntimeError):  # the connection is lost, which is said already
        return []


async def _what_is_wrong(connection: AbstractRobustConnection, queue: str) -> str:
    channel: AbstractRobustChannel = connection.channel(publisher_confirms=False)  # one that a refusal may close
    try:
        async with channel:
            declared = await channel.declare_queue(queue, passive=True, robust=False)
    except ChannelNotFoundEntity:
        return f"{queue}: RabbitMQ has no such queue any more"
    if not declared.declaration_result.consumer_count:
        return f"{queue}: the queue is not consumed; it may not be as the contract describes it any more"
    return ""
